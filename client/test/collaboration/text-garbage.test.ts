// @vitest-environment jsdom
import fc from 'fast-check'
import { TextSelection } from 'prosemirror-state'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { findRange, rangeKey, readTextDocument, setRange, textOf } from '../../../document/text-form/index.ts'
import { arbitraryGarbage, writeGarbage } from '../../../document/test/text-form/garbage.ts'
import { splitParagraph } from '../../editor/enter.ts'
import { setStyle } from '../../editor/paragraph-commands.ts'
import { exchange, Peer } from './peers.ts'
import { testSchema } from './test-schema.ts'
import { textForm } from './text-form.ts'

const form = textForm(schema)

function expectShown({ state, doc }: Peer): void {
  expect(state.doc.toJSON()).toEqual(readTextDocument(textOf(doc), schema).toJSON())
}

/** All text that is in no table: what is in cells is not in the text itself. */
function textOutsideTables({ state }: Peer): string {
  return state.doc.children.map((block) => (block.isTextblock ? block.textContent : '')).join('')
}

function select(peer: Peer, share: number): void {
  const { doc } = peer.state
  const $pos = doc.resolve(Math.round((doc.content.size * share) / 1000))
  peer.dispatch((tr) => tr.setSelection(TextSelection.between($pos, $pos)))
}

describe('a text that somebody else wrote by hand', () => {
  it('is shown, can be edited, and is not answered', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(arbitraryGarbage, fc.nat(1000), fc.nat(3)), { maxLength: 15 }),
        (happenings) => {
          const [alice, bob] = [new Peer(form), new Peer(form)]
          const foreign = new Y.Doc()
          try {
            for (const [garbage, place, act] of happenings) {
              writeGarbage(foreign, garbage)
              Y.applyUpdate(alice.doc, Y.encodeStateAsUpdate(foreign), 'network')
              expect(alice.problems).toEqual([])
              expectShown(alice)
              expect(textOutsideTables(alice)).toBe(textOf(alice.doc).toJSON())
              select(alice, place)
              if (act === 0) alice.type('x')
              if (act === 1) alice.run(splitParagraph)
              if (act === 2) alice.run(setStyle('heading2'))
              if (act === 3) alice.binding.undo()
              expectShown(alice)
              bob.receive(alice)
              expectShown(bob)
              expect(Y.getState(bob.doc.store, bob.doc.clientID)).toBe(0)
            }
          } finally {
            for (const someone of [alice, bob]) someone.close()
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('gets a marker in front of stray text only when an attribute is set there', () => {
    const peer = new Peer(form)
    const text = textOf(peer.doc)
    text.insert(0, 'stray')
    text.insertEmbed(6, new Y.Map([['kind', 'rule']]))
    text.insert(7, 'behind')
    const markers = (): number => text.length - text.toJSON().length
    expect(peer.text).toBe('stray||behind')
    peer.select(1).type('x')
    expect(markers()).toBe(2)
    peer.dispatch((tr) => tr.setNodeAttribute(0, 'align', 'right'))
    expect(markers()).toBe(3)
    const behind = peer.state.doc.content.size - 8
    peer.dispatch((tr) => tr.setNodeAttribute(behind, 'align', 'right'))
    expect(markers()).toBe(4)
    expect(peer.text).toBe('xstray||behind')
    expectShown(peer)
    peer.close()
  })

  it('keeps text that stands behind a rule when the rule is deleted', () => {
    const peer = new Peer(form)
    const text = textOf(peer.doc)
    peer.select(1).type('before')
    text.insertEmbed(text.length, new Y.Map([['kind', 'rule']]))
    text.insert(text.length, 'behind')
    peer.dispatch((tr) => tr.delete(8, 9))
    expect(peer.text).toBe('before|behind')
    expectShown(peer)
    peer.close()
  })
})

describe('what the form has no place for', () => {
  it('is taken out of what it was in', () => {
    const peer = new Peer(textForm(testSchema))
    peer.select(1).type('quoted')
    peer.dispatch((tr) =>
      tr.replaceWith(0, tr.doc.content.size, [
        testSchema.node('quote', null, [
          testSchema.node('heading', { level: 2 }, testSchema.text('one')),
          testSchema.node('paragraph', null, [
            testSchema.text('two'),
            testSchema.node('image', { src: 'a' }),
          ]),
        ]),
      ]),
    )
    expect(peer.state.doc.toString()).toBe('doc(heading("one"), paragraph("two", image))')
    expect(peer.state.doc.eq(readTextDocument(textOf(peer.doc), testSchema))).toBe(true)
    peer.close()
  })
})

describe('a lasting range that the schema does not draw', () => {
  it('holds what is typed in it, not what is typed beside it', () => {
    const [alice, bob] = [new Peer(form), new Peer(form)]
    const key = rangeKey('comment', '1')
    alice.select(1).type('one two three')
    setRange(textOf(alice.doc), key, 5, 3)
    exchange(alice, bob)
    bob.select(6).type('-').select(9).type('!').select(5).type('?')
    bob.select(7).run(splitParagraph)
    exchange(alice, bob)
    expect(alice.text).toBe('one ?t|-wo! three')
    expect(findRange(textOf(alice.doc), key).map(({ text }) => text)).toEqual(['t', '-wo'])
    for (const someone of [alice, bob]) someone.close()
  })
})
