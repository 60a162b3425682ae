import type { Node } from 'prosemirror-model'
import { Plugin, PluginKey, type EditorState, type Selection, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type * as Y from 'yjs'
import type { AnchoredSelection } from './anchored-selection.ts'
import { originOf } from './change-origin.ts'
import { writerMovesPlugin } from './writer-moves.ts'
import { writingState, type Writing } from './writing.ts'

/** What the editor shows since its binding was last told. */
export interface EditorChange {
  readonly doc: Node
  readonly writing: Writing
  /** What made it so, in order; something else if an embedder gave the view a state of its own. */
  readonly transactions: readonly Transaction[]
}

/** What a binding does for its view. */
export interface BoundDocument {
  /** The document as the editor was last told to show it, or has told itself. */
  shown(): Node
  /** Whether it is no longer bound, which makes the view read-only. */
  isClosed(): boolean
  /** The editor shows something else: brings that into the shared document. */
  write(change: EditorChange): void
  /** Has the editor show what the shared document holds. */
  draw(): void
  /** Null for a selection that cannot be found again. */
  anchored(selection: Selection): AnchoredSelection | null
}

/** A binding's hold on its view: the plugins that tell it of changes, and the selection before others change something. */
export class BoundView {
  readonly plugins: readonly Plugin[]
  readonly #bound: BoundDocument
  readonly #stop: () => void
  #view: EditorView | null = null
  #applying: Transaction | null = null
  /** What the editor has applied and the binding has not been told. */
  #untold: Transaction[] = []
  #selectionBefore: AnchoredSelection | null = null
  /** While the view shows what the shared document does not hold yet, in which nothing can be anchored. */
  #isTelling = false

  constructor(doc: Y.Doc, bound: BoundDocument) {
    this.#bound = bound
    this.plugins = [this.#createPlugin(), writerMovesPlugin()]
    this.#stop = this.#observe(doc)
  }

  /** Null before the view is made and after it is gone. */
  get view(): EditorView | null {
    return this.#view
  }

  /** The selection before the Yjs transaction that is under way. */
  get selectionBefore(): AnchoredSelection | null {
    return this.#selectionBefore
  }

  dispatch(view: EditorView, tr: Transaction): void {
    this.#applying = tr
    let state: EditorState
    try {
      const applied = view.state.applyTransaction(tr)
      state = applied.state
      this.#untold.push(...applied.transactions.filter(({ docChanged }) => docChanged))
    } finally {
      this.#applying = null
    }
    view.updateState(state)
  }

  close(): void {
    this.#stop()
  }

  #createPlugin(): Plugin {
    const key = new PluginKey<Writing>('codraft-binding')
    return new Plugin<Writing>({
      key,
      state: writingState,
      filterTransaction: (tr) => !tr.docChanged || (!this.#bound.isClosed() && !this.#isAnswerToOthers(tr)),
      props: { editable: () => !this.#bound.isClosed() },
      view: (view) => {
        this.#view = view
        // Not yet: the view is still being made, and whoever dispatches for it may not have it.
        queueMicrotask(() => this.#bound.draw())
        return {
          update: (_view, before) => {
            const writing = key.getState(view.state)
            if (writing !== undefined) this.#tell(view, before, writing)
          },
          destroy: () => {
            this.#view = null
          },
        }
      },
    })
  }

  /** A plugin's correction of what others did: every editor would make it, and so it would be made many times. */
  #isAnswerToOthers(tr: Transaction): boolean {
    const root = this.#applying
    return root !== null && root !== tr && originOf(root) !== 'local'
  }

  #tell(view: EditorView, before: EditorState, writing: Writing): void {
    const transactions = this.#untold
    this.#untold = []
    if (this.#bound.isClosed() || view.state.doc === this.#bound.shown()) return
    this.#selectionBefore = this.#bound.anchored(before.selection)
    this.#isTelling = true
    this.#bound.write({ doc: view.state.doc, writing, transactions })
    this.#isTelling = false
    this.#selectionBefore = null
  }

  #observe(doc: Y.Doc): () => void {
    const before = (): void => {
      if (this.#isTelling) return
      this.#selectionBefore ??= this.#view === null ? null : this.#bound.anchored(this.#view.state.selection)
    }
    const after = (): void => {
      this.#selectionBefore = null
    }
    doc.on('beforeAllTransactions', before)
    doc.on('afterAllTransactions', after)
    return () => {
      doc.off('beforeAllTransactions', before)
      doc.off('afterAllTransactions', after)
    }
  }
}
