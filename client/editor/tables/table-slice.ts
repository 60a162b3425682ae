import { Fragment, Slice, type Node } from 'prosemirror-model'
import { schema } from '../../../document/index.ts'

function roleOf(node: Node | null | undefined): unknown {
  return node?.type.spec['tableRole']
}

/** What was copied from within one cell, without the cell, row and table around it. */
export function withoutOuterCell(slice: Slice): Slice {
  let { content, openStart, openEnd } = slice
  while (
    openStart > 1 &&
    openEnd > 1 &&
    content.childCount === 1 &&
    roleOf(content.firstChild) !== undefined
  ) {
    content = content.firstChild?.content ?? Fragment.empty
    openStart--
    openEnd--
  }
  // Half a table is no better than the table.
  return roleOf(content.firstChild) === undefined ? new Slice(content, openStart, openEnd) : slice
}

/** Rows or cells, as what is copied from a table can begin with, in a table. */
export function inWholeTable(content: Fragment): Fragment {
  const role = roleOf(content.firstChild)
  if (role === 'row') return Fragment.from(schema.nodes.table.create(null, content))
  if (role !== 'cell' && role !== 'header_cell') return content
  return Fragment.from(schema.nodes.table.create(null, schema.nodes.table_row.create(null, content)))
}

/** Blocks that can stand in a cell: of tables, what is in their cells. */
export function withoutTables(content: Fragment): Fragment {
  const blocks: Node[] = []
  content.forEach((node) => {
    if (roleOf(node) === undefined) blocks.push(node)
    else withoutTables(node.content).forEach((block) => blocks.push(block))
  })
  return Fragment.fromArray(blocks)
}
