import { Fragment, type Node } from 'prosemirror-model'
import * as Y from 'yjs'
import {
  itemOfType,
  markerMap,
  NO_FORMATS,
  readTableGrid,
  TableCells,
  withCellContent,
  type Formats,
  type TextBlock,
  type TextReader,
} from '../../document/text-form/index.ts'
import type { ChangedChildren } from './minimal-change.ts'

/** When so many places changed at once, everything is read again. */
const MANY = 500

/**
 * The blocks of a text in order, one for each child of the editor's document: the index by which edits find their place.
 * It is a list because ProseMirror keeps, and copies at every change, just such a list of the document's children.
 *
 * What is done at a keystroke never looks at every block, each of which is a cache miss or two; at most it compares two
 * arrays of pointers. With thousands of blocks that was most of a keystroke's time.
 */
export class TextBlocks {
  readonly reader: TextReader
  readonly #list: TextBlock[]
  /** Where the block of each marker is, but for what came and went in front of it since it was last looked for. */
  readonly #places = new Map<Y.Item, number>()
  /** The document that the blocks were, and where they are something else since. */
  #document: Node
  #changed: ChangedChildren | null = null
  /** The document before that one, and where the two differ. */
  #step: { readonly before: Node; readonly changed: ChangedChildren } | null = null
  /** Of the tables, by their markers, in which a cell was looked for since they were read. */
  readonly #cells = new Map<Y.Item, TableCells>()

  constructor(reader: TextReader) {
    this.reader = reader
    this.#list = reader.readAll()
    this.#place(0)
    this.#document = reader.schema.topNodeType.create(
      null,
      this.#list.map(({ node }) => node),
    )
  }

  get list(): readonly TextBlock[] {
    return this.#list
  }

  /** Throws a `RangeError` if there is none. */
  at(index: number): TextBlock {
    const block = this.#list[index]
    if (block === undefined) throw new RangeError(`There is no block ${index} of ${this.#list.length}`)
    return block
  }

  /** The first block that begins behind an item, or -1. */
  indexOf(start: Y.Item | null): number {
    if (start === null) return this.#list[0]?.start === null ? 0 : -1
    const about = this.#places.get(start)
    if (about === undefined) return -1
    let index = this.#nearest(start, about)
    if (index !== about && index >= 0) this.#places.set(start, index)
    while (this.#list[index - 1]?.start === start) index--
    return index
  }

  /** The cells of a table; null if the block is none. */
  cellsAt(index: number): TableCells | null {
    const { start, node, isMarked } = this.at(index)
    if (start === null || !isMarked || node.type !== this.reader.kinds.tables?.table) return null
    let cells = this.#cells.get(start)
    const map = cells === undefined ? markerMap(start) : null
    if (map !== null) this.#cells.set(start, (cells = new TableCells(readTableGrid(map))))
    return cells ?? null
  }

  /** The document that these blocks are. */
  toDocument(): Node {
    const [before, changed] = [this.#document, this.#changed]
    if (changed === null) return before
    const nodes = this.#list.slice(changed.from, changed.afterEnd).map(({ node }) => node)
    const [node] = nodes
    const { children } = before
    const content =
      node !== undefined && nodes.length === 1 && changed.beforeEnd === changed.from + 1
        ? before.content.replaceChild(changed.from, node)
        : Fragment.fromArray([
            ...children.slice(0, changed.from),
            ...nodes,
            ...children.slice(changed.beforeEnd),
          ])
    this.#document = before.copy(content)
    this.#changed = null
    this.#step = { before, changed }
    return this.#document
  }

  /** Where a document differs from the one that these blocks are; null if that is not known. */
  changedSince(before: Node): ChangedChildren | null {
    this.toDocument()
    return this.#step?.before === before ? this.#step.changed : null
  }

  /** Takes over the nodes of a document that shows these blocks, so that both share them; false if it shows others. */
  adopt(doc: Node): boolean {
    if (doc.childCount !== this.#list.length) return false
    const changed = this.#changed ?? {
      from: this.#list.length,
      beforeEnd: doc.childCount,
      afterEnd: doc.childCount,
    }
    const isOutsideSame = doc === this.#document
    const others: number[] = isOutsideSame ? [] : this.#othersOutside(changed, doc.children)
    for (let i = changed.from; i < changed.afterEnd; i++) others.push(i)
    for (const i of others) {
      const node = doc.child(i)
      if (node !== this.at(i).node && !node.eq(this.at(i).node)) return false
    }
    for (const i of others) this.#list[i] = { ...this.at(i), node: doc.child(i) }
    if (!isOutsideSame) this.#step = null
    this.#document = doc
    this.#changed = null
    return true
  }

  /** Reads again what a Yjs transaction changed, which must not be over yet. */
  update(yTransaction: Y.Transaction): void {
    const touched = new Touched(this.reader.text, (item) => this.#isStart(item))
    touched.add(yTransaction)
    this.readAgain(touched.starts)
    for (const [marker, texts] of touched.cellTexts) {
      const index = touched.starts.has(marker) ? -1 : this.indexOf(marker)
      if (index >= 0) this.readCellsAgain(index, texts)
    }
  }

  /** Reads again those cells of a table that these texts are in, of which the table had no others before. */
  readCellsAgain(index: number, texts: Iterable<Y.Text>): void {
    const cells = this.cellsAt(index)
    for (const text of texts) {
      const place = cells?.withText(text)
      const block = this.at(index)
      // What is drawn nowhere changes nothing.
      if (place == null) continue
      const node = withCellContent(block.node, place, this.reader.contentOf(place.cell))
      this.#replace(index, index + 1, [{ ...block, node }])
    }
  }

  /**
   * Reads again what follows these markers, null being the text's beginning. One that is not live any more comes after
   * the live one before it.
   */
  readAgain(starts: ReadonlySet<Y.Item | null>): void {
    if (starts.size > MANY) this.#readAll()
    else for (const start of starts) this.#readFrom(start)
  }

  #isStart(item: Y.Item): boolean {
    return !item.deleted && this.#places.has(item)
  }

  /** The index of a block of this marker that is nearest to an index, or -1. */
  #nearest(start: Y.Item, about: number): number {
    const end = this.#list.length
    for (let [left, right] = [about, about + 1]; left >= 0 || right < end; left--, right++) {
      if (this.#list[left]?.start === start) return left
      if (this.#list[right]?.start === start) return right
    }
    return -1
  }

  /** Remembers where the blocks of a part are. */
  #place(from: number, to = this.#list.length): void {
    for (let i = from; i < to; i++) {
      const start = this.#list[i]?.start
      if (start) this.#places.set(start, i)
    }
  }

  /** The children that are other nodes than those of the document that the blocks were, before and behind what changed. */
  #othersOutside({ from, beforeEnd, afterEnd }: ChangedChildren, now: readonly Node[]): number[] {
    const others: number[] = []
    const before = this.#document.children
    for (let i = 0; i < from; i++) if (now[i] !== before[i]) others.push(i)
    const moved = beforeEnd - afterEnd
    for (let i = afterEnd; i < now.length; i++) if (now[i] !== before[i + moved]) others.push(i)
    return others
  }

  #readAll(): void {
    const before = new Map<Y.Item | null, TextBlock[]>()
    for (const block of this.#list) before.set(block.start, [...(before.get(block.start) ?? []), block])
    const list = this.reader.readAll().map((block) => {
      const old = before.get(block.start)?.find(({ isMarked }) => isMarked === block.isMarked)
      return old?.node.eq(block.node) ? { ...block, node: old.node } : block
    })
    this.#replace(0, this.#list.length, list)
    this.#cells.clear()
  }

  #readFrom(start: Y.Item | null): void {
    const from = start === null ? 0 : this.indexOf(start)
    // It is no more, and what it began has been read with what is before it.
    if (from < 0) return
    const fresh: TextBlock[] = []
    let at = start
    let formats: Formats = start === null ? NO_FORMATS : this.at(from).formats
    let to = from
    for (;;) {
      const reading = this.reader.read(at, formats)
      fresh.push(...reading.blocks)
      formats = reading.formats
      at = reading.next
      if (at === null) {
        to = this.#list.length
        break
      }
      if (!this.#isStart(at)) continue
      to = this.indexOf(at)
      // A format that was begun or ended here can reach into what follows.
      if (isSameFormats(this.at(to).formats, formats)) break
    }
    for (const { start: marker } of this.#list.slice(from, to))
      if (marker !== null) this.#cells.delete(marker)
    this.#replace(from, to, fresh)
  }

  #replace(from: number, to: number, fresh: readonly TextBlock[]): void {
    for (let i = from; i < to; i++) {
      const start = this.#list[i]?.start
      if (start) this.#places.delete(start)
    }
    const { from: first, beforeEnd, afterEnd } = this.#changed ?? { from, beforeEnd: to, afterEnd: to }
    const end = Math.max(afterEnd, to)
    this.#changed = {
      from: Math.min(first, from),
      beforeEnd: beforeEnd + end - afterEnd,
      afterEnd: end + fresh.length - (to - from),
    }
    // Not spread into splice(): a document has more blocks than a call may have arguments.
    if (fresh.length === to - from) for (const [i, block] of fresh.entries()) this.#list[from + i] = block
    else this.#splice(from, to, fresh)
    this.#place(from, from + fresh.length)
  }

  #splice(from: number, to: number, fresh: readonly TextBlock[]): void {
    const behind = this.#list.splice(from).slice(to - from)
    for (const block of fresh) this.#list.push(block)
    for (const block of behind) this.#list.push(block)
  }
}

/** Finds the markers of the blocks that a Yjs transaction touched, by walking left from every item that came or went. */
class Touched {
  /** Null is the text's beginning. */
  readonly starts = new Set<Y.Item | null>()
  /** Texts of cells that changed, by the marker of the table. */
  readonly cellTexts = new Map<Y.Item, Set<Y.Text>>()
  readonly #text: Y.Text
  readonly #isStart: (item: Y.Item) => boolean
  readonly #seen = new Set<Y.Item>()

  constructor(text: Y.Text, isStart: (item: Y.Item) => boolean) {
    this.#text = text
    this.#isStart = isStart
  }

  add(yTransaction: Y.Transaction): void {
    const { clients } = yTransaction.doc.store
    for (const [client, end] of yTransaction.afterState) {
      const begin = yTransaction.beforeState.get(client) ?? 0
      const structs = clients.get(client)
      if (end === begin || structs === undefined) continue
      for (let i = Y.findIndexSS(structs, begin); i < structs.length; i++) this.#touch(structs[i])
    }
    Y.iterateDeletedStructs(yTransaction, yTransaction.deleteSet, (struct) => this.#touch(struct))
  }

  #touch(struct: Y.Item | Y.GC | undefined): void {
    let item: Y.Item | null = struct instanceof Y.Item ? struct : null
    let inText: Y.Text | null = null
    while (item !== null && item.parent !== this.#text) {
      const parent: unknown = item.parent
      // The outermost is what a table may have as a cell's; an entry of its map is in none.
      if (parent instanceof Y.Text) inText = parent
      item = parent instanceof Y.AbstractType ? itemOfType(parent) : null
    }
    if (item === null || item.parentSub !== null) return
    if (inText !== null && this.#isStart(item)) {
      const texts = this.cellTexts.get(item)
      if (texts === undefined) this.cellTexts.set(item, new Set([inText]))
      else texts.add(inText)
      return
    }
    let at: Y.Item | null = item
    while (at !== null && !this.#isStart(at)) {
      if (this.#seen.has(at)) return
      this.#seen.add(at)
      at = at.left
    }
    this.starts.add(at)
  }
}

function isSameFormats(a: Formats, b: Formats): boolean {
  return a === b || (a.size === b.size && [...a].every(([key, value]) => b.get(key) === value))
}
