import type { Node } from 'prosemirror-model'
import type { EditorState, Plugin, Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'

/**
 * A place in the document that stays where it is while others edit: an encoded Yjs relative position as JSON,
 * fit for awareness. For what is fleeting (carets, scroll); text deleted and brought back by undo has a new identity.
 */
export type Anchor = unknown

/**
 * Ties an editor's state to a shared document. Everything that is particular to a document's form in Yjs is behind it.
 * Made only once the document has its first content, from the server or from the device.
 */
export interface Binding {
  /** The document as it is now, to create the editor's state with. */
  readonly doc: Node

  /** To be put into the editor's state, after the plugins whose keys shall win. */
  readonly plugins: readonly Plugin[]

  /** The editor's `dispatchTransaction`: it applies the transaction to the view's state as the form requires. */
  dispatch(view: EditorView, tr: Transaction): void

  /** Takes back this client's own last step, nobody else's; false if there is none. */
  undo(): boolean
  redo(): boolean
  canUndo(): boolean
  canRedo(): boolean
  /** Makes what comes next a new undo step. */
  stopCapturing(): void

  /** The anchor of a position in this state, which must be the view's current one. */
  anchorAt(pos: number, state: EditorState): Anchor
  /** The position of an anchor in this state, or null if it names nothing (any more), or was not made by `anchorAt`. */
  positionOf(anchor: Anchor, state: EditorState): number | null

  /** Lets go of the shared document; the view must not be edited afterwards. May be called twice. */
  close(): void
}

/** The shared document holds what this client's schema does not know; binding to it would delete that for everyone. */
export class IncompatibleDocumentError extends Error {
  override readonly name = 'IncompatibleDocumentError'
}
