import { GapCursor } from 'prosemirror-gapcursor'
import { NodeSelection, Plugin, Selection, TextSelection, type EditorState } from 'prosemirror-state'
import { cellAround, CellSelection, nextCell, tableEditing as cellEditing } from 'prosemirror-tables'
import type { EditorView } from 'prosemirror-view'
import { deleteSelected } from '../delete-selected.ts'
import { pasteCells } from './paste-cells.ts'
import { acrossTable, wholeTablesSelected } from './selection-across-table.ts'
import { isInSoundTable } from './sound-table.ts'

/**
 * What the mouse, the arrow keys, Backspace and pasting do in tables: prosemirror-tables' plugin, but that it mends no
 * tables, since it would do so in answer to what others write, in every editor that is open.
 */
export function tableEditing(): Plugin {
  const { spec } = cellEditing({ allowTableNodeSelection: true })
  const { handleKeyDown, handleDOMEvents, ...props } = spec.props ?? {}
  const { mousedown } = handleDOMEvents ?? {}
  return new Plugin({
    ...spec,
    props: {
      ...props,
      handleKeyDown(view, event) {
        if (!isReady(view)) return false
        if (leaveTable(view, event) || handleKeyDown?.call(this, view, event) === true) return true
        // At the table's edge: the browser would select text in the cell instead.
        return isExtension(event) && view.state.selection instanceof CellSelection
      },
      handlePaste(view, _event, slice) {
        const tr = isReady(view) ? pasteCells(view.state, slice) : null
        if (tr === null) return false
        view.dispatch(tr.scrollIntoView().setMeta('paste', true).setMeta('uiEvent', 'paste'))
        return true
      },
      handleTextInput(view, _from, _to, text) {
        if (view.composing || acrossTable(view.state.selection) === null) return false
        const { tr } = view.state
        deleteSelected(tr)
        view.dispatch(tr.insertText(text).scrollIntoView())
        return true
      },
      handleDOMEvents: {
        mousedown(view, event) {
          return isSoundAt(view, event) && mousedown?.call(this, view, event) === true
        },
        cut: cutAcrossTable,
      },
    },
    appendTransaction(transactions, before, state) {
      const whole = wholeTablesSelected(state, before)
      if (whole !== null) return state.tr.setSelection(whole)
      const caret = inPlaceOfLines(state)
      if (caret !== null) return state.tr.setSelection(caret)
      // Between a state and itself there is no table to mend: only the selection is put right.
      return spec.appendTransaction?.call(this, transactions, state, state)
    },
  })
}

/** A caret for a row or cell that is selected and makes no selection of cells: the row has none, or the table is not sound. */
function inPlaceOfLines({ selection, doc }: EditorState): Selection | null {
  if (!(selection instanceof NodeSelection)) return null
  const role: unknown = selection.node.type.spec['tableRole']
  if (role === undefined || role === 'table') return null
  const isOfCells = selection.node.childCount > 0 && isInSoundTable(selection.$from)
  return isOfCells ? null : Selection.near(doc.resolve(selection.from), 1)
}

function isExtension({ key, shiftKey }: KeyboardEvent): boolean {
  return shiftKey && key.startsWith('Arrow')
}

function isReady({ state }: EditorView): boolean {
  return isInSoundTable(state.selection.$head)
}

function isSoundAt(view: EditorView, event: MouseEvent): boolean {
  const target = event.target instanceof Element ? event.target.closest('td, th') : null
  if (target === null || !view.dom.contains(target)) return true
  return isInSoundTable(view.state.doc.resolve(view.posAtDOM(target, 0)))
}

/** Up and Down out of a table that no text is beside: to the place between, where one can be begun. */
function leaveTable(view: EditorView, { key, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  const direction = new Map([
    ['ArrowUp', -1],
    ['ArrowDown', 1],
  ]).get(key)
  if (direction === undefined || shiftKey || altKey || ctrlKey || metaKey) return false
  const { state } = view
  const $cell = cellAround(state.selection.$head)
  if ($cell === null || nextCell($cell, 'vert', direction) !== null) return false
  if (!isAtEdgeOfCell(state, $cell.depth + 1, direction)) return false
  if (!view.endOfTextblock(direction < 0 ? 'up' : 'down', state)) return false
  const $out = state.doc.resolve(direction < 0 ? $cell.before(-1) : $cell.after(-1))
  const beside = direction < 0 ? $out.nodeBefore : $out.nodeAfter
  if (beside?.isTextblock) return false
  view.dispatch(state.tr.setSelection(new GapCursor($out)).scrollIntoView())
  return true
}

/** Whether the caret is in the first (-1) or last block of its cell. */
function isAtEdgeOfCell({ selection }: EditorState, cellDepth: number, direction: number): boolean {
  if (!(selection instanceof TextSelection) || !selection.empty) return false
  const { $head } = selection
  return direction < 0
    ? $head.index(cellDepth) === 0
    : $head.indexAfter(cellDepth) === $head.node(cellDepth).childCount
}

/** The view's own would tear tables apart. */
function cutAcrossTable(view: EditorView, event: ClipboardEvent): boolean {
  const { selection, tr } = view.state
  if (!view.editable || acrossTable(selection) === null || event.clipboardData === null) return false
  const { dom, text } = view.serializeForClipboard(selection.content())
  event.preventDefault()
  event.clipboardData.clearData()
  event.clipboardData.setData('text/html', dom.innerHTML)
  event.clipboardData.setData('text/plain', text)
  deleteSelected(tr)
  view.dispatch(tr.scrollIntoView().setMeta('uiEvent', 'cut'))
  return true
}
