import fc from 'fast-check'
import type { Node } from 'prosemirror-model'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../schema/schema.ts'
import { readTextDocument, seed, textOf, writeTextDocument } from '../../text-form/index.ts'
import { arbitraryDocument } from '../arbitrary-document.ts'
import { doc, h1, p, rule, ul } from '../language.ts'

/** What somebody else reads of a document that was written into a seeded `Y.Doc`, or into an empty one. */
function throughText(document: Node, { seeded = true } = {}): Node {
  const writer = new Y.Doc()
  if (seeded) seed(writer)
  writeTextDocument(textOf(writer), document)
  const reader = new Y.Doc()
  Y.applyUpdate(reader, Y.encodeStateAsUpdate(writer))
  return readTextDocument(textOf(reader), schema)
}

describe('writing a document into a text', () => {
  it('gives what is read back, for any document', () => {
    fc.assert(
      fc.property(arbitraryDocument, fc.boolean(), (document, seeded) => {
        expect(throughText(document, { seeded }).toJSON()).toEqual(document.toJSON())
      }),
      { numRuns: 500 },
    )
  })

  it('keeps empty paragraphs, at the beginning too', () => {
    const document = doc(p(), p('x'), p(), p())
    expect(throughText(document, { seeded: false }).toJSON()).toEqual(document.toJSON())
  })

  it('makes one empty paragraph of no blocks', () => {
    expect(throughText(doc()).toJSON()).toEqual(doc(p()).toJSON())
  })

  it('uses the marker of the seed for the first block', () => {
    const writer = new Y.Doc()
    seed(writer)
    writeTextDocument(textOf(writer), doc(ul('a'), rule()))
    expect(textOf(writer).length).toBe(3)
    expect(Y.decodeUpdate(Y.encodeStateAsUpdate(writer)).ds.clients.size).toBe(0)
  })

  it('refuses a text that has content, and one that is in no document', () => {
    const used = new Y.Doc()
    seed(used)
    writeTextDocument(textOf(used), doc(h1('Mine')))
    expect(() => writeTextDocument(textOf(used), doc(p('x')))).toThrow(RangeError)
    const stray = new Y.Doc()
    textOf(stray).insert(0, 'x')
    expect(() => writeTextDocument(textOf(stray), doc(p('x')))).toThrow(RangeError)
    expect(() => writeTextDocument(new Y.Text(), doc(p('x')))).toThrow(TypeError)
  })
})
