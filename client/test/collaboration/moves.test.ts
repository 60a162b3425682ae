// @vitest-environment jsdom
import * as fc from 'fast-check'
import type { Node } from 'prosemirror-model'
import { TextSelection, type EditorState } from 'prosemirror-state'
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { doc, h1, ol, p, rule, ul } from '../../../document/test/language.ts'
import { moveBlocks, type WhereOthersAre } from '../../editor/move-blocks.ts'
import { splitParagraph } from '../../editor/enter.ts'
import { Peer, exchange, type BindingForm } from './peers.ts'
import { textForm } from './text-form.ts'
import { xmlFormOf } from './xml-form.ts'

const text = textForm(schema)
const xml = xmlFormOf(schema)

const peers: Peer[] = []

afterEach(() => {
  for (const peer of peers.splice(0)) peer.close()
})

/** So many people who have the same document open. */
function people(form: BindingForm, count: number, document: Node): Peer[] {
  const first = new Peer(form)
  first.dispatch((tr) => tr.replaceWith(0, tr.doc.content.size, document.content))
  first.binding.stopCapturing()
  const all = [
    first,
    ...Array.from({ length: count - 1 }, () => new Peer(form, Y.encodeStateAsUpdate(first.doc))),
  ]
  peers.push(...all)
  return all
}

function positionOf(peer: Peer, word: string): number {
  let found: number | null = null
  peer.state.doc.descendants((node, pos) => {
    const index = node.text?.indexOf(word) ?? -1
    if (index >= 0) found ??= pos + index
  })
  if (found === null) throw new RangeError(`There is no "${word}"`)
  return found
}

/** Puts the caret behind a word. */
function behind(peer: Peer, word: string): Peer {
  return peer.select(positionOf(peer, word) + word.length)
}

function move(peer: Peer, direction: 'up' | 'down', whereOthersAre: WhereOthersAre = () => null): void {
  if (!peer.run(moveBlocks(direction, whereOthersAre))) throw new Error(`Nothing moved ${direction}`)
}

/** Somebody else's caret is behind this word. */
function somebodyBehind(peer: Peer, word: string): WhereOthersAre {
  const at = positionOf(peer, word) + word.length
  return () => [{ from: at, to: at }]
}

function lines(peer: Peer): string[] {
  return peer.state.doc.children.map((block) => block.textContent)
}

function expectSame(...all: readonly Peer[]): void {
  for (const peer of all) expect(peer.state.doc.toJSON()).toEqual(all[0]?.state.doc.toJSON())
}

/** Selects between two places, in thousandths of the document. */
function select({ state, view }: Peer, from: number, to: number): void {
  const at = (share: number) => state.doc.resolve(Math.round((state.doc.content.size * share) / 1000))
  view.dispatch(state.tr.setSelection(TextSelection.between(at(from), at(to))))
}

function sortedBlocks({ children }: Node): string[] {
  return children.map((node) => JSON.stringify(node)).toSorted()
}

/** What is selected; a block at whose start the selection ends is not. */
function selectedText({ doc: { content }, selection: { from, to } }: EditorState): string {
  return content.textBetween(from, to, '|', '-').replace(/\|+$/, '')
}

const start = doc(p('one'), h1('two <b>bold</b>'), ul('three'), p('four'))

describe.each([
  ['text', text],
  ['xml', xml],
])('moving a block in the %s form', (_name, form) => {
  it('is one step to undo, and undo is exact', () => {
    const [alice] = people(form, 1, start) as [Peer]
    behind(alice, 'thr').type('!')
    const typed = alice.state.doc.toJSON()
    move(alice, 'up')
    move(alice, 'up')
    expect(lines(alice)).toEqual(['thr!ee', 'one', 'two bold', 'four'])
    alice.binding.undo()
    expect(lines(alice)).toEqual(['one', 'thr!ee', 'two bold', 'four'])
    alice.binding.undo()
    expect(alice.state.doc.toJSON()).toEqual(typed)
    alice.binding.undo()
    expect(alice.state.doc.toJSON()).toEqual(start.toJSON())
    alice.binding.redo()
    alice.binding.redo()
    expect(lines(alice)).toEqual(['one', 'thr!ee', 'two bold', 'four'])
  })

  it('takes rules along, and leaves the caret where it was in the text', () => {
    const [alice, bob] = people(form, 2, doc(p('one'), rule(), p('two'))) as [Peer, Peer]
    behind(alice, 'tw')
    move(alice, 'up')
    alice.type('!')
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(bob.state.doc.toJSON()).toEqual(doc(p('one'), p('tw!o'), rule()).toJSON())
  })
})

describe('moving a block in the text form, while somebody else', () => {
  it.each(['up', 'down'] as const)('types in it: what they type goes %s with it', (direction) => {
    const [alice, bob] = people(text, 2, start) as [Peer, Peer]
    behind(alice, 'two')
    move(alice, direction)
    behind(bob, 'two').type(' and a half')
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(lines(bob)).toEqual(
      direction === 'up'
        ? ['two and a half bold', 'one', 'three', 'four']
        : ['one', 'three', 'two and a half bold', 'four'],
    )
  })

  it('types in the neighbour, as is known: their text stays there', () => {
    const [alice, bob] = people(text, 2, start) as [Peer, Peer]
    behind(alice, 'two')
    move(alice, 'up', somebodyBehind(alice, 'one'))
    behind(bob, 'on').type('!')
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(bob.state.doc.toJSON()).toEqual(
      doc(h1('two <b>bold</b>'), p('on!e'), ul('three'), p('four')).toJSON(),
    )
    alice.type('?')
    expect(lines(alice)[0]).toBe('two? bold')
  })

  it('makes it a list item: it is one', () => {
    const [alice, bob] = people(text, 2, start) as [Peer, Peer]
    behind(alice, 'two')
    move(alice, 'down')
    bob.dispatch((tr) => tr.setNodeAttribute(positionOf(bob, 'two') - 1, 'list', 'ordered'))
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(bob.state.doc.toJSON()).toEqual(
      doc(p('one'), ul('three'), h1('two <b>bold</b>', { list: 'ordered' }), p('four')).toJSON(),
    )
  })

  it('splits it: both halves move', () => {
    const [alice, bob] = people(text, 2, start) as [Peer, Peer]
    behind(alice, 'two')
    move(alice, 'up')
    behind(bob, 'two')
    bob.run(splitParagraph)
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(lines(bob)).toEqual(['two', ' bold', 'one', 'three', 'four'])
  })

  it('types in it, and is undone: their text stays', () => {
    const [alice, bob] = people(text, 2, start) as [Peer, Peer]
    behind(alice, 'two')
    move(alice, 'up')
    behind(bob, 'two').type('!')
    exchange(alice, bob)
    alice.binding.undo()
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(lines(bob)).toEqual(['one', 'two! bold', 'three', 'four'])
  })

  it('makes it a heading, and is undone: it stays a heading', () => {
    const [alice, bob] = people(text, 2, start) as [Peer, Peer]
    behind(alice, 'four')
    move(alice, 'up')
    bob.dispatch((tr) => tr.setNodeAttribute(positionOf(bob, 'four') - 1, 'style', 'heading2'))
    exchange(alice, bob)
    alice.binding.undo()
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(bob.state.doc.lastChild?.attrs['style']).toBe('heading2')
    expect(lines(bob)).toEqual(['one', 'two bold', 'three', 'four'])
  })
})

describe('moving, whatever the document and the selection', () => {
  const block = fc.oneof(
    fc
      .tuple(fc.constantFrom(p, h1, ul, ol), fc.constantFrom('', 'a', 'b <b>c</b> d', '<i>e</i>'))
      .map(([of, words]) => of(words)),
    fc.constant(rule()),
  )
  const blocks = fc.array(block, { minLength: 1, maxLength: 6 })
  const part = fc.nat(1000)
  const direction = fc.constantFrom('up' as const, 'down' as const)
  const others: fc.Arbitrary<WhereOthersAre> = fc.option(fc.array(part, { maxLength: 3 })).map(
    (parts) =>
      ({ doc: { content } }) =>
        parts?.map((share) => {
          const at = Math.round((content.size * share) / 1000)
          return { from: at, to: at }
        }) ?? null,
  )

  it('writes the blocks in another order, and is undone exactly', () => {
    fc.assert(
      fc.property(blocks, part, part, direction, others, (content, from, to, where, whereOthersAre) => {
        const [alice, bob] = people(text, 2, doc(...content)) as [Peer, Peer]
        select(alice, from, to)
        const before = alice.state.doc
        const selected = selectedText(alice.state)
        alice.run(moveBlocks(where, whereOthersAre))
        const moved = alice.state.doc
        expect(selectedText(alice.state)).toBe(selected)
        expect(sortedBlocks(moved)).toEqual(sortedBlocks(before))
        exchange(alice, bob)
        expectSame(alice, bob)
        if (moved.eq(before)) return
        alice.binding.undo()
        exchange(alice, bob)
        expectSame(alice, bob)
        expect(bob.state.doc.toJSON()).toEqual(before.toJSON())
      }),
    )
  })

  it('leaves each character once that somebody types in the moved blocks meanwhile', () => {
    fc.assert(
      fc.property(blocks, part, part, direction, (content, at, typedAt, where) => {
        const [alice, bob] = people(text, 2, doc(p('X'), ...content, p('Y'))) as [Peer, Peer]
        select(alice, at, at)
        const $from = alice.state.selection.$from
        const inBlock = $from.start() + Math.round(($from.parent.content.size * typedAt) / 1000)
        bob.select(inBlock).type('!?')
        alice.run(moveBlocks(where, () => null))
        exchange(alice, bob)
        expectSame(alice, bob)
        expect(lines(bob).join('').split('!?')).toHaveLength(2)
      }),
    )
  })
})
