import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { firstItem, itemOfType, markerAtOrBefore, type TextBlock } from '../../document/text-form/index.ts'
import type { Anchor } from './binding.ts'
import { findItem, parseAnchor, type ParsedAnchor } from './parse-anchor.ts'
import type { TextBlocks } from './text-blocks.ts'

/** Turns positions in the blocks of one text into anchors, and back, by walking within one block. */
export class TextPositions {
  readonly #blocks: TextBlocks

  constructor(blocks: TextBlocks) {
    this.#blocks = blocks
  }

  /** As of `DocumentPositions`, but that of what is in a table there is only the table's. */
  anchorAt(doc: Node, position: number, assoc: -1 | 0): Anchor {
    const $pos = doc.resolve(position)
    const index = $pos.index(0)
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
    const parsed = parseAnchor(anchor)
    if (parsed === null) return null
    const { item: id, assoc } = parsed
    const { text } = this.#blocks.reader
    if (id === null) return this.#isBeginning(parsed) ? this.#positionIn(doc, null, 0) : null
    const found = text.doc === null ? null : findItem(text.doc, id)
    if (found?.item.parent !== text || found.item.parentSub !== null) return null
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

  /** Null for the text's beginning. */
  #anchor(item: Y.ID | null, assoc: -1 | 0): Anchor {
    if (item !== null) return Y.relativePositionToJSON(new Y.RelativePosition(null, null, item, assoc))
    const { text } = this.#blocks.reader
    const holder = itemOfType(text)
    const name = holder === null ? Y.findRootTypeKey(text) : null
    return Y.relativePositionToJSON(new Y.RelativePosition(holder?.id ?? null, name, null, assoc))
  }

  #isBeginning({ type, name }: ParsedAnchor): boolean {
    const { text } = this.#blocks.reader
    const holder = itemOfType(text)
    if (holder === null) return name === Y.findRootTypeKey(text)
    return type !== null && Y.compareIDs(type, holder.id)
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
}

function startOf(doc: Node, index: number): number {
  let position = 0
  for (let i = 0; i < index; i++) position += doc.child(i).nodeSize
  return position
}
