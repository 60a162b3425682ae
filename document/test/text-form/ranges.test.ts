import { beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { findRange, rangeKey, removeRange, seed, setRange, textOf } from '../../text-form/index.ts'

const KEY = rangeKey('comment', '7f')

function quotes(text: Y.Text): string[] {
  return findRange(text, KEY).map((part) => part.text)
}

function loaded(text: Y.Text): Y.Text {
  const doc = new Y.Doc()
  if (text.doc) Y.applyUpdate(doc, Y.encodeStateAsUpdate(text.doc))
  return textOf(doc)
}

describe('a lasting range', () => {
  let alice: Y.Text
  let bob: Y.Text

  function exchange(): void {
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      if (from.doc && to.doc) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc), 'network')
    }
  }

  beforeEach(() => {
    ;[alice, bob] = [textOf(new Y.Doc()), textOf(new Y.Doc())]
    if (alice.doc) seed(alice.doc)
    alice.insert(1, 'one two three')
    setRange(alice, KEY, 5, 3)
    exchange()
  })

  it('is found by everybody, also after loading', () => {
    expect(findRange(alice, KEY)).toEqual([{ index: 5, text: 'two' }])
    expect(quotes(bob)).toEqual(['two'])
    expect(quotes(loaded(bob))).toEqual(['two'])
  })

  it('survives splits, joins and restyling by others', () => {
    bob.insertEmbed(6, new Y.Map(), { [KEY]: true })
    alice.format(1, 13, { bold: true })
    alice.insert(1, 'zero ')
    exchange()
    expect(quotes(alice)).toEqual(['t', 'wo'])
    expect(findRange(bob, KEY)).toEqual(findRange(alice, KEY))
    alice.delete(11, 1)
    exchange()
    expect(quotes(bob)).toEqual(['two'])
  })

  it('survives deletion and undo on every peer', () => {
    const undoManager = new Y.UndoManager(alice)
    alice.delete(3, 8)
    exchange()
    expect(quotes(bob)).toEqual([])
    undoManager.undo()
    exchange()
    expect(quotes(alice)).toEqual(['two'])
    expect(quotes(bob)).toEqual(['two'])
    expect(quotes(loaded(bob))).toEqual(['two'])
  })

  it('overlaps with others, and is taken off alone', () => {
    const other = rangeKey('comment', 'other')
    setRange(bob, other, 1, 7)
    exchange()
    removeRange(alice, KEY)
    exchange()
    expect(quotes(bob)).toEqual([])
    expect(findRange(bob, other)).toEqual([{ index: 1, text: 'one two' }])
  })

  it('must lie in the text', () => {
    expect(() => setRange(alice, KEY, 5, 100)).toThrow(RangeError)
    expect(() => setRange(alice, KEY, 5, 0)).toThrow(RangeError)
  })
})
