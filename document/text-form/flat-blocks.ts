import type { Node } from 'prosemirror-model'
import type { BlockKinds } from './block-kinds.ts'

/** The blocks of a document as a text can hold them: those within other blocks are taken out of these. */
export function flatBlocks(node: Node, kinds: BlockKinds): Node[] {
  return node.children.flatMap((child) => {
    if (kinds.has(child.type)) return [child]
    return child.inlineContent ? [kinds.paragraph.create(null, child.content)] : flatBlocks(child, kinds)
  })
}
