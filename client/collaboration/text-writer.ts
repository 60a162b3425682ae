import type { Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import {
  AddMarkStep,
  AttrStep,
  RemoveMarkStep,
  ReplaceAroundStep,
  ReplaceStep,
  StepMap,
  type Step,
} from 'prosemirror-transform'
import * as Y from 'yjs'
import {
  flatBlocks,
  formatsAround,
  inlinePieces,
  insertPiece,
  keyOfMark,
  markerMap,
  piecesBetween,
  piecesOfBlocks,
  TableWriter,
  TextCursor,
  textOfCell,
  TextReader,
  valueOfMark,
  type Formats,
  type Piece,
  type TableCell,
} from '../../document/text-form/index.ts'
import { isBeforeHalf, isBehindHalf, withWholeCharacters } from '../../document/text-form/whole-characters.ts'
import { RemovedLines } from './removed-lines.ts'
import { TextBlocks } from './text-blocks.ts'

/** Of a position in a table's cell: table, row, cell. */
const CELL_DEPTH = 3

/** A place among the blocks: at an offset in a block's content, or, with null, in front of that block. */
interface Place {
  readonly index: number
  readonly offset: number | null
}

/** A block of the old range that stays, as the one that begins with this piece of the new. */
interface Kept {
  readonly index: number
  readonly piece: number
}

/**
 * Writes the steps of an editor's transactions into the text: each acts on the same range there. What was typed goes in
 * whole, and what was replaced goes wholly: nothing is guessed by comparing texts, since half a word that somebody else
 * deletes is worth nothing. To be made for one Yjs transaction.
 */
export class TextWriter {
  readonly #yTransaction: Y.Transaction
  readonly #blocks: TextBlocks
  readonly #text: Y.Text
  readonly #isSpared: (item: Y.Item) => boolean
  readonly #removed: RemovedLines
  #hasSpared = false

  /** What is spared stays where it would have been deleted with what is around it. */
  constructor(
    yTransaction: Y.Transaction,
    blocks: TextBlocks,
    isSpared: (item: Y.Item) => boolean = noItem,
    removed = new RemovedLines(),
  ) {
    this.#yTransaction = yTransaction
    this.#blocks = blocks
    this.#isSpared = isSpared
    this.#removed = removed
    this.#text = blocks.reader.text
  }

  /** The blocks are those of the document before; afterwards they are those that the text holds. */
  write(transactions: readonly Transaction[]): void {
    for (const tr of transactions) {
      for (const [i, step] of tr.steps.entries()) {
        const before = tr.docs[i] ?? tr.doc
        const after = tr.docs[i + 1] ?? tr.doc
        const isWritten = this.#writeStep(step, before, after)
        // From here on, the text is not what the steps are for.
        if (this.#hasSpared) return
        if (isWritten && this.#shows(after)) continue
        this.writeDocument(transactions.at(-1)?.doc ?? tr.doc)
        return
      }
    }
  }

  /** Makes the text hold a document, as far as it can: blocks within blocks are taken out of them. */
  writeDocument(doc: Node): void {
    const want = flatBlocks(withWholeCharacters(doc), this.#blocks.reader.kinds)
    const { node: first, isMarked } = this.#blocks.at(0)
    // An empty paragraph that nobody has written is there only as long as it is alone.
    if (want.length > 1 && !isMarked && first.content.size === 0) this.#mark(0, first)
    const have = this.#blocks.list.map(({ node }) => node)
    let from = 0
    while (from < have.length && from < want.length && isEqual(have[from], want[from])) from++
    let [haveTo, wantTo] = [have.length, want.length]
    while (haveTo > from && wantTo > from && isEqual(have[haveTo - 1], want[wantTo - 1])) {
      haveTo--
      wantTo--
    }
    if (haveTo === wantTo) {
      for (let i = haveTo - 1; i >= from; i--) this.#rewrite(i, want[i])
      return
    }
    const pieces = piecesOfBlocks(want.slice(from, wantTo))
    this.#replace({ index: from, offset: null }, { index: haveTo, offset: null }, pieces)
  }

  /** Whether the text holds a document, but for half characters, which it has no place for. */
  #shows(doc: Node): boolean {
    return this.#blocks.adopt(doc) || this.#blocks.adopt(withWholeCharacters(doc))
  }

  /** Whether the step has been written; the text may then still show something else than it did. */
  #writeStep(step: Step, before: Node, after: Node): boolean {
    // One step goes over several cells.
    if (step instanceof RemoveMarkStep) return this.#removeMark(step, before, after)
    if (this.#writeInCell(step, before, after)) return true
    if (step instanceof AddMarkStep) return this.#addMark(step, before)
    if (step instanceof AttrStep) return this.#setAttribute(step, before, after)
    if (step instanceof ReplaceStep || step instanceof ReplaceAroundStep)
      return this.#replaceRanges(step, before, after)
    return false
  }

  /** A step within one cell of a table is one in a text of that cell. */
  #writeInCell(step: Step, before: Node, after: Node): boolean {
    const range = rangeOf(step)
    if (range === null) return false
    const $from = before.resolve(range.from)
    if ($from.depth < CELL_DEPTH || $from.sharedDepth(range.to) < CELL_DEPTH) return false
    const index = $from.index(0)
    const place = this.#blocks.cellsAt(index)?.at($from.index(1), $from.index(2)) ?? null
    if (place === null) return false
    const content = after.child(index).maybeChild(place.row)?.maybeChild(place.index)?.content
    const start = $from.start(CELL_DEPTH)
    const part = this.#partOf(index, place.cell, $from.node(CELL_DEPTH), range.from - start, range.to - start)
    if (part === null || content === undefined) return false
    const inPart = step.map(new StepMap([0, start + part.start, 0]))
    if (inPart === null) return false
    const { reader } = this.#blocks
    const grown = after.content.size - before.content.size
    const [old, now] = [
      $from.node(CELL_DEPTH).content.cut(part.start, part.end),
      content.cut(part.start, part.end + grown),
    ].map((blocks) => reader.schema.topNodeType.create(null, blocks))
    if (old === undefined || now === undefined) return false
    const blocks = new TextBlocks(new TextReader(part.text, reader.schema, true))
    const writer = new TextWriter(this.#yTransaction, blocks, this.#isSpared, this.#removed)
    const isWritten = writer.#writeStep(inPart, old, now)
    this.#hasSpared ||= writer.#hasSpared
    // A new text, which no cell is known to have.
    if (this.#blocks.cellsAt(index)?.withText(part.text) === place)
      this.#blocks.readCellsAgain(index, [part.text])
    else this.#readAgain(index, index)
    return isWritten
  }

  /** The text of a cell that a range of its content is in, a new one if it has none; null if it is in several. */
  #partOf(
    index: number,
    cell: TableCell,
    node: Node,
    from: number,
    to: number,
  ): { readonly text: Y.Text; readonly start: number; readonly end: number } | null {
    const parts = this.#blocks.reader.readCell(cell)
    if (parts.length > 0) return parts.find(({ start, end }) => start <= from && to <= end) ?? null
    const { start } = this.#blocks.at(index)
    const map = start === null ? null : markerMap(start)
    if (map === null) return null
    const text = textOfCell(map, cell, this.#yTransaction.doc.clientID)
    return { text, start: 0, end: node.content.size }
  }

  #addMark({ from, to, mark }: AddMarkStep, before: Node): boolean {
    return this.#formatBetween(before, from, to, new Map([[keyOfMark(mark), valueOfMark(mark)]]))
  }

  #removeMark({ from, to, mark }: RemoveMarkStep, before: Node, after: Node): boolean {
    const ranges: { from: number; to: number }[] = []
    before.nodesBetween(from, to, (node, pos) => {
      if (!node.isInline || !mark.isInSet(node.marks)) return
      const range = { from: Math.max(pos, from), to: Math.min(pos + node.nodeSize, to) }
      const last = ranges.at(-1)
      if (last?.to === range.from) last.to = range.to
      else ranges.push(range)
    })
    const formats = new Map([[keyOfMark(mark), null]])
    return ranges.every(
      (range) =>
        this.#writeInCell(new RemoveMarkStep(range.from, range.to, mark), before, after) ||
        this.#formatBetween(before, range.from, range.to, formats),
    )
  }

  #setAttribute({ pos }: AttrStep, before: Node, after: Node): boolean {
    const place = placeAt(before, pos)
    if (place?.offset !== null) return false
    this.#makeBe(place.index, after.child(place.index))
    return true
  }

  #replaceRanges(step: ReplaceStep | ReplaceAroundStep, before: Node, after: Node): boolean {
    const ranges: { readonly from: Place; readonly to: Place; readonly pieces: readonly Piece[] }[] = []
    let isFlat = true
    step.getMap().forEach((oldStart, oldEnd, newStart, newEnd) => {
      const [headroom, tailroom] = halvesAround(before, oldStart, oldEnd)
      const [oldFrom, newFrom] = [oldStart - headroom, newStart - headroom]
      const [from, to] = [placeAt(before, oldFrom), placeAt(before, oldEnd + tailroom)]
      // To resolve a position goes through all the blocks before it.
      const $from = oldFrom === newFrom ? before.resolve(oldFrom) : after.resolve(newFrom)
      const pieces = piecesBetween(after, newFrom, newEnd + tailroom, this.#blocks.reader.kinds, $from)
      if (from === null || to === null || pieces === null) isFlat = false
      else ranges.push({ from, to, pieces })
    })
    if (!isFlat) return false
    // From the last to the first, so that the places of the others hold.
    for (const { from, to, pieces } of ranges.toReversed()) this.#replace(from, to, pieces)
    return true
  }

  #formatBetween(before: Node, from: number, to: number, formats: Formats): boolean {
    const [headroom, tailroom] = halvesAround(before, from, to)
    const [start, end] = [placeAt(before, from - headroom), placeAt(before, to + tailroom)]
    if (start === null || end === null) return false
    const cursor = this.#cursorAt(start)
    cursor.format(cursor.lengthTo(this.#cursorAt(end)), formats)
    this.#readAgain(start.index, end.index)
    return true
  }

  #replace(from: Place, to: Place, wanted: readonly Piece[]): void {
    if (!isSamePlace(from, to))
      this.#removed.add(this.#blocks.reader, this.#cursorAt(from), this.#cursorAt(to).right)
    const pieces = this.#removed.restore(wanted)
    const opens = indicesBetween(from.offset === null ? from.index : from.index + 1, to)
    const kept = keptBlocks(opens, from.offset === null, pieces).filter(
      ({ index, piece }) =>
        this.#isTable(this.#blocks.at(index).node) === this.#isTable(nodeOf(pieces[piece])),
    )
    if (isSamePlace(from, to) && pieces.length === 0) return
    // Text without a marker would fall to what comes before it.
    const next = this.#blocks.list[to.index]
    if (to.offset === null && next?.isMarked === false) this.#mark(to.index, next.node)
    for (const { index, piece } of kept) this.#makeBe(index, nodeOf(pieces[piece]), false)

    const starts = new Set<Y.Item | null>([
      this.#startBefore(from),
      ...kept.map(({ index }) => this.#blocks.at(index).start),
    ])
    let end = to
    let pieceEnd = pieces.length
    for (const { index, piece } of kept.toReversed()) {
      this.#replaceWithin({ index, offset: 0 }, end, pieces.slice(piece + 1, pieceEnd))
      end = { index, offset: null }
      pieceEnd = piece
    }
    this.#replaceWithin(from, end, pieces.slice(0, pieceEnd))
    this.#blocks.readAgain(starts)
  }

  #replaceWithin(from: Place, to: Place, pieces: readonly Piece[]): void {
    const cursor = this.#cursorAt(from)
    if (!isSamePlace(from, to)) {
      const spared = cursor.delete(cursor.lengthTo(this.#cursorAt(to)), this.#isSpared)
      this.#hasSpared ||= spared > 0
    }
    const writeTable = (map: Y.Map<unknown>, table: Node): void => this.#writeTable(map, null, table)
    for (const piece of pieces) insertPiece(cursor, piece, this.#blocks.reader, writeTable)
  }

  /** Gives a block the kind and attributes of a node, and the cells of a table. */
  #makeBe(index: number, node: Node, readAgain = true): void {
    const { node: old, isMarked } = this.#blocks.at(index)
    if (isMarked) this.#blocks.reader.kinds.write(this.#markerAt(index), node)
    else if (!this.#blocks.reader.kinds.isDefault(node)) this.#mark(index, node)
    else return
    if (this.#isTable(node)) this.#writeTable(this.#markerAt(index), this.#isTable(old) ? old : null, node)
    if (readAgain) this.#readAgain(index, index)
  }

  #markerAt(index: number): Y.Map<unknown> {
    const { start } = this.#blocks.at(index)
    const marker = start === null ? null : markerMap(start)
    if (marker === null) throw new RangeError(`Block ${index} has no marker`)
    return marker
  }

  /** Gives a block that has none a marker. */
  #mark(index: number, node: Node): void {
    const { start } = this.#blocks.at(index)
    const cursor = this.#cursorAt({ index, offset: 0 })
    cursor.insert(new Y.Map(this.#blocks.reader.kinds.entriesOf(node)), formatsAround(cursor))
    this.#blocks.readAgain(new Set([start]))
  }

  #rewrite(index: number, node: Node | undefined): void {
    if (node === undefined) return
    if (this.#isTable(this.#blocks.at(index).node) !== this.#isTable(node)) {
      this.#replace({ index, offset: null }, { index: index + 1, offset: null }, piecesOfBlocks([node]))
      return
    }
    this.#makeBe(index, node)
    if (this.#isTable(node)) return
    const { content } = this.#blocks.at(index).node
    const start = content.findDiffStart(node.content)
    const end = content.findDiffEnd(node.content)
    if (start === null || end === null) return
    const overlap = Math.max(0, start - Math.min(end.a, end.b))
    const pieces = inlinePieces(node, start, end.b + overlap)
    this.#replace({ index, offset: start }, { index, offset: end.a + overlap }, pieces)
  }

  /**
   * Its marker holds its cells, so it goes with them, and no other block becomes one: somebody who makes that a code block
   * at the same time would hide them.
   */
  #isTable({ type }: Node): boolean {
    return type === this.#blocks.reader.kinds.tables?.table
  }

  #writeTable(map: Y.Map<unknown>, before: Node | null, after: Node): void {
    const { reader } = this.#blocks
    const writeText = (text: Y.Text, nodes: readonly Node[]): void => {
      const blocks = new TextBlocks(new TextReader(text, reader.schema, true))
      const content = reader.schema.topNodeType.create(null, [...nodes])
      new TextWriter(this.#yTransaction, blocks, noItem, this.#removed).writeDocument(content)
    }
    const onDelete = (text: Y.Text): void => this.#removed.addText(reader, text)
    const { clientID } = this.#yTransaction.doc
    new TableWriter(reader, clientID, writeText, onDelete).write(map, before, after)
  }

  #cursorAt({ index, offset }: Place): TextCursor {
    if (offset === null && index === 0) return new TextCursor(this.#yTransaction, this.#text, null, new Map())
    const { start, formats, node, isMarked } = this.#blocks.at(offset === null ? index - 1 : index)
    const cursor = new TextCursor(this.#yTransaction, this.#text, start, formats)
    if (node.isTextblock) {
      cursor.advance(
        offset ?? node.content.size,
        (item) => this.#blocks.reader.widthOf(item, node.type),
        (item) => markerMap(item) !== null,
      )
    } else if (!isMarked) {
      throw new RangeError('A block without a marker holds no text')
    }
    return cursor
  }

  /** Where what is at a place, or before it, begins. */
  #startBefore({ index, offset }: Place): Y.Item | null {
    if (offset !== null) return this.#blocks.at(index).start
    return index === 0 ? null : this.#blocks.at(index - 1).start
  }

  #readAgain(from: number, to: number): void {
    this.#blocks.readAgain(new Set(this.#blocks.list.slice(from, to + 1).map(({ start }) => start)))
  }
}

/** The range of a document that a step acts on; null for a step that is not known. */
function rangeOf(step: Step): { readonly from: number; readonly to: number } | null {
  if (step instanceof AttrStep) return { from: step.pos, to: step.pos + 1 }
  const isRange =
    step instanceof AddMarkStep ||
    step instanceof RemoveMarkStep ||
    step instanceof ReplaceStep ||
    step instanceof ReplaceAroundStep
  return isRange ? { from: step.from, to: step.to } : null
}

/** By how much a range must begin earlier and end later to hold no half of a character. */
function halvesAround(doc: Node, from: number, to: number): readonly [0 | 1, 0 | 1] {
  return [isBehindHalf(doc.resolve(from)) ? 1 : 0, isBeforeHalf(doc.resolve(to)) ? 1 : 0]
}

/** Null for a place within what is no textblock. */
function placeAt(doc: Node, pos: number): Place | null {
  const $pos = doc.resolve(pos)
  if ($pos.depth > 1 || ($pos.depth === 1 && !$pos.parent.isTextblock)) return null
  return { index: $pos.index(0), offset: $pos.depth === 0 ? null : $pos.parentOffset }
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.index === b.index && a.offset === b.offset
}

/** The blocks whose beginning lies in a range. */
function indicesBetween(first: number, to: Place): number[] {
  const end = to.offset === null ? to.index : to.index + 1
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i)
}

/**
 * Which blocks of a replaced range stay: the first one, if the range begins with it and so does what replaces it; and the
 * last one, which holds what comes behind the range.
 */
function keptBlocks(opens: readonly number[], startsWithBlock: boolean, pieces: readonly Piece[]): Kept[] {
  const kept: Kept[] = []
  const newOpens = pieces.flatMap(({ kind }, i) => (kind === 'open' ? [i] : []))
  const [firstOld, firstNew] = [opens[0], newOpens[0]]
  const hasFirst = startsWithBlock && firstOld !== undefined && firstNew === 0
  if (hasFirst) kept.push({ index: firstOld, piece: firstNew })
  const [lastOld, lastNew] = [opens.at(-1), newOpens.at(-1)]
  if (lastOld === undefined || lastNew === undefined) return kept
  if (!hasFirst || (lastOld !== firstOld && lastNew !== firstNew))
    kept.push({ index: lastOld, piece: lastNew })
  return kept
}

function nodeOf(piece: Piece | undefined): Node {
  if (piece?.kind !== 'open') throw new TypeError('The piece begins no block')
  return piece.node
}

function isEqual(a: Node | undefined, b: Node | undefined): boolean {
  return a !== undefined && b !== undefined && (a === b || a.eq(b))
}

function noItem(): boolean {
  return false
}
