import type { Schema } from 'prosemirror-model'
import { readTextDocument, seed, textOf } from '../../../document/text-form/index.ts'
import { createTextBinding } from '../../collaboration/text-binding.ts'
import type { BindingForm } from './peers.ts'

/** The text form with a schema; who joins seeds the document. */
export function textForm(schema: Schema): BindingForm {
  return {
    bind: (doc) => {
      seed(doc, 'network')
      return createTextBinding({ text: textOf(doc), schema })
    },
    read: (doc) => readTextDocument(textOf(doc), schema),
  }
}
