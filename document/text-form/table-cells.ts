import { Fragment, type Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import type { TableCell, TableGrid } from './table-grid.ts'

/** A cell, and where it is among the nodes of its table. */
export interface CellPlace {
  readonly cell: TableCell
  /** The index of its row in the table. */
  readonly row: number
  /** Its index in that row, where others can span several columns. */
  readonly index: number
}

/** Finds the cells of a drawn table. Made of a grid, it is right until an entry of the table's marker changes. */
export class TableCells {
  readonly #rows: CellPlace[][]
  readonly #byText = new Map<unknown, CellPlace>()
  readonly #byIds = new Map<string, CellPlace>()

  constructor({ rows, cells }: TableGrid) {
    this.#rows = rows.map(() => [])
    for (const cell of cells) {
      const row = this.#rows[cell.row]
      if (row === undefined) continue
      const place = { cell, row: cell.row, index: row.length }
      row.push(place)
      for (const { row: rowId, column: columnId, texts } of cell.places) {
        this.#byIds.set(`${rowId}:${columnId}`, place)
        for (const text of texts) this.#byText.set(text, place)
      }
    }
  }

  at(row: number, index: number): CellPlace | null {
    return this.#rows[row]?.[index] ?? null
  }

  /** The cell in which a text is drawn; null if it is in none. */
  withText(text: Y.Text): CellPlace | null {
    return this.#byText.get(text) ?? null
  }

  /** The cell in which this row meets this column; null if one of them is gone. */
  withIds(row: string, column: string): CellPlace | null {
    return this.#byIds.get(`${row}:${column}`) ?? null
  }
}

/** How far behind a table's beginning a cell begins. */
export function offsetOfCell(table: Node, { row, index }: CellPlace): number {
  // Into the table, and into the row.
  let offset = 2
  for (let i = 0; i < row; i++) offset += table.child(i).nodeSize
  for (let i = 0; i < index; i++) offset += table.child(row).child(i).nodeSize
  return offset
}

/** The table with another content in one of its cells. */
export function withCellContent(table: Node, { row, index }: CellPlace, content: readonly Node[]): Node {
  const before = table.child(row)
  const cell = before.child(index).copy(Fragment.from(content))
  return table.copy(table.content.replaceChild(row, before.copy(before.content.replaceChild(index, cell))))
}
