import type { Node } from 'prosemirror-model'

/** A cell and where it begins, by index. */
export interface GridCell {
  readonly node: Node
  readonly row: number
  readonly column: number
}

/** A table's cells by rows, where each begins, whatever its spans add up to; and how many columns there are. */
export function gridOfTable(table: Node): { readonly cells: readonly GridCell[]; readonly width: number } {
  const cells: GridCell[] = []
  const taken = table.children.map(() => new Set<number>())
  let width = 0
  for (const [row, { children }] of table.children.entries()) {
    let column = 0
    for (const node of children) {
      while (taken[row]?.has(column)) column++
      cells.push({ node, row, column })
      const [colspan, rowspan] = [Number(node.attrs['colspan']), Number(node.attrs['rowspan'])]
      for (const places of taken.slice(row, row + rowspan))
        for (let c = column; c < column + colspan; c++) places.add(c)
      column += colspan
      width = Math.max(width, column)
    }
  }
  return { cells, width }
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
