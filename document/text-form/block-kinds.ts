import type { Node, NodeType, Schema } from 'prosemirror-model'
import type * as Y from 'yjs'
import { kindOf } from './kind-of.ts'
import { readableAttributes } from './readable-attributes.ts'
import { tableTypes, type TableTypes } from './table-kind.ts'

const KIND = 'kind'
const PARAGRAPH = 'paragraph'
const TABLE = 'table'

/** Which node types a schema has for the kinds of block that a text can have, and what of a marker is in their attributes. */
export class BlockKinds {
  /** What text without a marker is drawn as, and every kind that the schema lacks. */
  readonly paragraph: NodeType
  readonly #types = new Map<string, NodeType>()

  /** Null within a table's cells, and in schemas without tables. */
  readonly tables: TableTypes | null

  /** Throws a `TypeError` if the schema has no textblock that may stand anywhere in a document. */
  constructor(schema: Schema, isInCell: boolean) {
    this.tables = isInCell ? null : tableTypes(schema)
    for (const type of Object.values(schema.nodes)) {
      if (isBlock(type)) this.#types.set(kindOf(type), type)
    }
    if (this.tables !== null) this.#types.set(TABLE, this.tables.table)
    const paragraph = this.#types.get(PARAGRAPH)
    if (!paragraph?.isTextblock) throw new TypeError('The schema has no textblock "paragraph"')
    this.paragraph = paragraph
  }

  /** Whether a node can be a block of a text. */
  has(type: NodeType): boolean {
    return this.#types.get(kindOf(type)) === type
  }

  typeOf(marker: Y.Map<unknown>): NodeType {
    const kind = marker.get(KIND)
    return (typeof kind === 'string' ? this.#types.get(kind) : undefined) ?? this.paragraph
  }

  /** The node type that a block is drawn as, and the attributes that it gets. Null reads as a default paragraph. */
  read(marker: Y.Map<unknown> | null): {
    readonly type: NodeType
    readonly attributes: Readonly<Record<string, unknown>> | null
  } {
    if (marker === null) return { type: this.paragraph, attributes: null }
    const type = this.typeOf(marker)
    const attributes = readableAttributes(type.spec.attrs, (name) => marker.get(name))
    return attributes === null ? { type: this.paragraph, attributes: null } : { type, attributes }
  }

  /** Sets those keys of a marker that have to change for it to be drawn as this node, and no other. */
  write(marker: Y.Map<unknown>, { type, attrs }: Node): void {
    if (this.typeOf(marker) !== type) marker.set(KIND, kindOf(type))
    const before = readableAttributes(type.spec.attrs, (name) => marker.get(name))
    for (const [name, value] of Object.entries(attrs)) {
      if (before === null || !isSame(before[name], value)) marker.set(name, value)
    }
  }

  /** Whether a block without a marker is drawn as this node, but for its content. */
  isDefault({ type, attrs }: Node): boolean {
    return type === this.paragraph && Object.entries(attrs).every(([k, v]) => isSame(v, defaultOf(type, k)))
  }

  /** The entries of a new marker for this node. */
  entriesOf({ type, attrs }: Node): [string, unknown][] {
    const own = Object.entries(attrs).filter(([name, value]) => !isSame(value, defaultOf(type, name)))
    return type === this.paragraph ? own : [[KIND, kindOf(type)], ...own]
  }
}

function isBlock(type: NodeType): boolean {
  const isFlat = type.isTextblock || (type.isLeaf && !type.isInline)
  return isFlat && type.schema.topNodeType.contentMatch.matchType(type) !== null
}

function defaultOf(type: NodeType, name: string): unknown {
  return type.spec.attrs?.[name]?.default
}

function isSame(a: unknown, b: unknown): boolean {
  return (
    a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
  )
}
