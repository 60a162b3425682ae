// @vitest-environment jsdom
import type { Node } from 'prosemirror-model'
import type { Command } from 'prosemirror-state'
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { h1, p, table, td, tr } from '../../../document/test/language.ts'
import { findRange, rangeKey, setRange, textOf } from '../../../document/text-form/index.ts'
import { backspace } from '../../editor/delete.ts'
import { splitParagraph } from '../../editor/enter.ts'
import { moveBlocks } from '../../editor/move-blocks.ts'
import { setStyle, toggleList } from '../../editor/paragraph-commands.ts'
import { exchange, Peer } from './peers.ts'
import { textForm } from './text-form.ts'

const form = textForm(schema)
const KEY = rangeKey('comment', '7f')

const peers: Peer[] = []

afterEach(() => {
  for (const peer of peers.splice(0)) peer.close()
})

/** Two people who have the same document open. */
function people(...blocks: readonly Node[]): [Peer, Peer] {
  const alice = new Peer(form)
  alice.dispatch((change) => change.replaceWith(0, change.doc.content.size, blocks))
  alice.binding.stopCapturing()
  const bob = new Peer(form, Y.encodeStateAsUpdate(alice.doc))
  peers.push(alice, bob)
  return [alice, bob]
}

/** All texts of a document: its own, and those of tables' cells. */
function textsOf(yDoc: Y.Doc): Y.Text[] {
  const text = textOf(yDoc)
  const cells = text.toDelta().flatMap(({ insert }: { insert: unknown }): Y.Text[] => {
    const values: readonly unknown[] = insert instanceof Y.Map ? [...insert.values()] : []
    return values.filter((value) => value instanceof Y.Text)
  })
  return [text, ...cells]
}

/** A word is commented on. */
function comment(peer: Peer, word: string): void {
  for (const text of textsOf(peer.doc)) {
    const content = text
      .toDelta()
      .map(({ insert }: { insert: unknown }) => (typeof insert === 'string' ? insert : '|'))
      .join('')
    const index = content.indexOf(word)
    if (index >= 0) setRange(text, KEY, index, word.length)
  }
}

function quotesIn(yDoc: Y.Doc): string[] {
  return textsOf(yDoc).flatMap((text) => findRange(text, KEY).map((part) => part.text))
}

/** What the comment is on, the same for both, and for somebody who loads the document now. */
function quotes(alice: Peer, bob: Peer): string[] {
  exchange(alice, bob)
  const loaded = new Y.Doc()
  Y.applyUpdate(loaded, Y.encodeStateAsUpdate(alice.doc))
  const parts = quotesIn(loaded)
  expect(quotesIn(alice.doc)).toEqual(parts)
  expect(quotesIn(bob.doc)).toEqual(parts)
  expect(bob.state.doc.toJSON()).toEqual(alice.state.doc.toJSON())
  return parts
}

function positionOf({ state }: Peer, word: string): number {
  let found = -1
  state.doc.descendants((node, pos) => {
    const index = node.isText ? (node.text?.indexOf(word) ?? -1) : -1
    if (index >= 0) found = pos + index
  })
  if (found < 0) throw new RangeError(`There is no "${word}"`)
  return found
}

/** Puts the caret so far behind the beginning of a word. */
function at(peer: Peer, word: string, offset = 0): Peer {
  return peer.select(positionOf(peer, word) + offset)
}

function run(peer: Peer, command: Command): void {
  peer.binding.stopCapturing()
  if (!peer.run(command)) throw new Error('Nothing done')
}

const up = moveBlocks('up', () => null)
/** Somebody is in the neighbour, so that the moved block is written anew. */
const upAmongOthers = moveBlocks('up', () => [{ from: 1, to: 1 }])

describe('a comment that the schema does not draw', () => {
  const start = [p('zero'), p('one <b>two</b> three'), h1('four')]

  it.each<[string, string, (peer: Peer) => void, string[]]>([
    ['in front of it', 'two', (peer) => run(at(peer, 'one'), splitParagraph), ['two']],
    ['behind it', 'two', (peer) => run(at(peer, ' three', 1), splitParagraph), ['two']],
    ['in it', 'two', (peer) => run(at(peer, 'two', 1), splitParagraph), ['t', 'wo']],
  ])('stays with its text when the block is split %s', (_where, word, split, expected) => {
    const [alice, bob] = people(...start)
    comment(alice, word)
    exchange(alice, bob)
    split(bob)
    expect(quotes(alice, bob)).toEqual(expected)
    run(bob, backspace)
    expect(quotes(alice, bob)).toEqual(['two'])
  })

  it('stays with its text when the block is joined to another, and made something else', () => {
    const [alice, bob] = people(...start)
    comment(alice, 'two')
    exchange(alice, bob)
    run(at(bob, 'one'), backspace)
    run(at(alice, 'two'), setStyle('heading2'))
    run(at(alice, 'two'), toggleList('bullet'))
    expect(quotes(alice, bob)).toEqual(['two'])
  })

  it('comes back with what was deleted, for everybody', () => {
    const [alice, bob] = people(...start)
    comment(alice, 'two')
    exchange(alice, bob)
    run(bob.select(positionOf(bob, 'one'), positionOf(bob, ' three')), backspace)
    expect(quotes(alice, bob)).toEqual([])
    bob.binding.undo()
    expect(quotes(alice, bob)).toEqual(['two'])
  })

  it('stays with its text when its block is moved', () => {
    const [alice, bob] = people(...start)
    comment(alice, 'two')
    exchange(alice, bob)
    run(at(bob, 'two'), up)
    expect(quotes(alice, bob)).toEqual(['two'])
    run(at(bob, 'zero'), up)
    expect(quotes(alice, bob)).toEqual(['two'])
  })

  it('stays with its text when its block is written anew by a move', () => {
    const [alice, bob] = people(...start)
    comment(alice, 'two')
    exchange(alice, bob)
    run(at(bob, 'two'), upAmongOthers)
    expect(quotes(alice, bob)).toEqual(['two'])
    run(
      at(bob, 'zero'),
      moveBlocks('up', () => null),
    )
    expect(quotes(alice, bob)).toEqual(['two'])
    bob.binding.undo()
    bob.binding.undo()
    expect(quotes(alice, bob)).toEqual(['two'])
  })

  it('stays with its part of a text that is dragged elsewhere in one go', () => {
    const [alice, bob] = people(...start)
    comment(alice, 'wo thr')
    exchange(alice, bob)
    const [from, to] = [positionOf(bob, 'two'), positionOf(bob, 'three') + 5]
    bob.dispatch((change) => {
      const slice = change.doc.slice(from, to)
      return change.delete(from, to).replace(change.mapping.map(positionOf(bob, 'four')), undefined, slice)
    })
    expect(quotes(alice, bob)).toEqual(['wo thr'])
    expect(bob.text).toBe('zero|one |two threefour')
  })

  it('stays with its text in a table that is moved', () => {
    const [alice, bob] = people(p('zero'), table(tr(td('one'), td([p('two'), p('three')]))), p('four'))
    comment(alice, 'three')
    exchange(alice, bob)
    run(
      at(bob, 'zero'),
      moveBlocks('down', () => [{ from: 1, to: 1 }]),
    )
    expect(bob.state.doc.firstChild?.type.name).toBe('table')
    expect(quotes(alice, bob)).toEqual(['three'])
  })

  it('stays with its text when a block of a cell is moved', () => {
    const [alice, bob] = people(table(tr(td('one'), td([p('two'), p('three')]))))
    comment(alice, 'two')
    exchange(alice, bob)
    run(at(bob, 'three'), up)
    expect(quotes(alice, bob)).toEqual(['two'])
  })

  it('does not come to what is typed in place of its text', () => {
    const [alice, bob] = people(...start)
    comment(alice, 'two')
    exchange(alice, bob)
    bob.select(positionOf(bob, 'one'), positionOf(bob, 'two') + 3).type('t')
    expect(quotes(alice, bob)).toEqual([])
  })
})

/** The entries of the marker of the block with this word. */
function entriesBefore({ doc: yDoc }: Peer, word: string): Record<string, unknown> {
  const text = textOf(yDoc)
  let entries: Record<string, unknown> = {}
  for (const { insert } of text.toDelta() as { insert: unknown }[]) {
    if (insert instanceof Y.Map) entries = insert.toJSON()
    else if (typeof insert === 'string' && insert.includes(word)) return entries
  }
  throw new RangeError(`There is no "${word}"`)
}

describe('entries of a marker that the schema does not know', () => {
  it('stay when a block is written anew by a move', () => {
    const [alice, bob] = people(p('zero'), h1('one'), p('two'))
    for (const { insert } of textOf(alice.doc).toDelta() as { insert: unknown }[])
      if (insert instanceof Y.Map && insert.get('style') === 'heading1') {
        insert.set('colour', { red: 1 })
        insert.set('kind', 'diagram')
      }
    exchange(alice, bob)
    run(at(bob, 'one'), upAmongOthers)
    exchange(alice, bob)
    expect(alice.text).toBe('one|zero|two')
    expect(entriesBefore(alice, 'one')).toEqual({ style: 'heading1', colour: { red: 1 }, kind: 'diagram' })
  })
})
