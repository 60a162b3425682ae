import type { Schema } from 'prosemirror-model'
import type * as Y from 'yjs'
import { createXmlBinding } from '../../collaboration/xml-binding.ts'
import { XmlReader } from '../../collaboration/xml-reader.ts'
import type { BindingForm } from './peers.ts'
import { testSchema } from './test-schema.ts'

export function fragmentOf(doc: Y.Doc): Y.XmlFragment {
  return doc.getXmlFragment('prosemirror')
}

/** The tree form with a schema. */
export function xmlFormOf(schema: Schema): BindingForm {
  return {
    bind: (doc, onIncompatible) => createXmlBinding({ fragment: fragmentOf(doc), schema, onIncompatible }),
    read: (doc) => new XmlReader(fragmentOf(doc), schema).read(),
  }
}

/** The tree form, with the test schema. */
export const xmlForm: BindingForm = xmlFormOf(testSchema)
