import { Fragment, type Attrs, type Node, type NodeType, type Schema } from 'prosemirror-model'
import * as Y from 'yjs'
import { IncompatibleDocumentError } from './binding.ts'
import { marksOfAttributes } from './mark-attributes.ts'
import { validAttributes } from './valid-attributes.ts'

/**
 * Reads y-prosemirror's form of a document, and remembers what it read of each element. It never writes: y-prosemirror's
 * own reader deletes what the schema does not know, and moves text, from the shared document.
 */
export class XmlReader {
  readonly #fragment: Y.XmlFragment
  readonly #schema: Schema
  readonly #nodes = new Map<unknown, Node>()

  constructor(fragment: Y.XmlFragment, schema: Schema) {
    this.#fragment = fragment
    this.#schema = schema
  }

  /**
   * What the schema requires and the shared document lacks (a first paragraph, say) is filled in here only.
   * Throws an `IncompatibleDocumentError` if the document holds what the schema does not know.
   */
  read(): Node {
    try {
      const children = this.#readChildren(this.#fragment)
      return children.length === 0
        ? emptyDocument(this.#schema)
        : fill(this.#schema.topNodeType, null, children)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new IncompatibleDocumentError(`The document does not fit the schema: ${reason}`, { cause })
    }
  }

  /** Has what a transaction changed read anew. */
  forget(transaction: Y.Transaction): void {
    for (const type of transaction.changed.keys()) this.#nodes.delete(type)
    for (const type of transaction.changedParentTypes.keys()) this.#nodes.delete(type)
    Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
      if (struct instanceof Y.Item && struct.content instanceof Y.ContentType) {
        this.#nodes.delete(struct.content.type)
      }
    })
  }

  forgetElement(element: Y.XmlElement): void {
    this.#nodes.delete(element)
  }

  /** The node that an element was last read as. */
  nodeOf(element: Y.XmlElement): Node | undefined {
    return this.#nodes.get(element)
  }

  /** Has an element be read as an equal node from now on: comparing a node with itself is fast. */
  remember(element: Y.XmlElement, node: Node): void {
    this.#nodes.set(element, node)
  }

  readText(text: Y.XmlText): readonly Node[] {
    return deltaOf(text).map(({ insert, attributes }) =>
      this.#schema.text(insert, marksOfAttributes(attributes, this.#schema)),
    )
  }

  #readChildren(parent: Y.XmlFragment): Node[] {
    return parent.toArray().flatMap((child: unknown) => {
      if (child instanceof Y.XmlText) return this.readText(child)
      if (child instanceof Y.XmlElement) return this.nodeOf(child) ?? this.#readElement(child)
      throw new RangeError('It holds something that is neither an element nor text')
    })
  }

  #readElement(element: Y.XmlElement): Node {
    const type = this.#schema.nodes[element.nodeName]
    if (type === undefined) throw new RangeError(`There is no node ${JSON.stringify(element.nodeName)}`)
    const attributes = validAttributes(element.getAttributes(), type.spec.attrs)
    const node = fill(type, attributes, this.#readChildren(element))
    this.#nodes.set(element, node)
    return node
  }
}

/** One piece of text with the same attributes. */
export interface TextPiece {
  readonly insert: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** The pieces of a text; throws a `RangeError` if it holds anything else. */
export function deltaOf(text: Y.XmlText): readonly TextPiece[] {
  const delta: readonly {
    readonly insert?: unknown
    readonly attributes?: Readonly<Record<string, unknown>>
  }[] = text.toDelta()
  return delta.map(({ insert, attributes }) => {
    if (typeof insert !== 'string') throw new RangeError('A text holds an embedded object')
    return { insert, attributes: attributes ?? {} }
  })
}

/** What people who open a new document see; nothing of it is in the shared document. */
function emptyDocument(schema: Schema): Node {
  const { topNodeType } = schema
  const least = topNodeType.createAndFill()
  if (least !== null && least.childCount > 0) return least
  return topNodeType.create(null, topNodeType.contentMatch.defaultType?.createAndFill())
}

/** People who act at once can leave too little (a quote without a paragraph), and never what no expression could hold. */
function fill(type: NodeType, attributes: Attrs | null, children: readonly Node[]): Node {
  const content = Fragment.fromArray([...children])
  if (type.validContent(content)) return type.create(attributes, content)
  const filled = type.createAndFill(attributes, content)
  if (filled === null || !type.validContent(filled.content)) {
    throw new RangeError(`A node ${JSON.stringify(type.name)} cannot hold ${content.toString()}`)
  }
  return filled
}
