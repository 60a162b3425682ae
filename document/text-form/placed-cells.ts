import type { Node } from 'prosemirror-model'

/** A cell of an editor's table, and where it stands in the rectangle. */
export interface PlacedCell {
  readonly node: Node
  readonly row: number
  readonly column: number
  readonly rowspan: number
  readonly colspan: number
}

/** The cells of a table, also of one that is no rectangle: each takes the next place in its row that is free. */
export function placedCells(table: Node): PlacedCell[] {
  const cells: PlacedCell[] = []
  const taken = new Set<string>()
  for (const [row, { children }] of table.children.entries()) {
    let column = 0
    for (const node of children) {
      while (taken.has(`${row}:${column}`)) column++
      const [rowspan, colspan] = [spanOf(node.attrs['rowspan']), spanOf(node.attrs['colspan'])]
      cells.push({ node, row, column, rowspan: Math.min(rowspan, table.childCount - row), colspan })
      for (let r = 0; r < rowspan; r++)
        for (let c = 0; c < colspan; c++) taken.add(`${row + r}:${column + c}`)
      column += colspan
    }
  }
  return cells
}

function spanOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? Math.min(value, 1000) : 1
}
