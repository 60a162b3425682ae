import type { Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import { rowIsHeader, TableMap, type TableRect } from 'prosemirror-tables'
import { schema } from '../../../document/index.ts'

/*
 * prosemirror-tables' own addRow and removeRow count columns wrongly behind a cell that spans rows and columns: they leave
 * rows that lack cells, and drop cells that go on below.
 */

/** Inserts an empty row in front of that with this index; cells that span this place go on through it. */
export function addRow(
  tr: Transaction,
  { map, table, tableStart }: Pick<TableRect, 'map' | 'table' | 'tableStart'>,
  row: number,
): Transaction {
  const typeAt = typesOfNewRow(map, table, row)
  const cells: Node[] = []
  for (let column = 0; column < map.width;) {
    const pos = spanningCell(map, row, column)
    if (pos === null) {
      cells.push(typeAt(column).create(null, schema.nodes.paragraph.create()))
      column++
    } else {
      const { attrs } = cellAt(table, pos)
      tr.setNodeMarkup(tableStart + pos, null, { ...attrs, rowspan: Number(attrs['rowspan']) + 1 })
      column += Number(attrs['colspan'])
    }
  }
  return tr.insert(tableStart + startOfRow(table, row), schema.nodes.table_row.create(null, cells))
}

/** Deletes a row. A cell that goes on below stays, with what is in it. */
export function removeRow(tr: Transaction, tableStart: number, row: number): void {
  const table = tr.doc.nodeAt(tableStart - 1)
  if (table === null) throw new RangeError(`There is no table at ${tableStart - 1}`)
  const map = TableMap.get(table)
  const mapFrom = tr.mapping.maps.length
  const moved = (pos: number): number => tr.mapping.slice(mapFrom).map(tableStart + pos)
  tr.delete(tableStart + startOfRow(table, row), tableStart + startOfRow(table, row + 1))
  for (let column = 0; column < map.width;) {
    const pos = map.map[row * map.width + column] ?? 0
    const cell = cellAt(table, pos)
    const { left, top, right, bottom } = map.findCell(pos)
    const attrs = { ...cell.attrs, rowspan: bottom - top - 1 }
    if (top < row) tr.setNodeMarkup(moved(pos), null, attrs)
    else if (bottom > row + 1)
      tr.insert(moved(map.positionAt(row + 1, left, table)), cell.type.create(attrs, cell.content))
    column = right
  }
}

function startOfRow(table: Node, row: number): number {
  return table.children.slice(0, row).reduce((sum, { nodeSize }) => sum + nodeSize, 0)
}

function cellAt(table: Node, pos: number): Node {
  const cell = table.nodeAt(pos)
  if (cell === null) throw new RangeError(`There is no cell at ${pos}`)
  return cell
}

/** The cell that spans the border above a row in this column, by its position in the table; null if none does. */
function spanningCell(map: TableMap, row: number, column: number): number | null {
  const [above, below] = [row - 1, row].map((each) => map.map[each * map.width + column])
  return row > 0 && above !== undefined && above === below ? above : null
}

/** A new row looks as the one above it, but for a row of headings: below that, as the one below. */
function typesOfNewRow(map: TableMap, table: Node, row: number): (column: number) => Node['type'] {
  const ordinary = schema.nodes.table_cell
  const above = Math.max(row - 1, 0)
  const isBelowHeadings = rowIsHeader(map, table, above)
  if (isBelowHeadings && (row === 0 || row === map.height)) return () => ordinary
  const model = isBelowHeadings ? row : above
  return (column) => cellAt(table, map.map[model * map.width + column] ?? 0).type
}
