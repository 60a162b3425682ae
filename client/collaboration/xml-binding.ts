import type { Schema } from 'prosemirror-model'
import { TextSelection, type EditorState, type Selection, type Transaction } from 'prosemirror-state'
import * as Y from 'yjs'
import { IncompatibleDocumentError, type Anchor, type Binding } from './binding.ts'
import type { EditorChange } from './bound-view.ts'
import { FormBinding } from './form-binding.ts'
import { selectAnchored, selectText, type AnchoredSelection } from './anchored-selection.ts'
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

class XmlBinding extends FormBinding {
  readonly #onIncompatible: (error: IncompatibleDocumentError) => void
  readonly #reader: XmlReader
  readonly #writer: XmlWriter
  readonly #positions: XmlPositions

  constructor({ fragment, schema, onIncompatible }: XmlBindingOptions) {
    const yDoc = fragment.doc
    if (yDoc === null) throw new TypeError('The fragment belongs to no Y.Doc')
    const reader = new XmlReader(fragment, schema)
    super({
      type: fragment,
      yDoc,
      document: reader.read(),
      // Children go first: what is still in there is somebody else's. So is what they took back, and may bring again.
      deleteFilter: ({ content }) =>
        !(content instanceof Y.ContentType) ||
        (isEmpty(content.type) && isOnlyOf(content.type, yDoc.clientID)),
    })
    this.#onIncompatible = onIncompatible
    this.#reader = reader
    this.#writer = new XmlWriter(fragment, reader)
    this.#positions = new XmlPositions(fragment, yDoc, reader)
  }

  positionOf(anchor: Anchor, state: EditorState): number | null {
    const position = this.#positions.positionOf(anchor)
    // What the schema requires and nobody has written yet has a size that the shared document does not know.
    return position === null ? null : Math.min(position, state.doc.content.size)
  }

  protected anchor(pos: number, assoc: -1 | 0): Anchor {
    return this.#positions.anchorAt(pos, assoc)
  }

  protected write({ doc, writing }: EditorChange): void {
    if (doc.eq(this.current)) return
    this.history.record(writing, () => this.#writer.write(doc))
    // Also if nothing was written, since the form has no place for what was done.
    if (this.#read()) this.draw('remote', null)
  }

  protected recover(): void {
    if (this.#read()) this.draw('remote', null)
  }

  protected changed(yTransaction: Y.Transaction): void {
    this.#reader.forget(yTransaction)
    // After our own writing the editor shows what the fragment holds, but for what could not be kept.
    if (yTransaction.origin !== this && this.#read()) this.drawChanged(yTransaction)
  }

  /** Whether the schema knows what the fragment holds; otherwise the binding lets go. */
  #read(): boolean {
    if (this.isClosed) return false
    try {
      this.current = this.#reader.read()
      return true
    } catch (error) {
      if (!(error instanceof IncompatibleDocumentError)) throw error
      this.close()
      this.#onIncompatible(error)
      return false
    }
  }

  protected draw(origin: 'remote' | 'undo', selection: AnchoredSelection | null): void {
    const { view } = this.bound
    if (view === null || this.isClosed) return
    if (view.state.doc.eq(this.current)) {
      // So that the next comparison finds the same nodes, not equal ones.
      this.current = view.state.doc
      return
    }
    this.bound.drawComposed(this.current, this.#positionOf)
    const { storedMarks } = view.state
    const tr = changeTo(view.state, this.current)
    if (origin === 'undo') {
      if (selection !== null) selectAnchored(tr, selection, this.#positionOf)
      tr.scrollIntoView()
    } else {
      this.#keepSelection(tr, view.state.selection, selection)
      // What the writer has toggled at the caret: every step clears it.
      tr.setStoredMarks(storedMarks)
    }
    this.current = tr.doc
    this.bound.draw(view, tr, origin)
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
