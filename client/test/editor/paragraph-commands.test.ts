import type { Node } from 'prosemirror-model'
import { AttrStep } from 'prosemirror-transform'
import { describe, expect, it } from 'vitest'
import { doc, done, h1, h2, ol, p, quote, rule, task, ul } from '../../../document/test/language.ts'
import {
  changeIndent,
  everyParagraph,
  setStyle,
  toggleList,
  toggleQuote,
  toggleTask,
} from '../../editor/paragraph-commands.ts'
import { setAlign } from '../../editor/align-commands.ts'
import { result, stateAt } from './selection-language.ts'

const isBullet = (document: Node) => everyParagraph(stateAt(document), ({ list }) => list === 'bullet')

describe('paragraph commands', () => {
  it('change all paragraphs that the selection touches', () => {
    expect(result(setStyle('heading1'), doc(p('a'), p('b|c'), ul('d|'), p('e')))).toEqual(
      doc(p('a'), h1('b|c'), h1('d|', { list: 'bullet' }), p('e')).toJSON(),
    )
  })

  it('leave out the paragraph at whose start the selection ends, unless it is empty', () => {
    expect(result(toggleList('bullet'), doc(p('|a'), p('|b')))).toEqual(doc(ul('|a'), p('|b')).toJSON())
    expect(result(toggleList('bullet'), doc(p('|a'), p('|')))).toEqual(doc(ul('|a'), ul('|')).toJSON())
  })

  it('only set the attributes that differ', () => {
    const state = stateAt(doc(h1('|a'), p('b'), rule(), h2('c|')))
    let steps: readonly unknown[] = []
    setStyle('heading1')(state, (tr) => {
      steps = tr.steps
    })
    expect(steps).toHaveLength(2)
    expect(steps.every((step) => step instanceof AttrStep && step.attr === 'style')).toBe(true)
  })

  it('toggle quotes', () => {
    expect(result(toggleQuote, doc(p('|a'), quote('b|')))).toEqual(doc(quote('|a'), quote('b|')).toJSON())
    expect(result(toggleQuote, doc(quote('|a'), quote('b|')))).toEqual(doc(p('|a'), p('b|')).toJSON())
  })

  it('toggle lists, and change one kind into another', () => {
    expect(result(toggleList('ordered'), doc(p('|a'), ul('b|', { indent: 2 })))).toEqual(
      doc(ol('|a'), ol('b|', { indent: 2 })).toJSON(),
    )
    expect(result(toggleList('ordered'), doc(ol('|a'), ol('b|')))).toEqual(doc(p('|a'), p('b|')).toJSON())
  })

  it('begin tasks undone', () => {
    expect(result(toggleList('task'), doc(p('a|', { checked: true })))).toEqual(doc(task('a|')).toJSON())
  })

  it('mark tasks as done, and as undone if all are', () => {
    expect(result(toggleTask, doc(task('|a'), p('b'), done('c|')))).toEqual(
      doc(done('|a'), p('b'), done('c|')).toJSON(),
    )
    expect(result(toggleTask, doc(done('a|')))).toEqual(doc(task('a|')).toJSON())
    expect(toggleTask(stateAt(doc(p('a|'))))).toBe(false)
  })

  it('indent and outdent between 0 and 8', () => {
    expect(result(changeIndent(1), doc(ul('|a'), p('b|', { indent: 8 })))).toEqual(
      doc(ul('|a', { indent: 1 }), p('b|', { indent: 8 })).toJSON(),
    )
    expect(result(changeIndent(-1), doc(ul('|a'), p('b|', { indent: 8 })))).toEqual(
      doc(ul('|a'), p('b|', { indent: 7 })).toJSON(),
    )
  })

  it('align', () => {
    expect(result(setAlign('right'), doc(p('a|')))).toEqual(doc(p('a|', { align: 'right' })).toJSON())
  })

  it('are active where all selected paragraphs are so', () => {
    expect(isBullet(doc(ul('|a'), ul('b|')))).toBe(true)
    expect(isBullet(doc(ul('|a'), p('b|')))).toBe(false)
  })
})
