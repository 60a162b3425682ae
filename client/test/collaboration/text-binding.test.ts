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
})
