import * as Y from 'yjs'
import { anchoredSelection, type AnchoredSelection } from './anchored-selection.ts'
import { CAPTURE, CAPTURE_TIMEOUT, type Writing } from './writing.ts'

/** What of a shared document can be taken back, and by what it is known. */
export interface BindingHistoryOptions {
  readonly type: Y.Text | Y.XmlFragment
  /** The origin of what the writer does. */
  readonly origin: object
  /** Whether undo may delete an item that the writer has made, given which others go with it. */
  readonly deleteFilter: (item: Y.Item, isGoing: (other: Y.Item) => boolean) => boolean
  /** The selection before the Yjs transaction that is under way. */
  readonly selectionBefore: () => AnchoredSelection | null
}

/** A writer's own steps, to take back and to do again. */
export class BindingHistory {
  readonly #doc: Y.Doc
  readonly #origin: object
  readonly #undoManager: Y.UndoManager
  /** The step that is being taken back or done again, of which Yjs's filter does not tell. */
  #step: () => Y.UndoManager['undoStack'][number] | undefined = () => undefined
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
      deleteFilter: (item) => deleteFilter(item, this.#going()),
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
    if (this.#isClosed) return false
    this.#watch(this.#undoManager.undoStack)
    return this.#undoManager.undo() !== null
  }

  redo(): boolean {
    if (this.#isClosed) return false
    this.#watch(this.#undoManager.redoStack)
    return this.#undoManager.redo() !== null
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

  /** Yjs takes steps off a stack until one changes something; which one it is at, its length says. */
  #watch(stack: Y.UndoManager['undoStack']): void {
    const steps = [...stack]
    this.#step = () => steps[stack.length]
  }

  /** Tells what the step that is under way made, as far as Yjs has not made it anew since. */
  #going(): (item: Y.Item) => boolean {
    const insertions = this.#step()?.insertions
    return ({ id }) => insertions !== undefined && Y.isDeleted(insertions, id)
  }
}
