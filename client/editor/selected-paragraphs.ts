import type { Node } from 'prosemirror-model'
import type { Command, EditorState, Selection } from 'prosemirror-state'
import { readParagraphAttributes, schema, type ParagraphAttributes } from '../../document/index.ts'

export interface SelectedParagraph {
  /** The position before the paragraph. */
  readonly pos: number
  readonly node: Node
  readonly attributes: ParagraphAttributes
}

/**
 * The paragraphs that a command on the selection changes: all that it touches, but not one with text at whose very
 * start it ends, where a triple click or Shift+Down leaves it without anything of that paragraph being selected.
 */
export function selectedParagraphs(state: EditorState): readonly SelectedParagraph[] {
  const { selection, doc } = state
  const paragraphs: SelectedParagraph[] = []
  for (const { $from, $to } of selection.ranges) {
    doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (node.type !== schema.nodes.paragraph) return true
      if (!endsAtStartOf(selection, pos, node)) {
        paragraphs.push({ pos, node, attributes: readParagraphAttributes(node.attrs) })
      }
      return false
    })
  }
  return paragraphs
}

function endsAtStartOf(selection: Selection, pos: number, node: Node): boolean {
  return selection.from <= pos && selection.to === pos + 1 && node.content.size > 0
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
