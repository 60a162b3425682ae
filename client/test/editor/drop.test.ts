import type { Node } from 'prosemirror-model'
import { describe, expect, it } from 'vitest'
import { doc, h1, p, ul } from '../../../document/test/language.ts'
import { dropSlice } from '../../editor/clipboard/drop.ts'
import { result, stateAt } from './selection-language.ts'

/** Where a word begins. */
function placeOf(document: Node, word: string): number {
  let found: number | null = null
  document.descendants((node, pos) => {
    const index = node.text?.indexOf(word) ?? -1
    if (index >= 0) found ??= pos + index
  })
  if (found === null) throw new RangeError(`There is no "${word}"`)
  return found
}

/** Drags what is selected to so many characters behind the beginning of a word. */
function drag(before: Node, word: string, offset: number, moved = true): unknown {
  return result((state, dispatch) => {
    const tr = dropSlice(state, state.selection.content(), placeOf(state.doc, word) + offset, moved)
    if (tr !== null) dispatch?.(tr)
    return tr !== null
  }, before)
}

describe('dropping', () => {
  it('a word leaves it selected, with its marks', () => {
    expect(drag(doc(p('a <b>|bold|</b>'), h1('head')), 'head', 2)).toEqual(
      doc(p('a '), h1('he|<b>bold|</b>ad')).toJSON(),
    )
  })

  it('several paragraphs before or behind another leaves them what they are', () => {
    const before = doc(h1('|one'), ul('two|', { indent: 1 }), p('three'), p('four', { align: 'right' }))
    expect(drag(before, 'four', 0)).toEqual(
      doc(p('three'), h1('|one'), ul('two|', { indent: 1 }), p('four', { align: 'right' })).toJSON(),
    )
    expect(drag(before, 'four', 4)).toEqual(
      doc(p('three'), p('four', { align: 'right' }), h1('|one'), ul('two|', { indent: 1 })).toJSON(),
    )
  })

  it('several paragraphs in the middle of another divides it, and both parts stay what it is', () => {
    const before = doc(p('three'), ul('four'), h1('|one'), p('mid'), h1('two|'))
    expect(drag(before, 'four', 2)).toEqual(doc(p('three'), ul('fo|one'), p('mid'), ul('two|ur')).toJSON())
  })

  it('parts of two paragraphs joins what is left', () => {
    expect(drag(doc(h1('on|e'), ul('tw|o'), p('three')), 'three', 5)).toEqual(
      doc(h1('ono'), p('three|e'), ul('tw|')).toJSON(),
    )
  })

  it('a copy leaves what was dragged', () => {
    expect(drag(doc(h1('|one|'), p('two')), 'two', 3, false)).toEqual(doc(h1('one'), p('two|one|')).toJSON())
  })

  it('something onto itself changes nothing', () => {
    const state = stateAt(doc(p('a |word|')))
    expect(dropSlice(state, state.selection.content(), 4, true)?.docChanged).toBe(false)
  })
})
