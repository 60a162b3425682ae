import * as Y from 'yjs'
import type { Anchor } from './binding.ts'
import type { XmlReader } from './xml-reader.ts'
import { isRecord } from './record.ts'

/** Turns positions in the editor's document into anchors in the shared one, and back. */
export class XmlPositions {
  readonly #fragment: Y.XmlFragment
  readonly #reader: XmlReader
  readonly #doc: Y.Doc

  constructor(fragment: Y.XmlFragment, doc: Y.Doc, reader: XmlReader) {
    this.#fragment = fragment
    this.#doc = doc
    this.#reader = reader
  }

  /**
   * An anchor holds on to what is before it (-1): what others insert at a caret comes behind it. The beginning of a
   * selection holds on to what is behind it (0), so that the selection does not grow.
   */
  anchorAt(position: number, assoc: -1 | 0 = -1): Anchor {
    let parent: Y.XmlFragment = this.#fragment
    let rest = position
    for (;;) {
      const found = this.#find(parent, rest, assoc)
      if (found.kind === 'here') return Y.relativePositionToJSON(found.position)
      parent = found.element
      rest = found.rest
    }
  }

  /** Null for what is no anchor, or one of something that is not here. */
  positionOf(anchor: Anchor): number | null {
    const relative = this.#parse(anchor)
    if (relative === null) return null
    const absolute = Y.createAbsolutePositionFromRelativePosition(relative, this.#doc)
    if (absolute === null) return null
    const { type, index } = absolute
    if (type instanceof Y.XmlText) return this.#climb(type, Math.min(index, type.length))
    if (type instanceof Y.XmlFragment) return this.#climb(type, this.#sizeOfFirst(type, index))
    return null
  }

  #find(parent: Y.XmlFragment, position: number, assoc: -1 | 0): Found {
    let rest = position
    for (const [index, child] of parent.toArray().entries()) {
      if (child instanceof Y.XmlText && rest <= child.length) {
        return { kind: 'here', position: Y.createRelativePositionFromTypeIndex(child, rest, assoc) }
      }
      const size = this.#sizeOf(child)
      if (child instanceof Y.XmlElement && rest > 0 && rest < size) {
        return { kind: 'inside', element: child, rest: rest - 1 }
      }
      if (rest === 0)
        return { kind: 'here', position: Y.createRelativePositionFromTypeIndex(parent, index, assoc) }
      rest -= size
    }
    return { kind: 'here', position: Y.createRelativePositionFromTypeIndex(parent, parent.length, -1) }
  }

  /** From an offset in a type's content to one in the whole document's. */
  #climb(type: Y.XmlText | Y.XmlFragment, offset: number): number | null {
    let position = offset
    let inner = type
    while (inner !== this.#fragment) {
      // oxlint-disable-next-line eslint/no-underscore-dangle -- Yjs has no other way from a type to its neighbours
      const item: Y.Item | null = inner._item
      if (item === null || !(item.parent instanceof Y.XmlFragment)) return null
      if (item.deleted) position = 0
      else if (!(inner instanceof Y.XmlText)) position += 1
      for (let before = item.left; before !== null; before = before.left) {
        if (!before.deleted && before.content instanceof Y.ContentType) {
          position += this.#sizeOf(before.content.type)
        }
      }
      inner = item.parent
    }
    return position
  }

  #sizeOfFirst(parent: Y.XmlFragment, count: number): number {
    return parent
      .toArray()
      .slice(0, count)
      .reduce((sum, child) => sum + this.#sizeOf(child), 0)
  }

  #sizeOf(type: unknown): number {
    if (type instanceof Y.XmlText) return type.length
    return type instanceof Y.XmlElement ? (this.#reader.nodeOf(type)?.nodeSize ?? 0) : 0
  }

  /** Yjs takes whatever it is given, and makes a new shared type for every unknown name. */
  #parse(anchor: Anchor): Y.RelativePosition | null {
    if (!isRecord(anchor)) return null
    const type = parseId(anchor['type'])
    const item = parseId(anchor['item'])
    const name = anchor['tname'] ?? null
    const assoc = anchor['assoc'] ?? 0
    if (type === undefined || item === undefined || typeof assoc !== 'number') return null
    if (name !== null && (typeof name !== 'string' || !this.#isNameOfFragment(name))) return null
    if (type === null && item === null && name === null) return null
    return new Y.RelativePosition(type, name, item, assoc)
  }

  #isNameOfFragment(name: string): boolean {
    const type: unknown = this.#doc.share.get(name)
    return type === this.#fragment
  }
}

type Found =
  | { readonly kind: 'here'; readonly position: Y.RelativePosition }
  | { readonly kind: 'inside'; readonly element: Y.XmlElement; readonly rest: number }

/** Undefined if it is neither an id nor absent. */
function parseId(value: unknown): Y.ID | null | undefined {
  if (value === undefined || value === null) return null
  if (!isRecord(value)) return undefined
  const { client, clock } = value
  return isCount(client) && isCount(clock) ? Y.createID(client, clock) : undefined
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
