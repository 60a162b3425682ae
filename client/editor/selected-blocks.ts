import type { Node } from 'prosemirror-model'
import type { EditorState, Selection } from 'prosemirror-state'

export interface SelectedBlock {
  /** The position before the block. */
  readonly pos: number
  readonly node: Node
}

/**
 * The textblocks, of those that are asked for, that a command on the selection changes, in the order of the document: all that it touches, but not one
 * with text at whose very start it ends, where a triple click or Shift+Down leaves it without anything of that block being
 * selected.
 */
export function selectedBlocks(
  { selection, doc }: EditorState,
  isWanted: (node: Node) => boolean,
): readonly SelectedBlock[] {
  const blocks: SelectedBlock[] = []
  // Selected cells begin with the one in which the selection ends.
  for (const { $from, $to } of selection.ranges.toSorted((a, b) => a.$from.pos - b.$from.pos)) {
    doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (!node.isTextblock) return true
      if (isWanted(node) && !endsAtStartOf(selection, pos, node)) blocks.push({ pos, node })
      return false
    })
  }
  return blocks
}

function endsAtStartOf(selection: Selection, pos: number, node: Node): boolean {
  return selection.from <= pos && selection.to === pos + 1 && node.content.size > 0
}
