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

const PARTS = new Set(['row', 'column', 'place', 'cell', 'merge', 'header', 'width'])

/** Whether a marker's entry of this key is of a table's rows, columns or cells. */
export function isTablePart(key: string): boolean {
  const colon = key.indexOf(':')
  return colon > 0 && PARTS.has(key.slice(0, colon))
}
