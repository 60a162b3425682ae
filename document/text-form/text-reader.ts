import { Fragment, type Mark, type Node, type NodeType, type Schema } from 'prosemirror-model'
import * as Y from 'yjs'
import { BlockKinds } from './block-kinds.ts'
import { FormatStates } from './format-states.ts'
import { InlineObjects } from './inline-objects.ts'
import { firstItem, markerMap } from './items.ts'
import { marksOfFormats, NO_FORMATS, type Formats } from './mark-keys.ts'
import { readTableGrid, type TableCell } from './table-grid.ts'
import type { TableTypes } from './table-kind.ts'

/** One block of a text, as it is drawn. */
export interface TextBlock {
  /**
   * The item behind which the block's content begins: its marker; for text that a merge left behind a block that holds
   * none, that block's marker; null at the text's very beginning.
   */
  readonly start: Y.Item | null
  /** Whether `start` is the block's own marker. */
  readonly isMarked: boolean
  /** The formats in force behind `start`. */
  readonly formats: Formats
  readonly node: Node
}

/** One of the texts that a table's cell is made of, and its blocks as they are drawn. */
export interface CellPart {
  readonly text: Y.Text
  readonly nodes: readonly Node[]
  /** Where it begins and ends in the cell's content. */
  readonly start: number
  readonly end: number
}

/** What was read from one marker to the next. */
export interface Reading {
  /** One; none for nothing before the first marker; two for text behind a block that holds none. */
  readonly blocks: readonly TextBlock[]
  /** The marker after that; null at the text's end. */
  readonly next: Y.Item | null
  /** The formats in force there. */
  readonly formats: Formats
}

/**
 * Draws a text as the blocks of a document: whatever it holds, all its characters are shown, nothing is written, and
 * nothing throws.
 */
export class TextReader {
  readonly text: Y.Text
  readonly schema: Schema
  readonly kinds: BlockKinds
  readonly inlineObjects: InlineObjects
  readonly #states = new FormatStates()
  readonly #marks = new WeakMap<Formats, readonly Mark[]>()

  /** The text of a document, or of a table's cell, where there are no tables. */
  constructor(text: Y.Text, schema: Schema, isInCell = false) {
    this.text = text
    this.schema = schema
    this.kinds = new BlockKinds(schema, isInCell)
    this.inlineObjects = new InlineObjects(schema)
  }

  /** All blocks: at least one, an empty paragraph that nobody has written. */
  readAll(): TextBlock[] {
    const blocks: TextBlock[] = []
    let reading = this.read(null, NO_FORMATS)
    blocks.push(...reading.blocks)
    while (reading.next !== null) {
      reading = this.read(reading.next, reading.formats)
      blocks.push(...reading.blocks)
    }
    return blocks
  }

  /** What begins at a live marker, or at the text's very beginning, given the formats in force there. */
  read(start: Y.Item | null, formats: Formats): Reading {
    const marker = start === null ? null : markerMap(start)
    const { type, attributes } = this.kinds.read(marker)
    const textblock = type.isTextblock ? type : this.kinds.paragraph
    const { content, next, formats: after } = this.#content(start, formats, textblock)
    const blocks: TextBlock[] = []
    if (marker !== null) {
      const { tables } = this.kinds
      const isTable = tables !== null && type === tables.table
      const node = isTable
        ? this.#table(marker, tables)
        : type.create(attributes, type.isTextblock ? content : null)
      blocks.push({ start, isMarked: true, formats, node })
    }
    if (marker === null ? content.size > 0 || next === null : !type.isTextblock && content.size > 0) {
      blocks.push({ start, isMarked: false, formats, node: textblock.create(null, content) })
    }
    return { blocks, next, formats: after }
  }

  /** What a cell of a table is made of: its texts that are not empty. */
  readCell({ places }: TableCell): CellPart[] {
    const texts = places.flatMap((place) => place.texts).filter((text) => text.length > 0)
    let end = 0
    return texts.map((text) => {
      const nodes = new TextReader(text, this.schema, true).readAll().map(({ node }) => node)
      const start = end
      end += nodes.reduce((sum, { nodeSize }) => sum + nodeSize, 0)
      return { text, nodes, start, end }
    })
  }

  /** The blocks of a cell as they are drawn: at least one. */
  contentOf(cell: TableCell): Node[] {
    const content = this.readCell(cell).flatMap(({ nodes }) => nodes)
    return content.length > 0 ? content : [this.kinds.paragraph.create()]
  }

  /** How many positions an item takes within a block of this type. */
  widthOf(item: Y.Item, type: NodeType): number {
    if (item.deleted) return 0
    if (item.content instanceof Y.ContentString) return item.length
    return this.inlineObjects.read(item.content, type) === null ? 0 : 1
  }

  #table(marker: Y.Map<unknown>, types: TableTypes): Node {
    const grid = readTableGrid(marker)
    const rows = grid.rows.map((): Node[] => [])
    for (const cell of grid.cells) {
      const { row, column, rowspan, colspan } = cell
      const [rowId, columnId] = [grid.rows[row] ?? '', grid.columns[column] ?? '']
      const isHeader = grid.headers.has(rowId) || grid.headers.has(columnId)
      const ids = grid.columns.slice(column, column + colspan)
      const colwidth = ids.some((id) => grid.widths.has(id))
        ? ids.map((id) => grid.widths.get(id) ?? 0)
        : null
      rows[row]?.push(
        (isHeader ? types.header : types.cell).create({ rowspan, colspan, colwidth }, this.contentOf(cell)),
      )
    }
    return types.table.create(
      null,
      rows.map((cells) => types.row.create(null, cells)),
    )
  }

  #content(
    start: Y.Item | null,
    before: Formats,
    type: NodeType,
  ): { readonly content: Fragment; readonly next: Y.Item | null; readonly formats: Formats } {
    const nodes: Node[] = []
    let formats = before
    let text = ''
    let marks = this.#marksAt(formats, type)
    const flush = (): void => {
      if (text !== '') nodes.push(this.schema.text(text, marks))
      text = ''
    }
    let item = start === null ? firstItem(this.text) : start.right
    // The kinds of content in the order of how many there are: this runs over a whole block at every keystroke.
    for (; item !== null; item = item.right) {
      const { content } = item
      if (item.deleted) continue
      if (content instanceof Y.ContentString) {
        text += content.str
      } else if (content instanceof Y.ContentFormat) {
        const next = this.#states.after(formats, content)
        if (next === formats) continue
        flush()
        formats = next
        marks = this.#marksAt(formats, type)
      } else if (markerMap(item) !== null) {
        break
      } else {
        const node = this.inlineObjects.read(content, type)
        if (node === null) continue
        flush()
        nodes.push(node.mark(marks))
      }
    }
    flush()
    // Joins adjacent texts of equal marks.
    return { content: Fragment.fromArray(nodes), next: item, formats }
  }

  #marksAt(formats: Formats, type: NodeType): readonly Mark[] {
    let marks = this.#marks.get(formats)
    if (marks === undefined) {
      marks = marksOfFormats(formats, this.schema)
      this.#marks.set(formats, marks)
    }
    return type.allowedMarks(marks)
  }
}

/** The document that a text holds. */
export function readTextDocument(text: Y.Text, schema: Schema): Node {
  const blocks = new TextReader(text, schema).readAll()
  return schema.topNodeType.create(
    null,
    blocks.map(({ node }) => node),
  )
}
