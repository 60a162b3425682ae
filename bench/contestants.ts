import type { Node } from 'prosemirror-model'
import { EditorState, type Plugin } from 'prosemirror-state'
import { initProseMirrorDoc, prosemirrorToYXmlFragment, ySyncPlugin, yUndoPlugin } from 'y-prosemirror'
import * as Y from 'yjs'
import type { Binding } from '../client/collaboration/binding.ts'
import { createTextBinding } from '../client/collaboration/text-binding.ts'
import { createXmlBinding } from '../client/collaboration/xml-binding.ts'
import { schema } from '../document/index.ts'
import { seed, textOf } from '../document/text-form/index.ts'
import { HeadlessView } from './headless-view.ts'

/** How a document is kept in Yjs. */
export type FormName = 'text' | 'xml'

/** An editor on a shared document. */
export interface Contestant {
  readonly doc: Y.Doc
  readonly view: HeadlessView
  readonly close: () => void
}

/** One with a binding of ours. */
export interface OpenEditor extends Contestant {
  readonly binding: Binding
}

/** What is compared: how it is called in the table, what documents it opens, and how. */
export interface Contest {
  readonly name: string
  readonly form: FormName
  open(bytes: Uint8Array): Contestant
}

/** The name of the one that the others are measured by. */
export const REFERENCE = 'y-prosemirror'

export const contests: readonly Contest[] = [
  { name: 'text binding', form: 'text', open: (bytes) => bound(bytes, bindText) },
  { name: 'xml binding', form: 'xml', open: (bytes) => bound(bytes, bindXml) },
  { name: REFERENCE, form: 'xml', open: (bytes) => openStock(bytes, []) },
  { name: `${REFERENCE} + undo`, form: 'xml', open: (bytes) => openStock(bytes, [yUndoPlugin()]) },
]

/** A document as the update that holds all of it. */
export function encodeDocument(document: Node, form: FormName): Uint8Array {
  const doc = new Y.Doc()
  if (form === 'xml') {
    prosemirrorToYXmlFragment(document, fragmentOf(doc))
  } else {
    seed(doc)
    const { view, close } = bound(Y.encodeStateAsUpdate(doc), bindText, doc)
    view.dispatch(view.state.tr.replaceWith(0, view.state.doc.content.size, document.content))
    close()
  }
  return Y.encodeStateAsUpdate(doc)
}

/** An editor in the text form. */
export function openEditor(bytes: Uint8Array): OpenEditor {
  return bound(bytes, bindText)
}

function bindText(doc: Y.Doc): Binding {
  return createTextBinding({ text: textOf(doc), schema })
}

function bindXml(doc: Y.Doc): Binding {
  return createXmlBinding({
    fragment: fragmentOf(doc),
    schema,
    onIncompatible: (error) => {
      throw error
    },
  })
}

function bound(bytes: Uint8Array, bind: (doc: Y.Doc) => Binding, doc = new Y.Doc()): OpenEditor {
  Y.applyUpdate(doc, bytes)
  const binding = bind(doc)
  const state = EditorState.create({ doc: binding.doc, plugins: [...binding.plugins] })
  const view = new HeadlessView(state, (actual, tr) => binding.dispatch(actual, tr))
  const close = (): void => {
    view.destroy()
    binding.close()
  }
  return { doc, view, binding, close }
}

/** As y-prosemirror's README has it: the nodes that opening has made are handed to the plugin. */
function openStock(bytes: Uint8Array, others: readonly Plugin[]): Contestant {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, bytes)
  const { doc: content, mapping } = initProseMirrorDoc(fragmentOf(doc), schema)
  const plugins = [ySyncPlugin(fragmentOf(doc), { mapping }), ...others]
  const view = new HeadlessView(EditorState.create({ doc: content, plugins }))
  return { doc, view, close: () => view.destroy() }
}

function fragmentOf(doc: Y.Doc): Y.XmlFragment {
  return doc.getXmlFragment('prosemirror')
}
