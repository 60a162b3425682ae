import type { Node, ResolvedPos } from 'prosemirror-model'
import * as Y from 'yjs'
import { itemOfType, offsetOfCell, TextReader, type CellPlace } from '../../document/text-form/index.ts'
import type { Anchor } from './binding.ts'
import { findItem, parseAnchor } from './parse-anchor.ts'
import { TextBlocks } from './text-blocks.ts'
import { TextPositions } from './text-positions.ts'

/** The depths of a table's parts in a document. */
const [ROW_DEPTH, CELL_DEPTH] = [2, 3]

/** Turns positions in the editor's document into anchors, in its text or in that of a table's cell, and back. */
export class DocumentPositions {
  readonly #blocks: TextBlocks
  readonly #flat: TextPositions

  constructor(blocks: TextBlocks) {
    this.#blocks = blocks
    this.#flat = new TextPositions(blocks)
  }

  /**
   * The document is the one that shows the blocks. An anchor holds on to what is before it (-1): what others insert at a
   * caret comes behind it. The beginning of a selection holds on to what is behind it (0), so that it does not grow.
   */
  anchorAt(doc: Node, position: number, assoc: -1 | 0 = -1): Anchor {
    const $pos = doc.resolve(position)
    const place = $pos.depth < ROW_DEPTH ? null : this.#placeAt($pos)
    if (place === null) return this.#flat.anchorAt(doc, position, assoc)
    if ($pos.depth === ROW_DEPTH) return this.#anchorOfCell($pos, place, 0)
    const offset = position - $pos.start(CELL_DEPTH)
    const part = this.#blocks.reader.readCell(place.cell).find(({ end }) => offset <= end)
    // Nobody has written in it yet.
    if (part === undefined) return this.#anchorOfCell($pos, place, -1)
    const { shown, positions } = this.#within(part.text)
    return positions.anchorAt(shown, offset - part.start, assoc)
  }

  /** Null for what is no anchor, or one of something that is not here. */
  positionOf(doc: Node, anchor: Anchor): number | null {
    const parsed = parseAnchor(anchor)
    const id = parsed?.item ?? parsed?.type
    const yDoc = this.#blocks.reader.text.doc
    const found = id == null || yDoc === null ? null : findItem(yDoc, id)
    if (parsed === null || found === null) return this.#flat.positionOf(doc, anchor)
    const { item } = found
    if (parsed.cell !== null) {
      const place = this.#cellsOf(item)?.withIds(parsed.cell.row, parsed.cell.column)
      const start = place == null ? null : this.#startOf(doc, item, place)
      if (start !== null) return parsed.assoc < 0 ? start + 2 : start
    }
    const text = parsed.item === null ? typeOf(item) : item.parent
    const marker = markerOfCellText(text)
    return text instanceof Y.Text && marker?.parent === this.#blocks.reader.text
      ? this.#positionInCell(doc, marker, text, anchor)
      : this.#flat.positionOf(doc, anchor)
  }

  /** Of a table without the cell that an anchor is in, there is only where it begins. */
  #positionInCell(doc: Node, marker: Y.Item, text: Y.Text, anchor: Anchor): number | null {
    const place = this.#cellsOf(marker)?.withText(text)
    const start = place == null ? null : this.#startOf(doc, marker, place)
    if (place == null || start === null) return this.#flat.positionOf(doc, { item: marker.id, assoc: 0 })
    const part = this.#blocks.reader.readCell(place.cell).find((one) => one.text === text)
    if (part === undefined) return start + 2
    const { shown, positions } = this.#within(text)
    const offset = positions.positionOf(shown, anchor)
    return offset === null ? null : start + 1 + part.start + offset
  }

  #within(text: Y.Text): { readonly shown: Node; readonly positions: TextPositions } {
    const blocks = new TextBlocks(new TextReader(text, this.#blocks.reader.schema, true))
    return { shown: blocks.toDocument(), positions: new TextPositions(blocks) }
  }

  #anchorOfCell($pos: ResolvedPos, { cell }: CellPlace, assoc: -1 | 0): Anchor {
    const { start } = this.#blocks.at($pos.index(0))
    const [place] = cell.places
    return { item: start?.id, assoc, row: place?.row, column: place?.column }
  }

  #placeAt($pos: ResolvedPos): CellPlace | null {
    return this.#blocks.cellsAt($pos.index(0))?.at($pos.index(1), $pos.index(2)) ?? null
  }

  #cellsOf(marker: Y.Item) {
    const index = this.#blocks.indexOf(marker)
    return index < 0 ? null : this.#blocks.cellsAt(index)
  }

  /** Where a cell of a table begins. */
  #startOf(doc: Node, marker: Y.Item, place: CellPlace): number | null {
    const start = this.#flat.positionOf(doc, { item: marker.id, assoc: 0 })
    const table = start === null ? null : doc.nodeAt(start)
    return start === null || table === null ? null : start + offsetOfCell(table, place)
  }
}

function typeOf({ content }: Y.Item): unknown {
  return content instanceof Y.ContentType ? content.type : null
}

/** The marker of the table in whose map a text is. */
function markerOfCellText(text: unknown): Y.Item | null {
  const map = text instanceof Y.Text ? itemOfType(text)?.parent : null
  return map instanceof Y.Map ? itemOfType(map) : null
}
