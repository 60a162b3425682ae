import * as Y from 'yjs'
import { anchoredSelection, type AnchoredSelection } from './anchored-selection.ts'
import { CAPTURE, CAPTURE_TIMEOUT, type Writing } from './writing.ts'

/** What of a shared document can be taken back, and by what it is known. */
export interface BindingHistoryOptions {
  readonly type: Y.Text | Y.XmlFragment
  /** The origin of what the writer does. */
  readonly origin: object
  /** Whether undo may delete an item that the writer has made. */
  readonly deleteFilter: (item: Y.Item) => boolean
  /** The selection before the Yjs transaction that is under way. */
  readonly selectionBefore: () => AnchoredSelection | null
}

/** A writer's own steps, to take back and to do again. */
export class BindingHistory {
  readonly #doc: Y.Doc
  readonly #origin: object
  readonly #undoManager: Y.UndoManager
  #isClosed = false

  /** Throws a `TypeError` if the type belongs to no document. */
  constructor({ type, origin, deleteFilter, selectionBefore }: BindingHistoryOptions) {
    if (type.doc === null) throw new TypeError('The shared type belongs to no Y.Doc')
    this.#doc = type.doc
    this.#origin = origin
    this.#undoManager = new Y.UndoManager(type, {
      captureTimeout: CAPTURE_TIMEOUT,
      trackedOrigins: new Set([origin]),
      captureTransaction: (yTransaction) => yTransaction.meta.get(CAPTURE) !== false,
      deleteFilter,
    })
    this.#undoManager.on('stack-item-added', ({ stackItem }) => stackItem.meta.set(this, selectionBefore()))
  }

  /** Makes a change of the writer's in one Yjs transaction. */
  record({ captured, typing }: Writing, change: (yTransaction: Y.Transaction) => void): void {
    if (!captured || !typing.goesOn) this.stopCapturing()
    this.#doc.transact((yTransaction) => {
      yTransaction.meta.set(CAPTURE, captured)
      change(yTransaction)
    }, this.#origin)
  }

  /** Whether a Yjs transaction takes a step back, or does it again. */
  isUndoing({ origin }: Y.Transaction): boolean {
    return origin === this.#undoManager
  }

  /** The selection before the step that is being taken back or done again. */
  get selectionOfStep(): AnchoredSelection | null {
    return anchoredSelection(this.#undoManager.currStackItem?.meta.get(this))
  }

  undo(): boolean {
    return !this.#isClosed && this.#undoManager.undo() !== null
  }

  redo(): boolean {
    return !this.#isClosed && this.#undoManager.redo() !== null
  }

  canUndo(): boolean {
    return !this.#isClosed && this.#undoManager.canUndo()
  }

  canRedo(): boolean {
    return !this.#isClosed && this.#undoManager.canRedo()
  }

  stopCapturing(): void {
    this.#undoManager.stopCapturing()
  }

  close(): void {
    this.#isClosed = true
    this.#undoManager.destroy()
  }
}
