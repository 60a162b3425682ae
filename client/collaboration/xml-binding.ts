import type { Node, Schema } from 'prosemirror-model'
import {
  TextSelection,
  type EditorState,
  type Plugin,
  type Selection,
  type Transaction,
} from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import * as Y from 'yjs'
import { IncompatibleDocumentError, type Anchor, type Binding } from './binding.ts'
import { BindingHistory } from './binding-history.ts'
import { BoundView, type EditorChange } from './bound-view.ts'
import { anchorSelection, selectAnchored, selectText, type AnchoredSelection } from './anchored-selection.ts'
import { changeTo } from './minimal-change.ts'
import { XmlPositions } from './xml-positions.ts'
import { XmlReader } from './xml-reader.ts'
import { XmlWriter } from './xml-writer.ts'

export interface XmlBindingOptions {
  /** Of a `Y.Doc`, in y-prosemirror's form. */
  readonly fragment: Y.XmlFragment
  readonly schema: Schema
  /** A remote change brought what the schema does not know: the binding has let go, and the view is read-only. */
  readonly onIncompatible: (error: IncompatibleDocumentError) => void
}

/**
 * Binds an editor of any schema to a document in y-prosemirror's form, which stock y-prosemirror editors can edit too.
 * Its own code instead of y-prosemirror's plugins, which delete from the shared document what the schema does not know,
 * write while they only draw, draw every remote change as a new document, and miss that one mark replaced another.
 *
 * Throws an `IncompatibleDocumentError` if the fragment holds what the schema does not know.
 */
export function createXmlBinding(options: XmlBindingOptions): Binding {
  return new XmlBinding(options)
}

class XmlBinding implements Binding {
  readonly #fragment: Y.XmlFragment
  readonly #onIncompatible: (error: IncompatibleDocumentError) => void
  readonly #reader: XmlReader
  readonly #writer: XmlWriter
  readonly #positions: XmlPositions
  readonly #history: BindingHistory
  readonly #bound: BoundView
  readonly #stopReading: () => void
  #current: Node
  #isClosed = false

  constructor({ fragment, schema, onIncompatible }: XmlBindingOptions) {
    if (fragment.doc === null) throw new TypeError('The fragment belongs to no Y.Doc')
    const { doc } = fragment
    this.#fragment = fragment
    this.#onIncompatible = onIncompatible
    this.#reader = new XmlReader(fragment, schema)
    this.#writer = new XmlWriter(fragment, this.#reader)
    this.#positions = new XmlPositions(fragment, doc, this.#reader)
    this.#current = this.#reader.read()
    this.#bound = new BoundView(doc, {
      shown: () => this.#current,
      isClosed: () => this.#isClosed,
      write: (change) => this.#write(change),
      draw: () => this.#draw('remote', null),
      recover: () => this.#show('remote', null),
      anchored: (selection) =>
        anchorSelection(selection, (pos, assoc) => this.#positions.anchorAt(pos, assoc)),
    })
    this.#history = new BindingHistory({
      type: fragment,
      origin: this,
      // Children go first: what is still in there is somebody else's. So is what they took back, and may bring again.
      deleteFilter: ({ content }) =>
        !(content instanceof Y.ContentType) ||
        (isEmpty(content.type) && isOnlyOf(content.type, doc.clientID)),
      selectionBefore: () => this.#bound.selectionBefore,
    })
    this.#stopReading = this.#read(doc)
  }

  get doc(): Node {
    return this.#current
  }

  get plugins(): readonly Plugin[] {
    return this.#bound.plugins
  }

  dispatch(view: EditorView, tr: Transaction): void {
    this.#bound.dispatch(view, tr)
  }

  undo(): boolean {
    return this.#history.undo()
  }

  redo(): boolean {
    return this.#history.redo()
  }

  canUndo(): boolean {
    return this.#history.canUndo()
  }

  canRedo(): boolean {
    return this.#history.canRedo()
  }

  stopCapturing(): void {
    this.#history.stopCapturing()
  }

  anchorAt(pos: number, _state: EditorState): Anchor {
    return this.#positions.anchorAt(pos)
  }

  positionOf(anchor: Anchor, state: EditorState): number | null {
    const position = this.#positions.positionOf(anchor)
    // What the schema requires and nobody has written yet has a size that the shared document does not know.
    return position === null ? null : Math.min(position, state.doc.content.size)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#stopReading()
    this.#bound.close()
    this.#history.close()
  }

  #read(doc: Y.Doc): () => void {
    // Not observeDeep, which makes Yjs find the path to every changed type: seconds where thousands change.
    const onTransaction = (yTransaction: Y.Transaction): void => {
      const changed: ReadonlyMap<unknown, unknown> = yTransaction.changedParentTypes
      if (changed.has(this.#fragment)) this.#changed(yTransaction)
    }
    doc.on('afterTransaction', onTransaction)
    return () => doc.off('afterTransaction', onTransaction)
  }

  #write({ doc, writing }: EditorChange): void {
    if (doc.eq(this.#current)) return
    this.#history.record(writing, () => this.#writer.write(doc))
    // Also if nothing was written, since the form has no place for what was done.
    this.#show('remote', null)
  }

  /** The shared document has changed, also by our writing. */
  #changed(yTransaction: Y.Transaction): void {
    this.#reader.forget(yTransaction)
    if (yTransaction.origin === this) return
    if (this.#history.isUndoing(yTransaction)) this.#show('undo', this.#history.selectionOfStep)
    else this.#show('remote', this.#bound.selectionBefore)
  }

  /** Has the editor show what the shared document holds. After our own writing it does, but for what could not be kept. */
  #show(origin: 'remote' | 'undo', selection: AnchoredSelection | null): void {
    if (this.#isClosed) return
    try {
      this.#current = this.#reader.read()
    } catch (error) {
      if (!(error instanceof IncompatibleDocumentError)) throw error
      this.close()
      this.#onIncompatible(error)
      return
    }
    this.#draw(origin, selection)
  }

  #draw(origin: 'remote' | 'undo', selection: AnchoredSelection | null): void {
    const { view } = this.#bound
    if (view === null || this.#isClosed) return
    if (view.state.doc.eq(this.#current)) {
      // So that the next comparison finds the same nodes, not equal ones.
      this.#current = view.state.doc
      return
    }
    this.#bound.drawComposed(this.#current, this.#positionOf)
    const { storedMarks } = view.state
    const tr = changeTo(view.state, this.#current)
    if (origin === 'undo') {
      if (selection !== null) selectAnchored(tr, selection, this.#positionOf)
      tr.scrollIntoView()
    } else {
      this.#keepSelection(tr, view.state.selection, selection)
      // What the writer has toggled at the caret: every step clears it.
      tr.setStoredMarks(storedMarks)
    }
    this.#current = tr.doc
    this.#bound.draw(view, tr, origin)
  }

  readonly #positionOf = (anchor: Anchor): number | null => this.#positions.positionOf(anchor)

  /** Steps carry a selection along, but where they replace the text around its ends: there Yjs knows better. */
  #keepSelection(tr: Transaction, old: Selection, anchored: AnchoredSelection | null): void {
    // What others insert at an end of the selection stays outside of it, and behind a caret.
    const [anchorBias, headBias] = old.empty ? [-1, -1] : old.anchor < old.head ? [1, -1] : [-1, 1]
    const anchor = tr.mapping.mapResult(old.anchor, anchorBias)
    const head = tr.mapping.mapResult(old.head, headBias)
    if (anchored !== null && (anchor.deleted || head.deleted)) selectAnchored(tr, anchored, this.#positionOf)
    else if (old instanceof TextSelection) selectText(tr, anchor.pos, head.pos)
  }
}

function isEmpty(type: unknown): boolean {
  return !(type instanceof Y.XmlFragment || type instanceof Y.XmlText) || type.length === 0
}

/** Whether nobody else has ever put anything into it. */
function isOnlyOf(type: unknown, clientID: number): boolean {
  if (!(type instanceof Y.AbstractType)) return true
  // oxlint-disable-next-line eslint/no-underscore-dangle -- what was deleted is nowhere else
  for (let item = type._start; item !== null; item = item.right) if (item.id.client !== clientID) return false
  return true
}
