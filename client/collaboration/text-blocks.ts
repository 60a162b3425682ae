import type { Node } from 'prosemirror-model'
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

/** When so many places changed at once, everything is read again. */
const MANY = 500

/**
 * The blocks of a text in order, one for each child of the editor's document: the index by which edits find their place.
 * It is a list because ProseMirror keeps, and copies at every change, just such a list of the document's children.
 */
export class TextBlocks {
  readonly reader: TextReader
  #list: TextBlock[]
  #markers: Set<Y.Item>
  /** Of the tables, by their markers, in which a cell was looked for since they were read. */
  readonly #cells = new Map<Y.Item, TableCells>()

  constructor(reader: TextReader) {
    this.reader = reader
    this.#list = reader.readAll()
    this.#markers = markersOf(this.#list)
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
    return this.#list.findIndex((block) => block.start === start)
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
    return this.reader.schema.topNodeType.create(
      null,
      this.#list.map(({ node }) => node),
    )
  }

  /** Takes over the nodes of a document that shows these blocks, so that both share them; false if it shows others. */
  adopt(doc: Node): boolean {
    if (doc.childCount !== this.#list.length) return false
    // Nearly all nodes are the same ones already.
    for (let i = 0; i < this.#list.length; i++) {
      const block = this.#list[i]
      const node = doc.child(i)
      if (block === undefined || node === block.node) continue
      if (!node.eq(block.node)) return false
      this.#list[i] = { ...block, node }
    }
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
      this.#list[index] = { ...block, node }
    }
  }

  /** Reads again what follows these live markers, null being the text's beginning. */
  readAgain(starts: ReadonlySet<Y.Item | null>): void {
    if (starts.size > MANY) this.#readAll()
    else for (const start of starts) this.#readFrom(start)
  }

  #isStart(item: Y.Item): boolean {
    return !item.deleted && this.#markers.has(item)
  }

  #readAll(): void {
    const before = new Map<Y.Item | null, TextBlock[]>()
    for (const block of this.#list) before.set(block.start, [...(before.get(block.start) ?? []), block])
    this.#list = this.reader.readAll().map((block) => {
      const old = before.get(block.start)?.find(({ isMarked }) => isMarked === block.isMarked)
      return old?.node.eq(block.node) ? { ...block, node: old.node } : block
    })
    this.#markers = markersOf(this.#list)
    this.#cells.clear()
  }

  #readFrom(start: Y.Item | null): void {
    const from = start === null ? 0 : this.indexOf(start)
    const fresh: TextBlock[] = []
    let at = start
    let formats: Formats = start === null ? NO_FORMATS : this.at(from).formats
    let to: number
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
      to = this.#list.findIndex((block, i) => i >= from && block.start === at)
      // A format that was begun or ended here can reach into what follows.
      if (isSameFormats(this.at(to).formats, formats)) break
    }
    for (const block of this.#list.slice(from, to)) {
      if (block.start === null) continue
      this.#markers.delete(block.start)
      this.#cells.delete(block.start)
    }
    for (const { start: marker } of fresh) if (marker !== null) this.#markers.add(marker)
    this.#list.splice(from, to - from, ...fresh)
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

function markersOf(blocks: readonly TextBlock[]): Set<Y.Item> {
  return new Set(blocks.flatMap(({ start }) => (start === null ? [] : [start])))
}

function isSameFormats(a: Formats, b: Formats): boolean {
  return a === b || (a.size === b.size && [...a].every(([key, value]) => b.get(key) === value))
}
