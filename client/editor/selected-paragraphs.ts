import type { Command, EditorState } from 'prosemirror-state'
import { readParagraphAttributes, schema, type ParagraphAttributes } from '../../document/index.ts'
import { selectedBlocks, type SelectedBlock } from './selected-blocks.ts'

export interface SelectedParagraph extends SelectedBlock {
  readonly attributes: ParagraphAttributes
}

/** The paragraphs that a command on the selection changes. */
export function selectedParagraphs(state: EditorState): readonly SelectedParagraph[] {
  return selectedBlocks(state, ({ type }) => type === schema.nodes.paragraph).map((block) => ({
    ...block,
    attributes: readParagraphAttributes(block.node.attrs),
  }))
}

/**
 * A command that sets attributes of the selected paragraphs, and only those that differ, so that whatever others do to
 * the same paragraphs merges with it. It can run wherever there is a paragraph.
 */
export function setOnParagraphs(
  change: (
    attributes: ParagraphAttributes,
    all: readonly SelectedParagraph[],
  ) => Partial<ParagraphAttributes>,
): Command {
  return (state, dispatch) => {
    const paragraphs = selectedParagraphs(state)
    if (paragraphs.length === 0) return false
    if (!dispatch) return true
    const tr = state.tr
    for (const { pos, node, attributes } of paragraphs) {
      for (const [name, value] of Object.entries(change(attributes, paragraphs))) {
        if (node.attrs[name] !== value) tr.setNodeAttribute(pos, name, value)
      }
    }
    if (tr.docChanged) dispatch(tr.scrollIntoView())
    return true
  }
}
