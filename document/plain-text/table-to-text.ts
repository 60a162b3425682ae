import type { Fragment, Node } from 'prosemirror-model'
import { gridOfTable } from '../schema/table-grid.ts'

/**
 * A table as plain text, as spreadsheets read it: a line for each row, its cells separated by tabs. What covers several
 * places is in the first of them; line breaks and tabs within a cell become spaces.
 */
export function textOfTable(table: Node, textOfBlocks: (blocks: Fragment) => string): string {
  const { cells, width } = gridOfTable(table)
  const rows = table.children.map(() => Array.from({ length: width }, () => ''))
  for (const { node, row, column } of cells) {
    const line = rows[row]
    if (line) line[column] = textOfBlocks(node.content).replaceAll(/[\n\t]+/g, ' ')
  }
  return rows.map((line) => line.join('\t')).join('\n')
}
