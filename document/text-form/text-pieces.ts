import type { Mark, Node, ResolvedPos } from 'prosemirror-model'
import { wholeCharacters } from './whole-characters.ts'
import type { BlockKinds } from './block-kinds.ts'
import type { Formats } from './mark-keys.ts'

/**
 * What a text is written from, in order: where a block begins, and what is in it. What is moved also has what its node
 * does not tell: all the entries of its marker, and formats that the schema does not know.
 */
export type Piece =
  | { readonly kind: 'open'; readonly node: Node; readonly entries?: ReadonlyMap<string, unknown> }
  | (Inline & { readonly kind: 'text'; readonly text: string })
  | (Inline & { readonly kind: 'object'; readonly node: Node })

interface Inline {
  readonly marks: readonly Mark[]
  readonly formats?: Formats | undefined
}

/**
 * A range of a document as pieces; null if a block in it is none that a text can hold. `$from` can be of another document
 * that is the same up to there.
 */
export function piecesBetween(
  doc: Node,
  from: number,
  to: number,
  kinds: BlockKinds,
  $from?: ResolvedPos,
): Piece[] | null {
  if (from === to) return []
  const pieces: Piece[] = []
  $from ??= doc.resolve(from)
  let index = $from.index(0)
  let start = $from.depth === 0 ? from : $from.before(1)
  for (; start < to && index < doc.childCount; index++) {
    const block = doc.child(index)
    if (!kinds.has(block.type)) return null
    if (start >= from) pieces.push({ kind: 'open', node: block })
    pieces.push(...inlinePieces(block, from - start - 1, to - start - 1))
    start += block.nodeSize
  }
  return pieces
}

/** Blocks as pieces. */
export function piecesOfBlocks(blocks: readonly Node[]): Piece[] {
  return blocks.flatMap((node): Piece[] => [
    { kind: 'open', node },
    ...inlinePieces(node, 0, node.content.size),
  ])
}

/** What is between two offsets in a block, which may lie outside of it, as whole characters. */
export function inlinePieces(block: Node, from: number, to: number): Piece[] {
  if (!block.isTextblock) return []
  const pieces: Piece[] = []
  let offset = 0
  for (const child of wholeCharacters(block.children)) {
    const start = Math.max(from - offset, 0)
    const end = Math.min(to - offset, child.nodeSize)
    offset += child.nodeSize
    if (start >= end) continue
    const { marks, text } = child
    if (text === undefined) pieces.push({ kind: 'object', node: child, marks })
    else pieces.push({ kind: 'text', text: text.slice(start, end), marks })
  }
  return pieces
}
