import type { NodeType, Schema } from 'prosemirror-model'

/** The node types that a table is made of, as prosemirror-tables has them. */
export interface TableTypes {
  readonly table: NodeType
  readonly row: NodeType
  readonly cell: NodeType
  readonly header: NodeType
}

/** Null for a schema that has no tables. Which type is which, its spec's `tableRole` says. */
export function tableTypes(schema: Schema): TableTypes | null {
  const [table, row, cell, header] = ['table', 'row', 'cell', 'header_cell'].map((role) =>
    Object.values(schema.nodes).find((type) => type.spec['tableRole'] === role),
  )
  if (table === undefined || row === undefined || cell === undefined) return null
  return { table, row, cell, header: header ?? cell }
}
