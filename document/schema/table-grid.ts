import type { Node } from 'prosemirror-model'

/** A cell, where it begins, by index, and how many rows and columns it covers. */
export interface GridCell {
  readonly node: Node
  readonly row: number
  readonly column: number
  readonly rowspan: number
  readonly colspan: number
}

/** A tree's cells may say that they cover any number. */
const MAX_SPAN = 1000

/** A table's cells by rows, where each begins, whatever its spans add up to; and how many columns there are. */
export function gridOfTable(table: Node): { readonly cells: readonly GridCell[]; readonly width: number } {
  const cells: GridCell[] = []
  const taken = table.children.map(() => new Set<number>())
  let width = 0
  for (const [row, { children }] of table.children.entries()) {
    let column = 0
    for (const node of children) {
      while (taken[row]?.has(column)) column++
      const colspan = spanOf(node.attrs['colspan'])
      const rowspan = Math.min(spanOf(node.attrs['rowspan']), table.childCount - row)
      cells.push({ node, row, column, rowspan, colspan })
      for (const places of taken.slice(row, row + rowspan))
        for (let c = column; c < column + colspan; c++) places.add(c)
      column += colspan
      width = Math.max(width, column)
    }
  }
  return { cells, width }
}

function spanOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? Math.min(value, MAX_SPAN) : 1
}

/** The widths of a table's columns in CSS pixels, 0 for those that have none. */
export function columnWidths(table: Node): readonly number[] {
  const { cells, width } = gridOfTable(table)
  const widths = Array.from({ length: width }, () => 0)
  for (const { node, column } of cells) {
    const own: unknown = node.attrs['colwidth']
    if (!Array.isArray(own)) continue
    for (const [i, value] of own.entries()) {
      if (widths[column + i] === 0 && typeof value === 'number') widths[column + i] = value
    }
  }
  return widths
}
