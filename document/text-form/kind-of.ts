import type { NodeType } from 'prosemirror-model'

/** The kind of block or inline object that a node type stands for: its name, unless its spec says otherwise (`kind: 'code'`). */
export function kindOf(type: NodeType): string {
  if (type.spec['tableRole'] === 'table') return 'table'
  const kind: unknown = type.spec['kind']
  return typeof kind === 'string' ? kind : type.name
}
