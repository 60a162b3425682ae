import { chainCommands, deleteSelection, selectNodeBackward, selectNodeForward } from 'prosemirror-commands'
import { undoInputRule } from 'prosemirror-inputrules'
import type { Node, ResolvedPos } from 'prosemirror-model'
import {
  AllSelection,
  NodeSelection,
  Selection,
  TextSelection,
  type Command,
  type EditorState,
} from 'prosemirror-state'
import { deleteCellSelection } from 'prosemirror-tables'
import type { EditorView } from 'prosemirror-view'
import { readParagraphAttributes, schema } from '../../document/index.ts'
import { codeToParagraph } from './code-commands.ts'
import { deleteSelected } from './delete-selected.ts'
import { changeIndent } from './paragraph-commands.ts'
import { acrossTable } from './tables/selection-across-table.ts'
import { setOnParagraphs } from './selected-paragraphs.ts'
import { isTable } from './tables/sound-table.ts'
import { isFlowText } from './text-kinds.ts'

/** What ProseMirror would delete otherwise: all, and tables that the selection reaches into from outside. */
const deleteWhole: Command = (state, dispatch) => {
  if (!(state.selection instanceof AllSelection) && acrossTable(state.selection) === null) return false
  if (dispatch) {
    const tr = state.tr
    deleteSelected(tr)
    dispatch(tr.scrollIntoView())
  }
  return true
}

/** At the start of a list item: takes it off the list; of an indented paragraph: moves it out by one indent. */
const outdentAtStart: Command = (state, dispatch, view) => {
  const $caret = caretAtStart(state, view)
  if (!$caret) return false
  const { list, indent } = readParagraphAttributes($caret.parent.attrs)
  if (list !== null) return setOnParagraphs(() => ({ list: null }))(state, dispatch)
  return indent > 0 && changeIndent(-1)(state, dispatch)
}

const joinWithPrevious: Command = (state, dispatch, view) => {
  const $caret = caretAtStart(state, view)
  if (!$caret) return false
  const boundary = $caret.before()
  const before = state.doc.resolve(boundary).nodeBefore
  if (before === null) {
    // There is nothing to join with, so all that is left to undo is the style.
    const { style } = readParagraphAttributes($caret.parent.attrs)
    return style !== 'normal' && setOnParagraphs(() => ({ style: 'normal' }))(state, dispatch)
  }
  if (isTable(before)) return enterTable(state, $caret, -1, dispatch)
  return joinAt(state, boundary, before, $caret.parent, dispatch)
}

const joinWithNext: Command = (state, dispatch, view) => {
  const $caret = caret(state)
  if (!$caret || !(view ? view.endOfTextblock('forward', state) : isAtEnd($caret))) return false
  const boundary = $caret.after()
  const after = state.doc.resolve(boundary).nodeAfter
  if (isTable(after)) return enterTable(state, $caret, 1, dispatch)
  return after !== null && joinAt(state, boundary, $caret.parent, after, dispatch)
}

/** The caret goes into a table beside which it stands; an empty paragraph between it and other text goes. */
function enterTable(
  state: EditorState,
  $caret: ResolvedPos,
  side: -1 | 1,
  dispatch: ((tr: EditorState['tr']) => void) | undefined,
): boolean {
  const { tr } = state
  const boundary = side === -1 ? $caret.before() : $caret.after()
  const beyond = state.doc.resolve(side === -1 ? $caret.after() : $caret.before())
  // It stays where it is the only place to write in on that side of the table.
  const isNeeded = !(side === -1 ? beyond.nodeAfter : beyond.nodeBefore)?.isTextblock
  if ($caret.parent.content.size === 0 && !isNeeded) tr.delete($caret.before(), $caret.after())
  tr.setSelection(Selection.near(tr.doc.resolve(tr.mapping.map(boundary)), side))
  dispatch?.(tr.scrollIntoView())
  return true
}

/** At the start of a caption, which has no end but with its image. */
const selectImageOfCaption: Command = (state, dispatch) => {
  const $caret = caretInCaption(state)
  if (!$caret || $caret.parentOffset > 0) return false
  dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, $caret.before())).scrollIntoView())
  return true
}

/** At the end of a caption: what comes behind the image is not part of it. */
const stayInCaption: Command = (state) => {
  const $caret = caretInCaption(state)
  return $caret !== null && isAtEnd($caret)
}

/** Joins two texts into one of the first's kind; an empty first one just goes, and the second stays what it is. */
function joinAt(
  state: EditorState,
  boundary: number,
  before: Node,
  after: Node,
  dispatch: ((tr: EditorState['tr']) => void) | undefined,
): boolean {
  if (!isFlowText(before) || !isFlowText(after)) return false
  if (!dispatch) return true
  const tr = state.tr
  if (before.content.size === 0) {
    tr.delete(boundary - before.nodeSize, boundary)
    tr.setSelection(TextSelection.create(tr.doc, boundary - before.nodeSize + 1))
  } else {
    tr.join(boundary)
  }
  dispatch(tr.scrollIntoView())
  return true
}

/** Backspace, where it does not just delete a character. */
export const backspace: Command = chainCommands(
  undoInputRule,
  deleteWhole,
  deleteCellSelection,
  deleteSelection,
  codeToParagraph,
  selectImageOfCaption,
  outdentAtStart,
  joinWithPrevious,
  selectNodeBackward,
)

/** The Delete key, where it does not just delete a character. */
export const deleteForward: Command = chainCommands(
  deleteWhole,
  deleteCellSelection,
  deleteSelection,
  joinWithNext,
  stayInCaption,
  selectNodeForward,
)

function caret(state: EditorState): ResolvedPos | null {
  const { selection } = state
  const $caret = selection instanceof TextSelection ? selection.$cursor : null
  return $caret && isFlowText($caret.parent) ? $caret : null
}

/** The caret in an image's caption. */
function caretInCaption({ selection }: EditorState): ResolvedPos | null {
  const $caret = selection instanceof TextSelection ? selection.$cursor : null
  return $caret?.parent.type === schema.nodes.image ? $caret : null
}

function caretAtStart(state: EditorState, view: EditorView | undefined): ResolvedPos | null {
  const $caret = caret(state)
  const atStart = view ? view.endOfTextblock('backward', state) : $caret?.parentOffset === 0
  return atStart ? $caret : null
}

function isAtEnd($pos: ResolvedPos): boolean {
  return $pos.parentOffset === $pos.parent.content.size
}
