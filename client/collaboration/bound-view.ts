import type { Node } from 'prosemirror-model'
import {
  EditorState,
  Plugin,
  PluginKey,
  TextSelection,
  type Selection,
  type Transaction,
} from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type * as Y from 'yjs'
import type { AnchoredSelection } from './anchored-selection.ts'
import type { Anchor } from './binding.ts'
import { markOrigin, originOf } from './change-origin.ts'
import { Composition, type ComposedRange } from './composition.ts'
import { changeTo } from './minimal-change.ts'
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
  /** Writing has failed, perhaps half way: reads the shared document again, and has the editor show that. */
  recover(): void
  /** Null for a selection that cannot be found again. */
  anchored(selection: Selection): AnchoredSelection | null
}

/** A binding's hold on its view: the plugins that tell it of changes, and the selection before others change something. */
export class BoundView {
  readonly plugins: readonly Plugin[]
  readonly #key = new PluginKey<Writing>('codraft-binding')
  readonly #bound: BoundDocument
  readonly #stop: () => void
  #view: EditorView | null = null
  #applying: Transaction | null = null
  /** What the editor has applied and the binding has not been told. */
  #untold: Transaction[] = []
  #selectionBefore: AnchoredSelection | null = null
  /** While the view shows what the shared document does not hold yet, in which nothing can be anchored. */
  #isTelling = false
  readonly #composition = new Composition()
  #composedBefore: AnchoredSelection | null = null
  /** Whether the editor shows a part of what others did only. */
  #isHalfDrawn = false

  constructor(doc: Y.Doc, bound: BoundDocument) {
    this.#bound = bound
    this.plugins = [this.#createPlugin(), this.#composition.plugin, writerMovesPlugin()]
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

  /**
   * Draws first what others did around text that is being composed, so that drawing the rest does not break that off.
   * Anchors are looked for in the target.
   */
  drawComposed(target: Node, positionOf: (anchor: Anchor) => number | null): void {
    const view = this.#view
    if (view?.composing !== true) return
    const range = this.#composedIn(view, target, positionOf)
    if (range === null) return
    const { anchor = null, head = null } = this.#selectionBefore ?? {}
    const [newAnchor, newHead] = [anchor, head].map((end) => (end === null ? null : positionOf(end)))
    const selection = newAnchor == null || newHead == null ? null : { anchor: newAnchor, head: newHead }
    const tr = this.#composition.changeAround(view, target, range, selection)
    if (tr === null) return
    this.#isHalfDrawn = true
    try {
      this.draw(view, tr, 'remote')
    } finally {
      this.#isHalfDrawn = false
    }
  }

  /**
   * Has the view show what others did, or undo. If a plugin fails at that, the view shows it all the same, with its plugins
   * as they begin, and this throws what the plugin threw: the next edit would else take it all back.
   */
  draw(view: EditorView, tr: Transaction, origin: 'remote' | 'undo'): void {
    try {
      view.dispatch(markOrigin(tr, origin))
    } catch (error) {
      if (view.state.doc !== tr.doc) this.#showAnew(view, tr)
      throw error
    }
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
    const before = view.state
    try {
      view.updateState(state)
    } finally {
      // If a plugin's view, or a node's, has failed before ours was told.
      if (this.#untold.length > 0 && view.state === state) this.#tell(view, before)
    }
  }

  close(): void {
    this.#stop()
  }

  /** Where in the target the composed text is. */
  #composedIn(
    view: EditorView,
    target: Node,
    positionOf: (anchor: Anchor) => number | null,
  ): ComposedRange | null {
    if (this.#composedBefore !== null) {
      const { anchor, head } = this.#composedBefore
      const [from, to] = [positionOf(anchor), positionOf(head)]
      return from === null || to === null ? null : { from, to }
    }
    const range = this.#composition.range(view)
    const { mapping } = changeTo(view.state, target)
    return range && { from: mapping.map(range.from, 1), to: mapping.map(range.to, -1) }
  }

  #showAnew(view: EditorView, { doc, selection }: Transaction): void {
    this.#untold = []
    try {
      view.updateState(EditorState.create({ doc, selection, plugins: view.state.plugins }))
    } catch (error) {
      if (view.state.doc !== doc) throw error
    }
  }

  #createPlugin(): Plugin {
    return new Plugin<Writing>({
      key: this.#key,
      state: writingState,
      filterTransaction: (tr) => !tr.docChanged || (!this.#bound.isClosed() && !this.#isAnswerToOthers(tr)),
      props: { editable: () => !this.#bound.isClosed() },
      view: (view) => {
        this.#view = view
        // Not yet: the view is still being made, and whoever dispatches for it may not have it.
        queueMicrotask(() => this.#bound.draw())
        return {
          update: (_view, before) => this.#tell(view, before),
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
    return (
      (root !== null && root !== tr && originOf(root) !== 'local') ||
      (this.#isHalfDrawn && originOf(tr) === 'local')
    )
  }

  #tell(view: EditorView, before: EditorState): void {
    const transactions = this.#untold
    this.#untold = []
    const writing = this.#key.getState(view.state)
    if (writing === undefined) return
    if (this.#isHalfDrawn || this.#bound.isClosed() || view.state.doc === this.#bound.shown()) return
    this.#selectionBefore = this.#bound.anchored(before.selection)
    this.#isTelling = true
    try {
      this.#bound.write({ doc: view.state.doc, writing, transactions })
    } catch (error) {
      this.#bound.recover()
      throw error
    } finally {
      this.#isTelling = false
      this.#selectionBefore = null
    }
  }

  #observe(doc: Y.Doc): () => void {
    const before = (): void => {
      const view = this.#view
      if (this.#isTelling || view === null || this.#selectionBefore !== null) return
      this.#selectionBefore = this.#bound.anchored(view.state.selection)
      const composed = this.#composition.range(view)
      this.#composedBefore =
        composed && this.#bound.anchored(TextSelection.create(view.state.doc, composed.from, composed.to))
    }
    const after = (): void => {
      this.#selectionBefore = null
      this.#composedBefore = null
    }
    doc.on('beforeAllTransactions', before)
    doc.on('afterAllTransactions', after)
    return () => {
      doc.off('beforeAllTransactions', before)
      doc.off('afterAllTransactions', after)
    }
  }
}
