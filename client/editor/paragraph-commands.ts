import type { Command, EditorState } from 'prosemirror-state'
import {
  clampIndent,
  DEFAULT_PARAGRAPH,
  readParagraphAttributes,
  schema,
  type ListKind,
  type ParagraphAttributes,
  type ParagraphStyle,
} from '../../document/index.ts'
import { selectedBlocks } from './selected-blocks.ts'
import { selectedParagraphs, setOnParagraphs } from './selected-paragraphs.ts'
import { isCode, isFlowText } from './text-kinds.ts'

/** Gives the selected texts a style; paragraphs stay list items if they are, code becomes a paragraph. */
export function setStyle(style: ParagraphStyle): Command {
  return (state, dispatch) => {
    const texts = selectedBlocks(state, isFlowText)
    if (texts.length === 0) return false
    if (!dispatch) return true
    const { tr } = state
    for (const { pos, node } of texts) {
      // The block stays the one that it is: what others type in it stays too.
      if (isCode(node)) tr.setNodeMarkup(pos, schema.nodes.paragraph, { ...DEFAULT_PARAGRAPH, style })
      else if (node.attrs['style'] !== style) tr.setNodeAttribute(pos, 'style', style)
    }
    if (tr.docChanged) dispatch(tr.scrollIntoView())
    return true
  }
}

/** Makes the selected texts quotes, or normal if all of them are. */
export const toggleQuote: Command = (state, dispatch) =>
  setStyle(isStyleActive(state, 'quote') ? 'normal' : 'quote')(state, dispatch)

/** Whether all selected texts are paragraphs of a style. */
export function isStyleActive(state: EditorState, style: ParagraphStyle): boolean {
  const texts = selectedBlocks(state, isFlowText)
  return (
    texts.length > 0 &&
    texts.every(({ node }) => !isCode(node) && readParagraphAttributes(node.attrs).style === style)
  )
}

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

/** Whether all selected paragraphs have what is asked for, and there is one. */
export function everyParagraph(
  state: EditorState,
  has: (attributes: ParagraphAttributes) => boolean,
): boolean {
  const paragraphs = selectedParagraphs(state)
  return paragraphs.length > 0 && paragraphs.every(({ attributes }) => has(attributes))
}
