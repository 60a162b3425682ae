// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { documentForm, seed, TEXT_VERSION, textOf } from '../../../document/text-form/index.ts'
import { bindDocument, isKnownForm, type FormName } from '../../collaboration/bind-document.ts'
import { IncompatibleDocumentError } from '../../collaboration/binding.ts'

function tree(text: string): Y.Doc {
  const doc = new Y.Doc()
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(text)])
  doc.getXmlFragment('prosemirror').insert(0, [paragraph])
  return doc
}

function state(doc: Y.Doc, form: string, version: unknown): void {
  doc.transact(() => {
    doc.getMap('codraft').set('form', form)
    doc.getMap('codraft').set('version', version)
  })
}

function bind(doc: Y.Doc, newForm: FormName = 'text') {
  const onIncompatible = vi.fn<() => void>()
  return { binding: bindDocument({ doc, schema, newForm, onIncompatible }), onIncompatible }
}

describe('binding a document', () => {
  it('seeds one that is new', () => {
    const doc = new Y.Doc()
    expect(bind(doc).binding.doc.childCount).toBe(1)
    expect(documentForm(doc)).toEqual({ form: 'text', version: TEXT_VERSION })
  })

  it('takes the form that it has, and writes nothing', () => {
    const text = new Y.Doc()
    seed(text)
    textOf(text).insert(1, 'linear')
    for (const doc of [tree('tree'), text]) {
      const before = Y.encodeStateAsUpdate(doc)
      for (const newForm of ['text', 'xml'] as const) {
        expect(['tree', 'linear']).toContain(bind(doc, newForm).binding.doc.textContent)
      }
      expect(Y.encodeStateAsUpdate(doc)).toEqual(before)
    }
  })

  it('leaves a new document to its first writer where it shall become a tree', () => {
    const doc = new Y.Doc()
    bind(doc, 'xml')
    expect(documentForm(doc)).toEqual({ form: 'empty' })
  })

  it.each([
    ['text', TEXT_VERSION + 1],
    ['xml', 2],
  ])('refuses the form %s in version %i, and changes nothing', (form, version) => {
    const doc = new Y.Doc()
    state(doc, form, version)
    const before = Y.encodeStateAsUpdate(doc)
    expect(isKnownForm({ form, version })).toBe(false)
    expect(() => bind(doc)).toThrow(IncompatibleDocumentError)
    expect(Y.encodeStateAsUpdate(doc)).toEqual(before)
  })

  it('tells when somebody raises the version', () => {
    const doc = new Y.Doc()
    const { onIncompatible } = bind(doc)
    doc.getMap('codraft').set('other', 1)
    expect(onIncompatible).not.toHaveBeenCalled()
    state(doc, 'text', TEXT_VERSION + 1)
    expect(onIncompatible).toHaveBeenCalled()
  })

  it('tells when a tree that was empty has become somebody else’s text', () => {
    const doc = new Y.Doc()
    const { onIncompatible } = bind(doc, 'xml')
    seed(doc)
    expect(onIncompatible).toHaveBeenCalled()
  })
})
