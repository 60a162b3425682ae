import { expect, it } from 'vitest'
import { documentToText } from '../index.ts'
import { code, doc, done, figure, h1, ol, p, pageBreak, rule, table, task, td, tr, ul } from './language.ts'

it('writes a line for each block, with the markers of lists', () => {
  const document = doc(
    h1('Plan'),
    ul('a'),
    task('b', { indent: 1 }),
    done('c', { indent: 1 }),
    rule(),
    p('d\ne'),
  )
  expect(documentToText(document)).toBe('Plan\n- a\n  [ ] b\n  [x] c\n---\nd\ne')
})

it('writes code as it is, and images as what is read in their place', () => {
  const document = doc(
    code('a\n  b'),
    figure('1.png', 'A cat', { alt: 'Cat' }),
    figure('2.png'),
    p('see <img 3.png>'),
    pageBreak(),
  )
  expect(documentToText(document)).toBe('a\n  b\n[Cat] A cat\n[Image]\nsee [Image]\n\f')
})

it('numbers ordered items by level, on after what is nested in them and anew after what is not', () => {
  const document = doc(
    ol('a'),
    ol('b', { indent: 1 }),
    p('c', { indent: 1 }),
    ol('d'),
    ol('e', { indent: 1 }),
    ul('f'),
    ol('g'),
    p('h'),
    ol('i'),
  )
  expect(documentToText(document).split('\n')).toEqual([
    '1. a',
    '  1. b',
    '  c',
    '2. d',
    '  1. e',
    '- f',
    '1. g',
    'h',
    '1. i',
  ])
})

it('writes tables as spreadsheets read them', () => {
  const document = doc(
    p('a'),
    table(tr(td('b', { colspan: 2 }), td('c')), tr(td([ul('d'), p('e\tf')]), td(), td('g'))),
  )
  expect(documentToText(document)).toBe('a\nb\t\tc\n- d e f\t\tg')
})
