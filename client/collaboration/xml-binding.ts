import type { Schema } from 'prosemirror-model'
import type * as Y from 'yjs'
import type { Binding, IncompatibleDocumentError } from './binding.ts'

export interface XmlBindingOptions {
  readonly fragment: Y.XmlFragment
  readonly schema: Schema
  /** A remote change brought what the schema does not know: the binding has let go, the view is read-only from now on. */
  readonly onIncompatible: (error: IncompatibleDocumentError) => void
}

/** Throws an `IncompatibleDocumentError` if the fragment holds what the schema does not know. */
export declare function createXmlBinding(options: XmlBindingOptions): Binding
