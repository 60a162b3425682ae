import type { Node, Schema } from 'prosemirror-model'
import type { EditorState, Selection } from 'prosemirror-state'
import * as Y from 'yjs'
import { firstItem, markerMap, TextReader } from '../../document/text-form/index.ts'
import { Arrivals } from './arrivals.ts'
import type { Anchor, Binding } from './binding.ts'
import type { EditorChange } from './bound-view.ts'
import { FormBinding } from './form-binding.ts'
import { selectAnchored, type AnchoredSelection } from './anchored-selection.ts'
import { changeTo, type ChangedChildren } from './minimal-change.ts'
import { TextBlocks } from './text-blocks.ts'
import { DocumentPositions } from './document-positions.ts'
import { TextWriter } from './text-writer.ts'

export interface TextBindingOptions {
  /** The text of a document in the text form, which has been seeded. */
  readonly text: Y.Text
  /** Its document is any sequence of blocks; "paragraph" is one of them. */
  readonly schema: Schema
}

/**
 * Binds an editor to a document in the text form (`document/FORM.md`). Whatever the text holds is shown, and left alone
 * until the writer changes it.
 */
export function createTextBinding(options: TextBindingOptions): Binding {
  return new TextBinding(options)
}

class TextBinding extends FormBinding {
  #blocks: TextBlocks
  #positions: DocumentPositions
  readonly #arrivals = new Arrivals()

  constructor({ text, schema }: TextBindingOptions) {
    if (text.doc === null) throw new TypeError('The text belongs to no Y.Doc')
    const blocks = new TextBlocks(new TextReader(text, schema))
    super({
      type: text,
      yDoc: text.doc,
      document: blocks.toDocument(),
      deleteFilter: (item, isGoing) =>
        !isCellText(item) &&
        (item.parent === text ? !isHeldByOthers(item, isGoing) : !isLineOfOthers(item, isGoing)),
    })
    this.#blocks = blocks
    this.#positions = new DocumentPositions(blocks)
  }

  positionOf(anchor: Anchor, _state: EditorState): number | null {
    return this.#positions.positionOf(this.current, anchor)
  }

  protected anchor(pos: number, assoc: -1 | 0): Anchor {
    return this.#positions.anchorAt(this.current, pos, assoc)
  }

  protected write({ doc, writing, transactions }: EditorChange): void {
    this.history.record(writing, (yTransaction) => {
      const writer = new TextWriter(
        yTransaction,
        this.#blocks,
        this.#arrivals.during(transactions, yTransaction),
      )
      // An embedder may have given the view another state than the one that follows from these.
      if (transactions[0]?.before === this.current && transactions.at(-1)?.doc === doc)
        writer.write(transactions)
      else writer.writeDocument(doc)
      this.current = this.#blocks.adopt(doc) ? doc : this.#blocks.toDocument()
    })
    // The form may have no place for some of what was done.
    this.draw('remote', null)
  }

  protected recover(): void {
    this.#blocks = new TextBlocks(this.#blocks.reader)
    this.#positions = new DocumentPositions(this.#blocks)
    this.current = this.#blocks.toDocument()
    this.draw('remote', null)
  }

  protected changed(yTransaction: Y.Transaction): void {
    if (yTransaction.origin === this) return
    this.#blocks.update(yTransaction)
    if (!this.#blocks.adopt(this.current)) this.current = this.#blocks.toDocument()
    this.drawChanged(yTransaction)
  }

  protected draw(origin: 'remote' | 'undo', selection: AnchoredSelection | null): void {
    const { view } = this.bound
    if (view === null || this.isClosed || view.state.doc === this.current) return
    if (this.#blocks.changedSince(view.state.doc) === null && this.#blocks.adopt(view.state.doc)) {
      this.current = view.state.doc
      return
    }
    this.bound.drawComposed(this.current, this.#positionIn(this.current))
    const { storedMarks } = view.state
    // Not known if a part of it has been drawn by now.
    const changed = this.#blocks.changedSince(view.state.doc)
    const tr = changeTo(view.state, this.current, changed)
    this.#blocks.adopt(tr.doc)
    this.current = tr.doc
    const isMapped = origin === 'remote' && changed !== null && isOutside(view.state.selection, changed)
    // Steps carry a selection along, but cannot tell which of several equal letters came; Yjs can.
    if (selection !== null && !isMapped) selectAnchored(tr, selection, this.#positionIn(tr.doc))
    if (origin === 'undo') tr.scrollIntoView()
    // What the writer has toggled at the caret: every step clears it.
    else tr.setStoredMarks(storedMarks)
    this.bound.draw(view, tr, origin)
  }

  #positionIn(doc: Node): (anchor: Anchor) => number | null {
    return (anchor) => this.#positions.positionOf(doc, anchor)
  }
}

/** Whether a selection is in blocks that stay as they are: the steps carry it along exactly. */
function isOutside({ $anchor, $head }: Selection, { from, beforeEnd }: ChangedChildren): boolean {
  return [$anchor, $head].every(($pos) => {
    const index = $pos.index(0)
    return $pos.depth === 1 && (index < from || index >= beforeEnd)
  })
}

/** What is in a cell's text can be taken back, the text itself not: others may write in it. */
function isCellText({ content, parentSub }: Y.Item): boolean {
  return parentSub !== null && content instanceof Y.ContentType && content.type instanceof Y.Text
}

/** Whether a table's row or column, or the table, holds text, which is then somebody else's. */
function isLineOfOthers({ parent, parentSub }: Y.Item, isGoing: (item: Y.Item) => boolean): boolean {
  const [prefix, id] = parentSub?.split(':') ?? []
  if (!(parent instanceof Y.Map) || (prefix !== 'row' && prefix !== 'column' && prefix !== 'kind'))
    return false
  const entries: Iterable<[string, unknown]> = parent.entries()
  return [...entries].some(([key, text]) => {
    const [kind, row, column] = key.split(':')
    const isIn = kind === 'cell' && (prefix === 'kind' || (prefix === 'row' ? row : column) === id)
    return isIn && text instanceof Y.Text && hasOtherText(text, isGoing)
  })
}

/** Whether anything is left in a text but what goes in the same step. */
function hasOtherText(text: Y.Text, isGoing: (item: Y.Item) => boolean): boolean {
  let item = firstItem(text)
  while (item !== null && (item.deleted || !item.countable || isGoing(item))) item = item.right
  return item !== null
}

/** Whether a marker must stay when making it is undone. */
function isHeldByOthers(item: Y.Item, isGoing: (item: Y.Item) => boolean): boolean {
  const map = markerMap(item)
  if (map === null) return false
  const texts: readonly unknown[] = [...map.values()]
  return isBegunByOthers(item) || texts.some((text) => text instanceof Y.Text && hasOtherText(text, isGoing))
}

/**
 * Whether all that a block still holds was written by others after it was made. When making it is undone, it stays for
 * that; a block that was split off goes, as what it holds was there before. Its maker's own text is deleted first.
 */
function isBegunByOthers(marker: Y.Item): boolean {
  const later: Y.Item[] = []
  for (let item = marker.right; item !== null && markerMap(item) === null; item = item.right) {
    if (!item.countable) continue
    const { origin } = item
    if (origin !== null && (isSince(marker.id, origin) || later.some((other) => holds(other, origin))))
      later.push(item)
    else if (!item.deleted) return false
  }
  return later.some(({ deleted }) => !deleted)
}

/** Whether an item was made by the marker's maker, not before it. */
function isSince(marker: Y.ID, { client, clock }: Y.ID): boolean {
  return client === marker.client && clock >= marker.clock
}

function holds({ id, length }: Y.Item, { client, clock }: Y.ID): boolean {
  return client === id.client && clock >= id.clock && clock < id.clock + length
}
