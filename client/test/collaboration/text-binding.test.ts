// @vitest-environment jsdom
import type { Node } from 'prosemirror-model'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { readTextDocument, textOf } from '../../../document/text-form/index.ts'
import { describeBinding } from './binding-suite.ts'
import { exchange, Peer } from './peers.ts'
import { testSchema } from './test-schema.ts'
import { textForm } from './text-form.ts'

/** As ProseMirror marks what an input method writes. */
function compose(peer: Peer, from: number, to: number, text: string): void {
  peer.dispatch((tr) => tr.insertText(text, from, to).setMeta('composition', 7))
}

describe('the binding of the text form', () => {
  describeBinding(textForm(testSchema), testSchema)

  it('draws many blocks that changed at once, and leaves the others alone', () => {
    const alice = new Peer(textForm(schema))
    const paragraphs = Array.from({ length: 1300 }, (_, i) =>
      schema.node('paragraph', null, schema.text(`p${i}`)),
    )
    alice.dispatch((tr) => tr.replaceWith(0, tr.doc.content.size, paragraphs))
    const bob = new Peer(textForm(schema), Y.encodeStateAsUpdate(alice.doc))
    bob.dispatch((tr) => {
      tr.doc.forEach((_node: Node, offset: number, index: number) => {
        if (index % 2 === 0) tr.insertText('!', tr.mapping.map(offset + 1))
      })
      return tr.split(tr.doc.content.size - 2)
    })
    const before = alice.state.doc
    alice.select(3)
    exchange(alice, bob)
    expect(alice.state.doc.toJSON()).toEqual(bob.state.doc.toJSON())
    expect(alice.state.doc.toJSON()).toEqual(readTextDocument(textOf(alice.doc), schema).toJSON())
    expect(alice.state.doc.child(1)).toBe(before.child(1))
    expect(alice.state.selection.head).toBe(4)
    for (const someone of [alice, bob]) someone.close()
  })

  it('keeps what others typed amid text that an input method then replaces', () => {
    const alice = new Peer(textForm(schema))
    alice.select(1).type('one')
    compose(alice, 4, 4, 'に')
    compose(alice, 5, 5, 'ほ')
    const bob = new Peer(textForm(schema), Y.encodeStateAsUpdate(alice.doc))
    bob.select(5).type('xy')
    exchange(alice, bob)
    expect(alice.text).toBe('oneにxyほ')
    compose(alice, 4, 8, '日本')
    exchange(alice, bob)
    expect(alice.text).toMatch(/^one(xy日本|日本xy)$/)
    expect(bob.state.doc.toJSON()).toEqual(alice.state.doc.toJSON())
    // Nothing of a text that was there before is spared.
    alice.binding.stopCapturing()
    alice.dispatch((tr) => tr.insertText('all', 1, tr.doc.content.size - 1).setMeta('composition', 8))
    expect(alice.text).toBe('all')
    alice.binding.undo()
    expect(alice.text).toMatch(/^one(xy日本|日本xy)$/)
    for (const someone of [alice, bob]) someone.close()
  })
})
