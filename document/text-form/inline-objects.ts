import type { Node, NodeType, Schema } from 'prosemirror-model'
import * as Y from 'yjs'
import { kindOf } from './kind-of.ts'
import { isRecord } from './plain-value.ts'
import { readableAttributes } from './readable-attributes.ts'

const KIND = 'kind'

/** The objects that stand in a line like a character: embedded JSON objects with their kind and attributes, which never change. */
export class InlineObjects {
  readonly #types = new Map<string, NodeType>()

  constructor(schema: Schema) {
    for (const type of Object.values(schema.nodes))
      if (isInlineLeaf(type)) this.#types.set(kindOf(type), type)
  }

  /** Null for what is none that the schema knows, or that such a block cannot hold; it is then not drawn. */
  read(content: Y.Item['content'], parent: NodeType): Node | null {
    if (!(content instanceof Y.ContentEmbed)) return null
    const embed: unknown = content.embed
    if (!isRecord(embed)) return null
    const kind = embed[KIND]
    const type = typeof kind === 'string' ? this.#types.get(kind) : undefined
    if (type === undefined || parent.contentMatch.matchType(type) === null) return null
    const attributes = readableAttributes(type.spec.attrs, (name) =>
      Object.hasOwn(embed, name) ? embed[name] : undefined,
    )
    return attributes === null ? null : type.create(attributes)
  }

  /** What a node is embedded as. */
  embedOf({ type, attrs }: Node): Readonly<Record<string, unknown>> {
    return { ...attrs, [KIND]: kindOf(type) }
  }
}

function isInlineLeaf(type: NodeType): boolean {
  return type.isInline && type.isLeaf && !type.isText
}
