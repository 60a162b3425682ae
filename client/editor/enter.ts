import { chainCommands } from 'prosemirror-commands'
import type { NodeType } from 'prosemirror-model'
import {
  AllSelection,
  Selection,
  TextSelection,
  type Command,
  type EditorState,
  type Transaction,
} from 'prosemirror-state'
import { CellSelection } from 'prosemirror-tables'
import {
  readParagraphAttributes,
  schema,
  type ParagraphAttributes,
  type ParagraphStyle,
} from '../../document/index.ts'
import { newLineInCode } from './code-commands.ts'
import { deleteSelected } from './delete-selected.ts'
import { changeIndent } from './paragraph-commands.ts'
import { setOnParagraphs } from './selected-paragraphs.ts'

/** Enter in an empty list item moves it out by a level, and off the list at the first; in an empty quote, off the quote. */
export const leaveEmptyParagraph: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  if (!empty || $from.parent.type !== schema.nodes.paragraph || $from.parent.content.size > 0) return false
  const { list, indent, style } = readParagraphAttributes($from.parent.attrs)
  if (list !== null && indent > 0) return changeIndent(-1)(state, dispatch)
  if (list !== null) return setOnParagraphs(() => ({ list: null }))(state, dispatch)
  if (style === 'quote') return setOnParagraphs(() => ({ style: 'normal' }))(state, dispatch)
  return false
}

/**
 * Enter anywhere else. The new paragraph is of the old one's kind, with two exceptions: a task begins undone, and after
 * the end of a heading comes normal text. At a paragraph's start the new one goes before it, so that the text keeps
 * what it is.
 */
export const splitParagraph: Command = (state, dispatch) => {
  const tr = transactionAtCaret(state)
  if (!tr) return false
  if (!dispatch) return true
  const { $from } = tr.selection
  const attributes = $from.parent.attrs
  const next = { ...attributes, checked: false }
  if ($from.parentOffset === 0 && $from.parent.content.size > 0) {
    tr.insert($from.before(), schema.nodes.paragraph.create(next))
  } else {
    const style = $from.parentOffset === $from.parent.content.size ? styleAfter(attributes) : null
    tr.split($from.pos, 1, [
      { type: schema.nodes.paragraph, attrs: style === null ? next : { ...next, style } },
    ])
  }
  const marks = marksAtCaret(state)
  if (marks) tr.ensureMarks(marks)
  dispatch(tr.scrollIntoView())
  return true
}

/** Enter where cells are selected: the caret goes to the end of the last one of them. */
export const enterCell: Command = (state, dispatch) => {
  const { selection, doc, tr } = state
  if (!(selection instanceof CellSelection)) return false
  const { $headCell } = selection
  const end = $headCell.pos + ($headCell.nodeAfter?.nodeSize ?? 0) - 1
  dispatch?.(tr.setSelection(Selection.near(doc.resolve(end), -1)).scrollIntoView())
  return true
}

/** Enter in an image's caption: goes on in a new paragraph behind the image, with what was behind the caret. */
const leaveCaption: Command = (state, dispatch) => {
  const tr = transactionAtCaret(state, schema.nodes.image)
  if (!tr) return false
  if (!dispatch) return true
  tr.split(tr.selection.from, 1, [{ type: schema.nodes.paragraph }])
  dispatch(tr.scrollIntoView())
  return true
}

/** Enter, wherever there is text. */
export const enter: Command = chainCommands(
  enterCell,
  newLineInCode,
  leaveCaption,
  leaveEmptyParagraph,
  splitParagraph,
)

/** Shift+Enter: a new line in the same block. */
export const breakLine: Command = (state, dispatch) => {
  const { $from } = state.selection
  const tr = transactionAtCaret(state, $from.parent.isTextblock ? $from.parent.type : schema.nodes.paragraph)
  if (!tr) return false
  dispatch?.(tr.insertText('\n').scrollIntoView())
  return true
}

/** What a paragraph after this one begins as, as for each line of a text that is pasted. */
export function attributesAfter(attrs: Readonly<Record<string, unknown>>): ParagraphAttributes {
  const attributes = readParagraphAttributes(attrs)
  return { ...attributes, checked: false, style: styleAfter(attrs) ?? attributes.style }
}

/** The style of the text after a heading or title; null where the style goes on. */
function styleAfter(attrs: Readonly<Record<string, unknown>>): ParagraphStyle | null {
  const { style } = readParagraphAttributes(attrs)
  return style === 'normal' || style === 'quote' ? null : 'normal'
}

function marksAtCaret(state: EditorState) {
  return state.storedMarks ?? (state.selection.$to.parentOffset > 0 ? state.selection.$from.marks() : null)
}

/** A transaction that has deleted the selected text; null if that leaves no caret in a block of this type. */
function transactionAtCaret(state: EditorState, type: NodeType = schema.nodes.paragraph): Transaction | null {
  const { selection, tr } = state
  if (!(selection instanceof TextSelection || selection instanceof AllSelection)) return null
  deleteSelected(tr)
  return tr.selection.$from.parent.type === type ? tr : null
}
