import type { Node } from 'prosemirror-model'
import { TextSelection, type Command, type EditorState } from 'prosemirror-state'
import { schema } from '../../document/index.ts'
import { selectedBlocks, type SelectedBlock } from './selected-blocks.ts'
import { isCode, isFlowText } from './text-kinds.ts'

/**
 * Makes the selected paragraphs code, a line each of one block, or, if all are code, paragraphs again, a block each. A
 * block only changes its kind, and between two only what separates them, so that what others type in them stays.
 */
export const toggleCodeBlock: Command = (state, dispatch) => {
  const blocks = selectedBlocks(state, isFlowText)
  if (blocks.length === 0) return false
  if (!dispatch) return true
  const { tr } = state
  if (blocks.every(({ node }) => isCode(node))) {
    for (const { pos } of blocks) tr.setNodeMarkup(pos, schema.nodes.paragraph)
  } else {
    for (const run of adjacentRuns(blocks).toReversed()) {
      for (const { pos } of run.slice(1).toReversed()) tr.replaceWith(pos - 1, pos + 1, schema.text('\n'))
      const [first] = run
      if (first) tr.setNodeMarkup(first.pos, schema.nodes.code_block, { language: languageOf(run) })
    }
  }
  dispatch(tr.scrollIntoView())
  return true
}

/** Whether all that is selected is code. */
export function isCodeSelected(state: EditorState): boolean {
  const blocks = selectedBlocks(state, isFlowText)
  return blocks.length > 0 && blocks.every(({ node }) => isCode(node))
}

/** Enter in code: a new line, indented like the one before. In an empty line at the end it leaves the block. */
export const newLineInCode: Command = (state, dispatch) => {
  const code = selectedCode(state)
  if (code === null) return false
  const { $from, empty } = state.selection
  const before = code.text.slice(0, $from.parentOffset)
  const isAtEnd = empty && $from.parentOffset === code.text.length
  const [emptyLine] = (isAtEnd && /\n[ \t]*$/.exec(before)) || []
  if (emptyLine !== undefined) {
    if (dispatch) {
      const { tr } = state
      tr.delete($from.pos - emptyLine.length, $from.pos)
      const end = tr.mapping.map($from.after())
      tr.insert(end, schema.nodes.paragraph.create())
      dispatch(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView())
    }
    return true
  }
  const [indent = ''] = /^[ \t]*/.exec(before.slice(before.lastIndexOf('\n') + 1)) ?? []
  dispatch?.(state.tr.insertText(`\n${indent}`).scrollIntoView())
  return true
}

/** Leaves code for a new paragraph behind it, wherever in it the caret is. */
export const leaveCode: Command = (state, dispatch) => {
  if (selectedCode(state) === null) return false
  const end = state.selection.$from.after()
  if (dispatch) {
    const tr = state.tr.insert(end, schema.nodes.paragraph.create())
    dispatch(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView())
  }
  return true
}

/** In code, moves the selected lines by one step; at a caret in a line, what is behind it. True even if nothing moves. */
export function indentLines(by: 1 | -1): Command {
  return (state, dispatch) => {
    const code = selectedCode(state)
    if (code === null) return false
    if (!dispatch) return true
    const { $from, from, to, empty } = state.selection
    const step = /^\t/m.test(code.text) ? '\t' : '  '
    const { tr } = state
    if (empty && by === 1) tr.insertText(step)
    else {
      for (const offset of lineStarts(code.text, $from.parentOffset, to - $from.start()).toReversed()) {
        const pos = $from.start() + offset
        if (by === 1) tr.insert(pos, schema.text(step))
        else tr.delete(pos, pos + (/^(?:\t| {1,2})/.exec(code.text.slice(offset))?.[0].length ?? 0))
      }
      if (!empty && by === 1)
        tr.setSelection(TextSelection.create(tr.doc, tr.mapping.map(from), tr.mapping.map(to)))
    }
    if (tr.docChanged) dispatch(tr.scrollIntoView())
    return true
  }
}

/** At the start of code: makes it a paragraph. */
export const codeToParagraph: Command = (state, dispatch) => {
  const code = selectedCode(state)
  const { $from, empty } = state.selection
  if (code === null || !empty || $from.parentOffset > 0) return false
  dispatch?.(state.tr.setNodeMarkup($from.before(), schema.nodes.paragraph).scrollIntoView())
  return true
}

/** The code that the selection is in; null if it is not in one block of it. */
function selectedCode({ selection }: EditorState): { readonly text: string } | null {
  const { $from, $to } = selection
  if (!(selection instanceof TextSelection) || !$from.sameParent($to) || !isCode($from.parent)) return null
  return { text: textOf($from.parent) }
}

/** A character for each position. */
function textOf(node: Node): string {
  return node.textBetween(0, node.content.size, null, '\ufffc')
}

/** Where the lines begin that a range touches, but not one at whose start it ends. */
function lineStarts(text: string, from: number, to: number): number[] {
  const starts = [text.lastIndexOf('\n', from - 1) + 1]
  for (let at = text.indexOf('\n', from); at !== -1 && at + 1 < to; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1)
  }
  return starts
}

/** Blocks that stand one behind another, nothing between them. */
function adjacentRuns(blocks: readonly SelectedBlock[]): SelectedBlock[][] {
  const runs: SelectedBlock[][] = []
  for (const block of blocks) {
    const last = runs.at(-1)?.at(-1)
    if (last && last.pos + last.node.nodeSize === block.pos) runs.at(-1)?.push(block)
    else runs.push([block])
  }
  return runs
}

function languageOf(run: readonly SelectedBlock[]): unknown {
  return run.find(({ node }) => node.type === schema.nodes.code_block)?.node.attrs['language'] ?? null
}
