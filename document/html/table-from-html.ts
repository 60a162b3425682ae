import type { Node } from 'prosemirror-model'
import { isElement, type DomElement, type DomNode } from '../schema/dom.ts'
import { inlineStyle, lengthInPoints } from './inline-style.ts'
import { schema } from '../schema/schema.ts'
import { clampColumnWidth, clampSpan, MAX_TABLE_CELLS } from '../schema/table-nodes.ts'

/** What reading a table needs to know of what is in it. */
export interface CellReader {
  isHidden(element: DomElement): boolean
  /** The blocks of a cell; it is the last of the elements, each of which is in the one before, outermost first. */
  blocksOf(elements: readonly DomElement[]): readonly Node[]
}

/** What spans alone may make a table's width; more columns than that have cells of their own. */
const MAX_SPANNED_WIDTH = 100

const POINTS_PER_PIXEL = 0.75

/** A cell of HTML, and the place and size in the table that it gets. */
interface HtmlCell {
  /** From the table's child to the cell. */
  readonly elements: readonly DomElement[]
  readonly row: number
  readonly column: number
  readonly rowspan: number
  readonly colspan: number
}

/**
 * A table of HTML as a rectangle: rows that are too short get empty cells, cells that would overlap others give way, and
 * columns that only absurd spans make are left out. Null if it has no cells, or more than a table can have.
 */
export function tableFromHtml(table: DomElement, reader: CellReader): Node | null {
  const { cells, width, height } = placeCells(rowsOf(table, reader))
  if (cells.length === 0 || width * height > MAX_TABLE_CELLS) return null
  const widths = widthsOf(table, cells, width)
  const { table_cell: cellType, table_header: headerType, paragraph } = schema.nodes
  const colwidth = (column: number, colspan: number): readonly number[] | null => {
    const own = widths.slice(column, column + colspan)
    return own.some((each) => each > 0) ? own : null
  }
  const starts = new Map(cells.map((cell) => [cell.row * width + cell.column, cell]))
  const taken = takenPlaces(cells, width)
  const children = Array.from({ length: height }, (_, row) => {
    const nodes: Node[] = []
    for (let column = 0; column < width; column++) {
      const cell = starts.get(row * width + column)
      if (cell !== undefined) {
        const { elements, rowspan, colspan } = cell
        const type = elements.at(-1)?.nodeName === 'TH' ? headerType : cellType
        const blocks = reader.blocksOf(elements)
        const attributes = { rowspan, colspan, colwidth: colwidth(column, colspan) }
        nodes.push(type.create(attributes, blocks.length > 0 ? [...blocks] : paragraph.create()))
      } else if (!taken.has(row * width + column)) {
        nodes.push(cellType.create({ colwidth: colwidth(column, 1) }, paragraph.create()))
      }
    }
    return schema.nodes.table_row.create(null, nodes)
  })
  return schema.nodes.table.create(null, children)
}

/** The rows, each as the paths from the table to its cells. */
function rowsOf(parent: DomElement, reader: CellReader): (readonly (readonly DomElement[])[])[] {
  const rows: (readonly (readonly DomElement[])[])[] = []
  for (const child of shownChildren(parent, reader)) {
    if (child.nodeName === 'TR') {
      const cells = shownChildren(child, reader).filter(({ nodeName }) => /^T[DH]$/.test(nodeName))
      rows.push(cells.map((cell) => [child, cell]))
    } else if (/^(?:THEAD|TBODY|TFOOT)$/.test(child.nodeName)) {
      for (const row of rowsOf(child, reader)) rows.push(row.map((path) => [child, ...path]))
    }
  }
  return rows
}

function shownChildren(parent: DomNode, reader: CellReader): DomElement[] {
  return [...parent.childNodes].filter(isElement).filter((element) => !reader.isHidden(element))
}

interface PlacedCells {
  readonly cells: readonly HtmlCell[]
  readonly width: number
  readonly height: number
}

/** Gives up, with no cells, where they would take more places than a table can have. */
function placeCells(rows: readonly (readonly (readonly DomElement[])[])[]): PlacedCells {
  const widest = rows.reduce((most, { length }) => Math.max(most, length), 0)
  const cells: HtmlCell[] = []
  // The columns that cells from above, or further left, reach into, by row.
  const taken: Set<number>[] = []
  let height = 0
  let places = 0
  let isCut = false
  for (const [index, row] of rows.entries()) {
    const own = (taken[height] ??= new Set())
    // Browsers do not show a row that nothing is in.
    if (row.length === 0 && own.size === 0) continue
    let column = 0
    for (const elements of row) {
      while (own.has(column)) column++
      const cell = elements.at(-1)
      const wanted = clampSpan(cell?.getAttribute('colspan'))
      const limit = wanted > MAX_SPANNED_WIDTH ? widest : Math.max(widest, MAX_SPANNED_WIDTH)
      let colspan = 1
      while (colspan < wanted && column + colspan < limit && !own.has(column + colspan)) colspan++
      isCut ||= colspan < wanted
      const left = rows.length - index
      const declared = cell?.getAttribute('rowspan')
      const rowspan = declared?.trim() === '0' ? left : Math.min(clampSpan(declared), left)
      places += rowspan * colspan
      if (places > MAX_TABLE_CELLS) return { cells: [], width: 0, height: 0 }
      for (let r = height; r < height + rowspan; r++) {
        for (let c = column; c < column + colspan; c++) (taken[r] ??= new Set()).add(c)
      }
      cells.push({ elements, row: height, column, rowspan, colspan })
      column += colspan
    }
    height++
  }
  const width = cells.reduce((most, { column, colspan }) => Math.max(most, column + (isCut ? 1 : colspan)), 0)
  const fitting = cells.map((cell) => ({
    ...cell,
    rowspan: Math.min(cell.rowspan, height - cell.row),
    colspan: Math.min(cell.colspan, width - cell.column),
  }))
  return { cells: fitting, width, height }
}

function takenPlaces(cells: readonly HtmlCell[], width: number): ReadonlySet<number> {
  const taken = new Set<number>()
  for (const { row, column, rowspan, colspan } of cells) {
    for (let r = row; r < row + rowspan; r++)
      for (let c = column; c < column + colspan; c++) taken.add(r * width + c)
  }
  return taken
}

/** The widths of the columns, as `col` elements or the first cells that are in one column say them; 0 for none. */
function widthsOf(table: DomElement, cells: readonly HtmlCell[], width: number): readonly number[] {
  const widths: number[] = []
  for (const column of columnElements(table)) {
    const span = Math.min(clampSpan(column.getAttribute('span')), width - widths.length)
    for (let i = 0; i < span; i++) widths.push(widthOf(column))
  }
  for (const { elements, column, colspan } of cells) {
    const cell = elements.at(-1)
    if (colspan === 1 && cell && (widths[column] ?? 0) === 0) widths[column] = widthOf(cell)
  }
  return Array.from({ length: width }, (_, i) => widths[i] ?? 0)
}

function columnElements(parent: DomElement): DomElement[] {
  return [...parent.childNodes].filter(isElement).flatMap((child) => {
    if (child.nodeName === 'COL') return [child]
    return child.nodeName === 'COLGROUP' ? columnElements(child) : []
  })
}

function widthOf(element: DomElement): number {
  const points = lengthInPoints(inlineStyle(element).get('width'))
  if (points !== null) return clampColumnWidth(points / POINTS_PER_PIXEL)
  const declared = element.getAttribute('width')?.trim() ?? ''
  return /^\d+(?:\.\d+)?(?:px)?$/.test(declared) ? clampColumnWidth(Number.parseFloat(declared)) : 0
}
