import { toggleMark as toggleMarkOfType } from 'prosemirror-commands'
import type { MarkType } from 'prosemirror-model'
import type { Command, EditorState } from 'prosemirror-state'
import { schema } from '../../document/index.ts'
import { selectedParagraphs } from './selected-paragraphs.ts'

/** Sets a mark on the selection, or takes it off if all of the selection has it; at a caret, for what is typed next. */
export function toggleMark(type: MarkType): Command {
  return toggleMarkOfType(type, null, { removeWhenPresent: false, includeWhitespace: true })
}

/** Whether all selected text has the mark, or what is typed next would have it. */
export function isMarkActive(state: EditorState, type: MarkType): boolean {
  const { selection, doc, storedMarks } = state
  if (selection.empty) return Boolean(type.isInSet(storedMarks ?? selection.$from.marks()))
  let hasText = false
  let everywhere = true
  for (const { $from, $to } of selection.ranges) {
    doc.nodesBetween($from.pos, $to.pos, (node) => {
      if (!node.isText) return
      hasText = true
      if (!type.isInSet(node.marks)) everywhere = false
    })
  }
  return hasText && everywhere
}

/**
 * Takes marks off the selection and alignment off its paragraphs. Like in Google Docs, links stay, and so do styles and
 * lists: they say what a paragraph is. At a caret it is for what is typed next.
 */
export const clearFormatting: Command = (state, dispatch) => {
  if (!dispatch) return true
  const { selection, tr } = state
  const cleared = Object.values(schema.marks).filter((type) => type !== schema.marks.link)
  for (const type of cleared) {
    if (selection.empty) tr.removeStoredMark(type)
    for (const { $from, $to } of selection.ranges) tr.removeMark($from.pos, $to.pos, type)
  }
  for (const { pos, node } of selectedParagraphs(state)) {
    if (node.attrs['align'] !== null) tr.setNodeAttribute(pos, 'align', null)
  }
  if (selection.empty) {
    const kept = (state.storedMarks ?? selection.$from.marks()).filter((mark) => !cleared.includes(mark.type))
    tr.setStoredMarks(kept)
  }
  dispatch(tr)
  return true
}
