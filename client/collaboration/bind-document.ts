import type { Schema } from 'prosemirror-model'
import type * as Y from 'yjs'
import { documentForm, FORM_NAME, seed, TEXT_VERSION, textOf } from '../../document/text-form/index.ts'
import { IncompatibleDocumentError, type Binding } from './binding.ts'
import { createTextBinding } from './text-binding.ts'
import { createXmlBinding } from './xml-binding.ts'

/** The forms in which documents are kept: linear text (`document/FORM.md`), or y-prosemirror's tree. */
export type FormName = 'text' | 'xml'

export interface BindDocumentOptions {
  /** It has had its first sync. */
  readonly doc: Y.Doc
  readonly schema: Schema
  /** The form that the document gets if it is empty. */
  readonly newForm: FormName
  /** From now on the document must not be written into here. */
  readonly onIncompatible: () => void
}

/** The name under which a document's tree is in its `Y.Doc`. */
const FRAGMENT_NAME = 'prosemirror'

const versions: Readonly<Record<string, number>> = { text: TEXT_VERSION, xml: 1 } satisfies Record<
  FormName,
  number
>

/** Whether this code may write into documents of a form. */
export function isKnownForm({ form, version }: { readonly form: string; readonly version: number }): boolean {
  return versions[form] === version
}

/**
 * Binds an editor to a document in the form that it has, and seeds an empty one.
 *
 * Throws an `IncompatibleDocumentError`, and has changed nothing, if the form or what is in it is not known here.
 */
export function bindDocument({ doc, schema, newForm, onIncompatible }: BindDocumentOptions): Binding {
  const found = documentForm(doc)
  if (found.form !== 'empty' && !isKnownForm(found)) {
    throw new IncompatibleDocumentError(`The document is of the form ${found.form} ${found.version}`)
  }
  const form = found.form === 'empty' ? newForm : found.form
  watchForm(doc, form, onIncompatible)
  if (form === 'xml')
    return createXmlBinding({ fragment: doc.getXmlFragment(FRAGMENT_NAME), schema, onIncompatible })
  if (found.form === 'empty') seed(doc)
  return createTextBinding({ text: textOf(doc), schema })
}

/** Somebody with a newer editor may raise the version, or a stock peer's empty document become another's text. */
function watchForm(doc: Y.Doc, bound: FormName, onIncompatible: () => void): void {
  doc.getMap(FORM_NAME).observe(() => {
    const now = documentForm(doc)
    if (now.form === 'empty' || (now.form === bound && isKnownForm(now))) return
    onIncompatible()
  })
}
