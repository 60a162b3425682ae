import type { Command, EditorState } from 'prosemirror-state'
import {
  clampIndent,
  type Alignment,
  type ListKind,
  type ParagraphAttributes,
  type ParagraphStyle,
} from '../../document/index.ts'
import { selectedParagraphs, setOnParagraphs } from './selected-paragraphs.ts'

/** Gives the selected paragraphs a style; they stay list items if they are. */
export function setStyle(style: ParagraphStyle): Command {
  return setOnParagraphs(() => ({ style }))
}

/** Makes the selected paragraphs quotes, or normal if all of them are. */
export const toggleQuote: Command = setOnParagraphs((_, all) => ({
  style: all.every(({ attributes }) => attributes.style === 'quote') ? 'normal' : 'quote',
}))

/** Makes the selected paragraphs items of this list, or of none if all of them are. */
export function toggleList(list: ListKind): Command {
  return setOnParagraphs((attributes, all) => {
    if (all.every((paragraph) => paragraph.attributes.list === list)) return { list: null }
    return list === 'task' && attributes.list !== 'task' ? { list, checked: false } : { list }
  })
}

/** Marks the selected tasks as done, or as not done if all of them are. */
export const toggleTask: Command = (state, dispatch) => {
  const tasks = selectedParagraphs(state).filter(({ attributes }) => attributes.list === 'task')
  if (tasks.length === 0) return false
  const checked = !tasks.every(({ attributes }) => attributes.checked)
  return setOnParagraphs(({ list }) => (list === 'task' ? { checked } : {}))(state, dispatch)
}

/** Moves the selected paragraphs by one indent, list items by one level; true even at the end of the way. */
export function changeIndent(by: 1 | -1): Command {
  return setOnParagraphs(({ indent }) => ({ indent: clampIndent(indent + by) }))
}

export function setAlign(align: Alignment): Command {
  return setOnParagraphs(() => ({ align }))
}

/** Whether all selected paragraphs have what is asked for, and there is one. */
export function everyParagraph(
  state: EditorState,
  has: (attributes: ParagraphAttributes) => boolean,
): boolean {
  const paragraphs = selectedParagraphs(state)
  return paragraphs.length > 0 && paragraphs.every(({ attributes }) => has(attributes))
}
