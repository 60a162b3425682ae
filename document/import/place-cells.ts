import type { Node } from 'prosemirror-model'
import { schema } from '../schema/schema.ts'
import { clampColumnWidth, clampSpan, MAX_TABLE_CELLS } from '../schema/table-nodes.ts'
import type { Losses } from './losses.ts'

/** A cell of another editor's table: its content, and attributes that may say anything. */
export interface SizedCell {
  readonly blocks: readonly Node[]
  readonly isHeader: boolean
  readonly attrs: Readonly<Record<string, unknown>>
}

/** A cell that has its place in a grid. */
interface PlacedCell extends SizedCell {
  readonly row: number
  readonly column: number
  readonly rowspan: number
  readonly colspan: number
}

/**
 * A table of these cells, by rows, as a rectangle in which none covers another: what is missing is filled with empty ones,
 * headings are those of whole rows and columns, and widths are those of columns. Null if it has no cells, or more than a
 * table can have.
 */
export function placeCells(rows: readonly (readonly SizedCell[])[], losses: Losses): Node | null {
  const placed = place(rows)
  if (placed === null) return null
  const cells = placed.flat()
  const isHeading = headings(cells)
  const widths = columnWidths(cells)
  const nodes = placed.map((ofRow) =>
    ofRow.map((cell) => {
      if (cell.isHeader && !isHeading(cell)) losses.add('heading of a single cell', 'dropped')
      return cellNode(cell, isHeading(cell), widths)
    }),
  )
  return schema.node(
    'table',
    null,
    nodes.map((ofRow) => schema.node('table_row', null, ofRow)),
  )
}

/** Where there is no room for all that a cell covers, it covers less. Null for a table that is empty or too large. */
function place(rows: readonly (readonly SizedCell[])[]): PlacedCell[][] | null {
  if (rows.length > MAX_TABLE_CELLS) return null
  const taken = rows.map(() => new Set<number>())
  const isFree = (row: number, column: number): boolean => taken[row]?.has(column) === false
  const most = Math.floor(MAX_TABLE_CELLS / rows.length)
  const placed: PlacedCell[][] = []
  for (const [row, cells] of rows.entries()) {
    let column = 0
    const ofRow: PlacedCell[] = []
    for (const cell of cells) {
      while (!isFree(row, column)) column++
      const [across, down] = [clampSpan(cell.attrs['colspan']), clampSpan(cell.attrs['rowspan'])]
      let colspan = 1
      while (colspan < across && isFree(row, column + colspan)) colspan++
      if (column + colspan > most) return null
      const columns = Array.from({ length: colspan }, (_, i) => column + i)
      let rowspan = 1
      while (rowspan < down && columns.every((c) => isFree(row + rowspan, c))) rowspan++
      for (const covered of taken.slice(row, row + rowspan)) for (const c of columns) covered.add(c)
      ofRow.push({ ...cell, row, column, rowspan, colspan })
      column += colspan
    }
    placed.push(ofRow)
  }
  return fill(placed, taken)
}

/** Null without columns. */
function fill(placed: readonly PlacedCell[][], taken: readonly Set<number>[]): PlacedCell[][] | null {
  const width = Math.max(...taken.map((columns) => Math.max(-1, ...columns) + 1))
  if (width <= 0) return null
  return placed.map((ofRow, row) => {
    const free = Array.from({ length: width }, (_, column) => column).filter((c) => !taken[row]?.has(c))
    const empty = { blocks: [], isHeader: false, attrs: {}, row, rowspan: 1, colspan: 1 }
    return [...ofRow, ...free.map((column) => ({ ...empty, column }))].toSorted((x, y) => x.column - y.column)
  })
}

/** Whether a cell is in a row, or a column, of nothing but headings. */
function headings(cells: readonly PlacedCell[]): (cell: PlacedCell) => boolean {
  const plainRows = new Set(cells.flatMap(({ isHeader, row }) => (isHeader ? [] : [row])))
  const below = cells.filter(({ row }) => plainRows.has(row))
  const plainColumns = new Set(below.flatMap(({ isHeader, column }) => (isHeader ? [] : [column])))
  const ownColumns = new Set(below.map(({ column }) => column))
  return ({ row, column }) => !plainRows.has(row) || (ownColumns.has(column) && !plainColumns.has(column))
}

/** By column, in CSS pixels. */
function columnWidths(cells: readonly PlacedCell[]): ReadonlyMap<number, number> {
  const widths = new Map<number, number>()
  for (const { attrs, column, colspan } of cells) {
    const own: unknown = attrs['colwidth']
    if (!Array.isArray(own)) continue
    for (let i = 0; i < colspan; i++) {
      const width = clampColumnWidth(own[i])
      if (width > 0) widths.set(column + i, width)
    }
  }
  return widths
}

function cellNode(
  { blocks, column, rowspan, colspan }: PlacedCell,
  isHeading: boolean,
  widths: ReadonlyMap<number, number>,
): Node {
  const own = Array.from({ length: colspan }, (_, i) => widths.get(column + i) ?? 0)
  const colwidth = own.some((width) => width > 0) ? own : null
  return schema.node(
    isHeading ? 'table_header' : 'table_cell',
    { rowspan, colspan, colwidth },
    blocks.length > 0 ? blocks : [schema.node('paragraph')],
  )
}
