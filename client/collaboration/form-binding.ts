import type { Node } from 'prosemirror-model'
import type { EditorState, Plugin, Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type * as Y from 'yjs'
import { anchorSelection, type AnchoredSelection } from './anchored-selection.ts'
import type { Anchor, Binding } from './binding.ts'
import { BindingHistory, type BindingHistoryOptions } from './binding-history.ts'
import { BoundView, type EditorChange } from './bound-view.ts'

/** What a form's binding is made of. */
export interface FormBindingOptions extends Pick<BindingHistoryOptions, 'type' | 'deleteFilter'> {
  /** The one that the type belongs to. */
  readonly yDoc: Y.Doc
  /** What the type holds. */
  readonly document: Node
}

/** The binding of a document in any form: its hold on the editor, the writer's steps, and hearing of changes. */
export abstract class FormBinding implements Binding {
  protected readonly bound: BoundView
  protected readonly history: BindingHistory
  /** The shared document, as the editor has it or is to show it. */
  protected current: Node
  readonly #stopHearing: () => void
  #isClosed = false

  constructor({ type, yDoc, document, deleteFilter }: FormBindingOptions) {
    this.current = document
    this.bound = new BoundView(yDoc, {
      shown: () => this.current,
      isClosed: () => this.#isClosed,
      write: (change) => this.write(change),
      draw: () => this.draw('remote', null),
      recover: () => this.recover(),
      anchored: (selection) => anchorSelection(selection, (pos, assoc) => this.anchor(pos, assoc)),
    })
    this.history = new BindingHistory({
      type,
      origin: this,
      deleteFilter,
      selectionBefore: () => this.bound.selectionBefore,
    })
    this.#stopHearing = this.#hear(yDoc, type)
  }

  /** Brings what the editor shows into the shared document, with `this` as the origin. */
  protected abstract write(change: EditorChange): void

  /** A Yjs transaction has changed the shared document, perhaps this binding's own. */
  protected abstract changed(yTransaction: Y.Transaction): void

  /** Has the editor show `current`, and select what was selected before the change, if that is given. */
  protected abstract draw(origin: 'remote' | 'undo', selection: AnchoredSelection | null): void

  /** Reads all of the shared document again, and has the editor show it. */
  protected abstract recover(): void

  /** The anchor of a position in `current`; by `assoc` it stays with what is before it (-1) or behind it. */
  protected abstract anchor(pos: number, assoc: -1 | 0): Anchor

  abstract positionOf(anchor: Anchor, state: EditorState): number | null

  get doc(): Node {
    return this.current
  }

  get plugins(): readonly Plugin[] {
    return this.bound.plugins
  }

  protected get isClosed(): boolean {
    return this.#isClosed
  }

  dispatch(view: EditorView, tr: Transaction): void {
    this.bound.dispatch(view, tr)
  }

  undo(): boolean {
    return this.history.undo()
  }

  redo(): boolean {
    return this.history.redo()
  }

  canUndo(): boolean {
    return this.history.canUndo()
  }

  canRedo(): boolean {
    return this.history.canRedo()
  }

  stopCapturing(): void {
    this.history.stopCapturing()
  }

  anchorAt(pos: number, _state: EditorState): Anchor {
    return this.anchor(pos, -1)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#stopHearing()
    this.bound.close()
    this.history.close()
  }

  /** Has the editor show what somebody else did in a Yjs transaction, or this client's undo. */
  protected drawChanged(yTransaction: Y.Transaction): void {
    if (this.history.isUndoing(yTransaction)) this.draw('undo', this.history.selectionOfStep)
    else this.draw('remote', this.bound.selectionBefore)
  }

  #hear(yDoc: Y.Doc, type: unknown): () => void {
    // Neither observe nor observeDeep: they make Yjs find the path to every changed type, seconds where thousands
    // change, and compute deltas of the whole.
    const onTransaction = (yTransaction: Y.Transaction): void => {
      const changed: ReadonlyMap<unknown, unknown> = yTransaction.changedParentTypes
      if (changed.has(type)) this.changed(yTransaction)
    }
    yDoc.on('afterTransaction', onTransaction)
    return () => yDoc.off('afterTransaction', onTransaction)
  }
}
