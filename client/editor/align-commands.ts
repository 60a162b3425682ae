import type { Node } from 'prosemirror-model'
import type { Command, EditorState } from 'prosemirror-state'
import { readImageAttributes, readParagraphAttributes, schema, type Alignment } from '../../document/index.ts'
import { selectedBlocks } from './selected-blocks.ts'

/** Aligns the selected paragraphs and images. */
export function setAlign(align: Alignment): Command {
  return (state, dispatch) => {
    const blocks = selectedBlocks(state, (node) => canAlign(node, align))
    if (blocks.length === 0) return false
    if (!dispatch) return true
    const { tr } = state
    for (const { pos, node } of blocks) {
      if (node.attrs['align'] !== align) tr.setNodeAttribute(pos, 'align', align)
    }
    if (tr.docChanged) dispatch(tr.scrollIntoView())
    return true
  }
}

/** Whether all selected paragraphs and images are aligned so. */
export function isAlignActive(state: EditorState, align: Alignment): boolean {
  const blocks = selectedBlocks(state, (node) => canAlign(node, 'left'))
  return blocks.length > 0 && blocks.every(({ node }) => alignOf(node) === align)
}

function canAlign({ type }: Node, align: Alignment): boolean {
  return type === schema.nodes.paragraph || (type === schema.nodes.image && align !== 'justify')
}

function alignOf({ type, attrs }: Node): Alignment | null {
  return type === schema.nodes.image ? readImageAttributes(attrs).align : readParagraphAttributes(attrs).align
}
