import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { firstItem, markerAtOrBefore, type TextBlock } from '../../document/text-form/index.ts'
import type { Anchor } from './binding.ts'
import type { TextBlocks } from './text-blocks.ts'

/** Turns positions in the editor's document into anchors in a text, and back, by walking within one block. */
export class TextPositions {
  readonly #blocks: TextBlocks
  readonly #name: string

  constructor(blocks: TextBlocks) {
    this.#blocks = blocks
    this.#name = Y.findRootTypeKey(blocks.reader.text)
  }

  /**
   * The document is the one that shows the blocks. An anchor holds on to what is before it (-1): what others insert at a
   * caret comes behind it. The beginning of a selection holds on to what is behind it (0), so that it does not grow.
   */
  anchorAt(doc: Node, position: number, assoc: -1 | 0 = -1): Anchor {
    const $pos = doc.resolve(position)
    const index = $pos.index(0)
    // Of what is in a table there is only the table's.
    if ($pos.depth !== 1) {
      const next = this.#blocks.list[index]
      if (next?.isMarked && next.start !== null) return this.#anchor(next.start.id, 0)
      const last = this.#blocks.list[index - 1]
      return last === undefined ? this.#anchor(null, -1) : this.#anchorIn(last, last.node.content.size, -1)
    }
    return this.#anchorIn(this.#blocks.at(index), $pos.parentOffset, assoc)
  }

  /** Null for what is no anchor, or one of something that is not here. */
  positionOf(doc: Node, anchor: Anchor): number | null {
    const relative = this.#parse(anchor)
    if (relative === null) return null
    const { item: id, assoc } = relative
    if (id === null) return this.#positionIn(doc, null, 0)
    const found = this.#find(id)
    if (found === null) return null
    const { item, offset } = found
    const start = markerAtOrBefore(item)
    if (start === item && assoc >= 0) return startOf(doc, this.#blocks.indexOf(item))
    return this.#positionIn(doc, start, this.#distance(start, item, assoc < 0 ? offset + 1 : offset))
  }

  #anchorIn(block: TextBlock, offset: number, assoc: -1 | 0): Anchor {
    // At a block's end there is nothing behind it to hold on to but another block.
    const isBehind = assoc === 0 && offset < block.node.content.size
    let rest = isBehind ? offset + 1 : offset
    if (rest === 0) return this.#anchor(block.start?.id ?? null, -1)
    for (let item = this.#firstOf(block.start); item !== null; item = item.right) {
      const width = this.#blocks.reader.widthOf(item, block.node.type)
      if (rest <= width) {
        return this.#anchor(Y.createID(item.id.client, item.id.clock + rest - 1), isBehind ? 0 : -1)
      }
      rest -= width
    }
    return this.#anchor(block.start?.id ?? null, -1)
  }

  #anchor(item: Y.ID | null, assoc: -1 | 0): Anchor {
    return Y.relativePositionToJSON(
      new Y.RelativePosition(null, item === null ? this.#name : null, item, assoc),
    )
  }

  /** From an offset in the content behind a marker to a position. */
  #positionIn(doc: Node, start: Y.Item | null, offset: number): number | null {
    const index = this.#blocks.indexOf(start)
    if (index < 0) return start === null ? 0 : null
    const { node } = this.#blocks.at(index)
    const position = startOf(doc, index)
    if (node.isTextblock) return position + 1 + Math.min(offset, node.content.size)
    // Behind a block that holds no text; there can be text that has lost its marker.
    const isFollowed = this.#blocks.list[index + 1]?.isMarked === false
    return position + node.nodeSize + (isFollowed ? 1 + offset : 0)
  }

  #distance(start: Y.Item | null, end: Y.Item, offset: number): number {
    if (start === end) return 0
    const { reader } = this.#blocks
    const block = this.#blocks.list[this.#blocks.indexOf(start)]
    const type = block?.node.isTextblock ? block.node.type : reader.kinds.paragraph
    let distance = 0
    let item = this.#firstOf(start)
    for (; item !== null && item !== end; item = item.right) distance += reader.widthOf(item, type)
    return distance + Math.min(reader.widthOf(end, type), offset)
  }

  #firstOf(start: Y.Item | null): Y.Item | null {
    return start === null ? firstItem(this.#blocks.reader.text) : start.right
  }

  /** The item that an id names now, and how far into it: what an undo has brought back is followed. */
  #find(id: Y.ID): { readonly item: Y.Item; readonly offset: number } | null {
    const { text } = this.#blocks.reader
    const store = text.doc?.store
    if (store === undefined) return null
    let at: Y.ID = id
    for (;;) {
      if (Y.getState(store, at.client) <= at.clock) return null
      const item: unknown = Y.getItem(store, at)
      if (!(item instanceof Y.Item)) return null
      const offset = at.clock - item.id.clock
      if (item.redone === null)
        return item.parent === text && item.parentSub === null ? { item, offset } : null
      at = Y.createID(item.redone.client, item.redone.clock + offset)
    }
  }

  /** Yjs takes whatever it is given, and makes a new shared type for every unknown name. */
  #parse(anchor: Anchor): { readonly item: Y.ID | null; readonly assoc: number } | null {
    if (!isRecord(anchor)) return null
    const { item, tname = null, assoc = 0 } = anchor
    if (typeof assoc !== 'number') return null
    if (item === undefined || item === null) return tname === this.#name ? { item: null, assoc } : null
    const id = parseId(item)
    return id === null ? null : { item: id, assoc }
  }
}

function startOf(doc: Node, index: number): number {
  let position = 0
  for (let i = 0; i < index; i++) position += doc.child(i).nodeSize
  return position
}

function parseId(value: unknown): Y.ID | null {
  if (!isRecord(value)) return null
  const { client, clock } = value
  return isCount(client) && isCount(clock) ? Y.createID(client, clock) : null
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
