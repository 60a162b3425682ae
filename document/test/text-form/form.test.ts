import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../schema/schema.ts'
import {
  documentForm,
  FORM_NAME,
  readTextDocument,
  seed,
  TEXT_NAME,
  TEXT_VERSION,
  textOf,
} from '../../text-form/index.ts'

function loaded(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  return copy
}

describe('a seeded document', () => {
  it('holds one empty paragraph, and states its form', () => {
    const doc = new Y.Doc()
    seed(doc)
    expect(doc.getMap(FORM_NAME).toJSON()).toEqual({ form: 'text', version: TEXT_VERSION })
    expect(documentForm(loaded(doc))).toEqual({ form: 'text', version: 1 })
    expect(readTextDocument(textOf(doc), schema).toJSON()).toEqual(
      schema.node('doc', null, [schema.node('paragraph')]).toJSON(),
    )
  })

  it('is what client 0 writes with the methods of Yjs', () => {
    const [doc, other] = [new Y.Doc(), Object.assign(new Y.Doc(), { clientID: 0 })]
    seed(doc)
    other.transact(() => {
      other.getText(TEXT_NAME).insertEmbed(0, new Y.Map())
      other.getMap(FORM_NAME).set('form', 'text')
      other.getMap(FORM_NAME).set('version', 1)
    })
    expect(Y.encodeStateAsUpdate(doc)).toEqual(Y.encodeStateAsUpdate(other))
  })

  it('is seeded once, however many do it', () => {
    const [doc, other] = [new Y.Doc(), new Y.Doc()]
    seed(doc)
    seed(doc)
    seed(other)
    textOf(other).insert(1, 'written')
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    seed(doc)
    expect(readTextDocument(textOf(doc), schema).childCount).toBe(1)
    expect(textOf(doc).toJSON()).toBe('written')
  })
})

describe('the form of a document', () => {
  it('is told without a trace', () => {
    const doc = new Y.Doc()
    expect(documentForm(doc)).toEqual({ form: 'empty' })
    expect([...doc.share.keys()]).toEqual([])
    doc.getText(TEXT_NAME)
    expect(documentForm(doc)).toEqual({ form: 'empty' })
  })

  it('is not told by what else stands beside the form', () => {
    const doc = new Y.Doc()
    doc.getMap(FORM_NAME).set('other', true)
    expect(documentForm(loaded(doc))).toEqual({ form: 'empty' })
  })

  it('is a tree where something else has been written', () => {
    const doc = new Y.Doc()
    doc.getXmlFragment('prosemirror').insert(0, [new Y.XmlElement('paragraph')])
    expect(documentForm(loaded(doc))).toEqual({ form: 'xml', version: 1 })
  })

  it('is text where only the text is there', () => {
    const doc = new Y.Doc()
    doc.getText(TEXT_NAME).insert(0, 'x')
    expect(documentForm(loaded(doc))).toEqual({ form: 'text', version: 1 })
  })

  it('is text where something else is beside the text, whichever came first', () => {
    const doc = new Y.Doc()
    doc.getMap('other').set('x', 1)
    doc.getText(TEXT_NAME).insert(0, 'x')
    expect(documentForm(doc)).toEqual({ form: 'text', version: 1 })
    expect(documentForm(loaded(doc))).toEqual({ form: 'text', version: 1 })
  })

  it.each([
    [2, 2],
    [1.5, 1],
    [-2, 1],
    ['x', 1],
    [null, 1],
  ])('of version %j is of version %j', (version, read) => {
    const doc = new Y.Doc()
    doc.getMap(FORM_NAME).set('form', 'text')
    doc.getMap(FORM_NAME).set('version', version)
    expect(documentForm(loaded(doc))).toEqual({ form: 'text', version: read })
  })
})
