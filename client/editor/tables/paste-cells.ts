import { Fragment, type Node, type Slice } from 'prosemirror-model'
import type { EditorState, Transaction } from 'prosemirror-state'
import { CellSelection, selectedRect, TableMap, type Rect } from 'prosemirror-tables'
import { gridOfTable, MAX_TABLE_CELLS, schema } from '../../../document/index.ts'
import { inWholeTable, withoutOuterCell, withoutTables } from './table-slice.ts'

/** A cell, and the places of a table that it covers. */
interface PlacedCell extends Rect {
  readonly node: Node
}

/**
 * Puts copied cells over those of a table, from the selected cell or the caret's on. They are repeated where more cells are
 * selected, and the table grows where there are too few. What is no table is pasted into each selected cell. A cell that
 * sticks out of what is pasted over is divided, and its content stays at its beginning if that is outside.
 *
 * Null for what is to be pasted as text: in no selected cells, or more than a table may have. The selection must be in a
 * table that is sound.
 */
export function pasteCells(state: EditorState, slice: Slice): Transaction | null {
  const isOfCells = state.selection instanceof CellSelection
  const { table, tableStart, map, ...selected } = selectedRect(state)
  for (const pasted of [copiedTable(slice), isOfCells ? inOneCell(slice) : null]) {
    if (pasted === null) continue
    const source = cellsOf(pasted)
    const [height, width] = [endOf(source, 'bottom'), endOf(source, 'right')]
    const { top, left } = selected
    const target = {
      top,
      left,
      bottom: isOfCells ? Math.max(selected.bottom, top + height) : top + height,
      right: isOfCells ? Math.max(selected.right, left + width) : left + width,
    }
    const rows = Math.max(map.height, target.bottom)
    const columns = Math.max(map.width, target.right)
    if (rows * columns > MAX_TABLE_CELLS) continue
    const cells = [
      ...cellsOf(table).flatMap((cell) => outside(cell, target)),
      ...repeated(source, height, width, target),
    ]
    return withRows(state.tr, tableStart, table, rowsOf(cells, table, rows, columns), target)
  }
  return null
}

/** Null if the slice is something else than cells. */
function copiedTable(slice: Slice): Node | null {
  const content = inWholeTable(withoutOuterCell(slice).content)
  const table = content.childCount === 1 ? content.firstChild : null
  return table?.type === schema.nodes.table && cellsOf(table).length > 0 ? table : null
}

/** A table of one cell that holds all; null if there is nothing. */
function inOneCell(slice: Slice): Node | null {
  const content = withoutTables(withoutOuterCell(slice).content)
  const { firstChild } = content
  if (firstChild === null) return null
  const { table, table_row: row, table_cell: cell, paragraph } = schema.nodes
  const blocks = firstChild.isInline ? paragraph.create(null, content) : content
  return table.create(null, row.create(null, cell.create(null, blocks)))
}

function cellsOf(table: Node): PlacedCell[] {
  return gridOfTable(table).cells.map(({ node, row, column }) => ({
    node,
    top: row,
    left: column,
    bottom: row + Number(node.attrs['rowspan']),
    right: column + Number(node.attrs['colspan']),
  }))
}

function endOf(cells: readonly PlacedCell[], side: 'bottom' | 'right'): number {
  return Math.max(1, ...cells.map((cell) => cell[side]))
}

/** The cells again and again, until they fill a rectangle, as nodes of their own: by those, cells are known again. */
function repeated(cells: readonly PlacedCell[], height: number, width: number, target: Rect): PlacedCell[] {
  const all: PlacedCell[] = []
  for (let { top } = target; top < target.bottom; top += height) {
    for (let { left } = target; left < target.right; left += width) {
      for (const cell of cells) {
        const node = cell.node.copy(filled(withoutTables(cell.node.content)))
        const copy = { ...moved(cell, top, left), node }
        if (copy.top < target.bottom && copy.left < target.right) all.push(within(copy, target))
      }
    }
  }
  return all
}

function moved({ top, left, bottom, right }: Rect, down: number, aside: number): Rect {
  return { top: top + down, left: left + aside, bottom: bottom + down, right: right + aside }
}

function within(cell: PlacedCell, { bottom, right }: Rect): PlacedCell {
  return covering(cell, {
    ...cell,
    bottom: Math.min(cell.bottom, bottom),
    right: Math.min(cell.right, right),
  })
}

/** What is left of a cell outside of a rectangle: what begins where it began has its content. */
function outside(cell: PlacedCell, target: Rect): PlacedCell[] {
  const top = Math.max(cell.top, target.top)
  const left = Math.max(cell.left, target.left)
  const bottom = Math.min(cell.bottom, target.bottom)
  const right = Math.min(cell.right, target.right)
  if (top >= bottom || left >= right) return [cell]
  const rest: readonly Rect[] = [
    { ...cell, bottom: top },
    { ...cell, top, bottom, right: left },
    { ...cell, top, bottom, left: right },
    { ...cell, top: bottom },
  ]
  return rest
    .filter((part) => part.top < part.bottom && part.left < part.right)
    .map((part) => {
      const isBeginning = part.top === cell.top && part.left === cell.left
      const node = isBeginning ? cell.node : cell.node.copy(filled(Fragment.empty))
      return covering({ ...cell, node }, part)
    })
}

/** The cell over other places. */
function covering({ node, left }: PlacedCell, place: Rect): PlacedCell {
  const [rowspan, colspan] = [place.bottom - place.top, place.right - place.left]
  const { top, bottom, right } = place
  const rect = { top, left: place.left, bottom, right }
  if (rowspan === node.attrs['rowspan'] && colspan === node.attrs['colspan']) return { ...rect, node }
  const widths: unknown = node.attrs['colwidth']
  const colwidth = Array.isArray(widths) ? widths.slice(place.left - left, place.right - left) : null
  const attributes = { ...node.attrs, rowspan, colspan, colwidth }
  return { ...rect, node: node.type.create(attributes, node.content, node.marks) }
}

/** A cell holds at least a paragraph. */
function filled(content: Fragment): Fragment {
  return content.childCount > 0 ? content : Fragment.from(schema.nodes.paragraph.create())
}

/** So many rows that hold the cells, with empty ones where none is. Rows that have the same cells as before stay. */
function rowsOf(cells: readonly PlacedCell[], table: Node, height: number, width: number): Node[] {
  const grid = Array.from({ length: height }, () => Array.from<Node | null | undefined>({ length: width }))
  for (const { node, top, left, bottom, right } of cells) {
    for (const row of grid.slice(top, bottom)) row.fill(null, left, right)
    const row = grid[top]
    if (row !== undefined) row[left] = node
  }
  return grid.map((places, index) => {
    const old = table.maybeChild(index)
    const nodes = places.flatMap((node) => (node === undefined ? [emptyCellBeside(old)] : (node ?? [])))
    const isSame = old?.childCount === nodes.length && nodes.every((node, i) => node === old.child(i))
    return isSame ? old : schema.nodes.table_row.create(old?.attrs, nodes)
  })
}

/** A heading where the row ends with one. */
function emptyCellBeside(row: Node | null): Node {
  const { table_cell: cell, table_header: header, paragraph } = schema.nodes
  const type = row?.lastChild?.type === header ? header : cell
  return type.create(null, paragraph.create())
}

/** Replaces the rows that are others than before, and selects the cells in a rectangle. */
function withRows(
  tr: Transaction,
  tableStart: number,
  table: Node,
  rows: readonly Node[],
  selected: Rect,
): Transaction {
  const first = rows.findIndex((row, i) => row !== table.maybeChild(i))
  const last = rows.findLastIndex((row, i) => row !== table.maybeChild(i))
  if (first >= 0) {
    const startOf = (index: number): number =>
      table.children.slice(0, index).reduce((pos, { nodeSize }) => pos + nodeSize, tableStart)
    tr.replaceWith(startOf(first), startOf(last + 1), rows.slice(first, last + 1))
  }
  const now = tr.doc.nodeAt(tableStart - 1)
  if (now === null) return tr
  const map = TableMap.get(now)
  const placeAt = (row: number, column: number): number =>
    tableStart + (map.map[row * map.width + column] ?? 0)
  return tr.setSelection(
    CellSelection.create(
      tr.doc,
      placeAt(selected.top, selected.left),
      placeAt(selected.bottom - 1, selected.right - 1),
    ),
  )
}
