import { AllSelection } from 'prosemirror-state'
import { describe, expect, it } from 'vitest'
import { doc, done, h1, ol, p, quote, rule, task, ul } from '../../../document/test/language.ts'
import { backspace, deleteForward } from '../../editor/delete.ts'
import { breakLine, leaveEmptyParagraph, splitParagraph } from '../../editor/enter.ts'
import { chainCommands } from 'prosemirror-commands'
import { after, result, stateAt } from './selection-language.ts'

const enter = chainCommands(leaveEmptyParagraph, splitParagraph)

describe('Enter', () => {
  it('splits a paragraph into two of its kind', () => {
    expect(result(enter, doc(ol('a|b', { indent: 1, align: 'right' })))).toEqual(
      doc(ol('a', { indent: 1, align: 'right' }), ol('|b', { indent: 1, align: 'right' })).toJSON(),
    )
    expect(result(enter, doc(h1('a|b')))).toEqual(doc(h1('a'), h1('|b')).toJSON())
  })

  it('replaces the selection', () => {
    expect(result(enter, doc(p('a|b'), p('c|d')))).toEqual(doc(p('a'), p('|d')).toJSON())
  })

  it('gives normal text after the end of a heading', () => {
    expect(result(enter, doc(h1('a|')))).toEqual(doc(h1('a'), p('|')).toJSON())
  })

  it('gives an undone task after a done one', () => {
    expect(result(enter, doc(done('a|')))).toEqual(doc(done('a'), task('|')).toJSON())
  })

  it('at the start of a text puts the new paragraph before it', () => {
    expect(result(enter, doc(done('|a')))).toEqual(doc(task(), done('|a')).toJSON())
  })

  it('in an empty item moves it out, then off the list', () => {
    expect(result(enter, doc(ul('a'), ul('|', { indent: 1 })))).toEqual(doc(ul('a'), ul('|')).toJSON())
    expect(result(enter, doc(ul('a'), ul('|')))).toEqual(doc(ul('a'), p('|')).toJSON())
  })

  it('in an empty quote leaves the quote', () => {
    expect(result(enter, doc(quote('a'), quote('|')))).toEqual(doc(quote('a'), p('|')).toJSON())
  })

  it('keeps the marks for what is typed next', () => {
    const state = after(enter, stateAt(doc(p('<b>a|</b>'))))
    expect(state.storedMarks?.map((mark) => mark.type.name)).toEqual(['bold'])
  })

  it('with Shift begins a new line in the paragraph', () => {
    expect(result(breakLine, doc(ul('a|b')))).toEqual(doc(ul('a\n|b')).toJSON())
  })
})

describe('Backspace', () => {
  it('takes a list item off its list, then out, then joins', () => {
    expect(result(backspace, doc(p('a'), ul('|b', { indent: 1 })))).toEqual(
      doc(p('a'), p('|b', { indent: 1 })).toJSON(),
    )
    expect(result(backspace, doc(p('a'), p('|b', { indent: 1 })))).toEqual(doc(p('a'), p('|b')).toJSON())
    expect(result(backspace, doc(ul('a'), p('|b')))).toEqual(doc(ul('a|b')).toJSON())
  })

  it('joins a heading to the text before it, but only removes an empty paragraph', () => {
    expect(result(backspace, doc(p('a'), h1('|b')))).toEqual(doc(p('a|b')).toJSON())
    expect(result(backspace, doc(p(), h1('|b')))).toEqual(doc(h1('|b')).toJSON())
  })

  it('makes normal text of the first paragraph', () => {
    expect(result(backspace, doc(h1('|b')))).toEqual(doc(p('|b')).toJSON())
  })

  it('deletes the selection, keeping the first paragraph what it is', () => {
    expect(result(backspace, doc(h1('a|b'), p('c'), ul('d|e')))).toEqual(doc(h1('a|e')).toJSON())
  })

  it('selects a rule before it deletes it', () => {
    const selected = after(backspace, stateAt(doc(p('a'), rule(), p('|b'))))
    expect(after(backspace, selected).doc.toJSON()).toEqual(doc(p('a'), p('b')).toJSON())
  })

  it('leaves an empty paragraph of everything', () => {
    const state = stateAt(doc(h1('a|'), rule()))
    const all = state.apply(state.tr.setSelection(new AllSelection(state.doc)))
    expect(after(backspace, all).doc.toJSON()).toEqual(doc(p()).toJSON())
  })
})

describe('Delete', () => {
  it('joins the next paragraph', () => {
    expect(result(deleteForward, doc(ul('a|'), h1('b')))).toEqual(doc(ul('a|b')).toJSON())
  })

  it('only removes an empty paragraph before another', () => {
    expect(result(deleteForward, doc(p('|'), ul('b')))).toEqual(doc(ul('|b')).toJSON())
  })
})
