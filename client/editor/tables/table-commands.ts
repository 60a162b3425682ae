import type { Node } from 'prosemirror-model'
import { Selection, TextSelection, type Command, type EditorState, type Transaction } from 'prosemirror-state'
import {
  addColumn,
  deleteColumn as deleteColumns,
  findTable,
  goToNextCell,
  isInTable,
  rowIsHeader,
  selectedRect,
  splitCell,
  toggleHeader,
  type TableMap,
} from 'prosemirror-tables'
import { MAX_TABLE_CELLS, schema } from '../../../document/index.ts'
import { isInSoundTable, onSoundTable } from './sound-table.ts'
import { addRow, removeRow } from './table-rows.ts'

const NEW_TABLE_SIZE = 3

/**
 * Puts an empty table where the caret is: in front of a paragraph at its start, behind it at its end, else between the two
 * parts. There is a paragraph to go on in behind it. Not in a table.
 */
export const insertTable: Command = (state, dispatch) => {
  const { $to } = state.selection
  if ($to.depth > 1 || ($to.depth === 1 && !$to.parent.isTextblock)) return false
  if (!dispatch) return true
  const { tr } = state
  const pos = placeForTable(tr)
  const isFollowed = tr.doc.resolve(pos).nodeAfter?.isTextblock === true
  tr.insert(pos, [emptyTable(), ...(isFollowed ? [] : [schema.nodes.paragraph.create()])])
  dispatch(tr.setSelection(Selection.near(tr.doc.resolve(pos), 1)).scrollIntoView())
  return true
}

/** Splits the paragraph that the caret is in the middle of. */
function placeForTable(tr: Transaction): number {
  const { $to } = tr.selection
  if ($to.depth === 0) return $to.pos
  if ($to.parentOffset === 0) return $to.before()
  if ($to.parentOffset === $to.parent.content.size || $to.parent.type !== schema.nodes.paragraph)
    return $to.after()
  tr.split($to.pos)
  return $to.pos + 1
}

/** Each cell is a node of its own, by which the text form knows rows and columns again. */
function emptyTable(): Node {
  const { table, table_row: row, table_cell: cell, paragraph } = schema.nodes
  const emptyRow = () =>
    row.create(
      null,
      several(() => cell.create(null, paragraph.create())),
    )
  return table.create(null, several(emptyRow))
}

function several<Made>(make: () => Made): Made[] {
  return Array.from({ length: NEW_TABLE_SIZE }, make)
}

export const deleteTable: Command = (state, dispatch) => {
  const table = findTable(state.selection.$head)
  if (table === null) return false
  if (!dispatch) return true
  const { tr, doc } = state
  const end = table.pos + table.node.nodeSize
  if (doc.childCount === 1) tr.replaceWith(table.pos, end, schema.nodes.paragraph.create())
  else tr.delete(table.pos, end)
  dispatch(tr.setSelection(Selection.near(tr.doc.resolve(table.pos), 1)).scrollIntoView())
  return true
}

/** Adds an empty row on one side of the selected cells. */
export function addRowBeside(side: 'before' | 'after'): Command {
  return onSoundTable((state, dispatch) => {
    if (!isInTable(state)) return false
    const rect = selectedRect(state)
    if ((rect.map.height + 1) * rect.map.width > MAX_TABLE_CELLS) return false
    dispatch?.(addRow(state.tr, rect, side === 'before' ? rect.top : rect.bottom).scrollIntoView())
    return true
  })
}

/** Adds an empty column on one side of the selected cells. */
export function addColumnBeside(side: 'before' | 'after'): Command {
  return onSoundTable((state, dispatch) => {
    if (!isInTable(state)) return false
    const rect = selectedRect(state)
    if (rect.map.height * (rect.map.width + 1) > MAX_TABLE_CELLS) return false
    dispatch?.(addColumn(state.tr, rect, side === 'before' ? rect.left : rect.right).scrollIntoView())
    return true
  })
}

/** Deletes the rows of the selected cells; of all rows, the table. */
export const deleteSelectedRows: Command = onSoundTable((state, dispatch) => {
  if (!isInTable(state)) return false
  const { top, bottom, map, tableStart } = selectedRect(state)
  if (top === 0 && bottom === map.height) return deleteTable(state, dispatch)
  if (!dispatch) return true
  const { tr } = state
  for (let row = bottom - 1; row >= top; row--) removeRow(tr, tableStart, row)
  dispatch(tr)
  return true
})

/** Deletes the columns of the selected cells; of all columns, the table. */
export const deleteSelectedColumns: Command = onSoundTable((state, dispatch) => {
  if (!isInTable(state)) return false
  const { left, right, map } = selectedRect(state)
  const command = left === 0 && right === map.width ? deleteTable : deleteColumns
  return command(state, dispatch)
})

/** Gives the places that the selected cell covers cells of their own again. */
export const splitSelectedCell: Command = onSoundTable(
  (state, dispatch) => isInTable(state) && splitCell(state, dispatch),
)

/** Makes the first row of a table one of headings, or of ordinary cells if it is. */
export const toggleHeaderRow: Command = onSoundTable(toggleHeader('row'))

export function hasHeaderRow(state: EditorState): boolean {
  if (!isInSoundTable(state.selection.$head)) return false
  const { map, table } = selectedRect(state)
  return rowIsHeader(map, table, 0)
}

/** Lets the rows of the selected cells change places with the row above or below, which is written anew there. */
export function moveRows(direction: -1 | 1): Command {
  return onSoundTable((state, dispatch) => {
    if (!isInTable(state)) return false
    const { map, table, tableStart, top, bottom } = selectedRect(state)
    const lines = linesToSwap(top, bottom, map.height, direction, (row) => areJoinedBetweenRows(map, row))
    if (lines === null) return false
    if (!dispatch) return true
    const { tr } = state
    const startOf = (row: number) =>
      tableStart + table.children.slice(0, row).reduce((sum, { nodeSize }) => sum + nodeSize, 0)
    swap(tr, placesOf(lines, startOf), direction)
    dispatch(tr.scrollIntoView())
    return true
  })
}

/** Lets the columns of the selected cells change places with the column to the left (-1) or right. */
export function moveColumns(direction: -1 | 1): Command {
  return onSoundTable((state, dispatch) => {
    if (!isInTable(state)) return false
    const { map, table, tableStart, left, right } = selectedRect(state)
    const lines = linesToSwap(left, right, map.width, direction, (column) =>
      areJoinedBetweenColumns(map, column),
    )
    if (lines === null) return false
    if (!dispatch) return true
    const { tr } = state
    for (let row = map.height - 1; row >= 0; row--) {
      const placeOf = (column: number) => tableStart + map.positionAt(row, column, table)
      swap(tr, placesOf(lines, placeOf), direction)
    }
    dispatch(tr.scrollIntoView())
    return true
  })
}

/**
 * Rows or columns from `start` to `middle`, and from there to `end`, of which one part moves and the other gives way: by
 * index, or by position.
 */
interface Parts {
  readonly start: number
  readonly middle: number
  readonly end: number
}

/** Cells that cover several lines keep them together. Null if there is no place to move to. */
function linesToSwap(
  first: number,
  last: number,
  count: number,
  direction: -1 | 1,
  isJoinedAt: (line: number) => boolean,
): Parts | null {
  const lineFrom = (line: number, step: -1 | 1): number => {
    let at = line
    while (at > 0 && at < count && isJoinedAt(at)) at += step
    return at
  }
  const [start, end] = [lineFrom(first, -1), lineFrom(last, 1)]
  if (direction === -1) return start === 0 ? null : { start: lineFrom(start - 1, -1), middle: start, end }
  return end === count ? null : { start, middle: end, end: lineFrom(end + 1, 1) }
}

function areJoinedBetweenRows({ map, width }: TableMap, row: number): boolean {
  return Array.from(
    { length: width },
    (_, c) => map[(row - 1) * width + c] === map[row * width + c],
  ).includes(true)
}

function areJoinedBetweenColumns({ map, width, height }: TableMap, column: number): boolean {
  return Array.from(
    { length: height },
    (_, r) => map[r * width + column - 1] === map[r * width + column],
  ).includes(true)
}

function placesOf({ start, middle, end }: Parts, placeOf: (line: number) => number): Parts {
  return { start: placeOf(start), middle: placeOf(middle), end: placeOf(end) }
}

/** Writes the part that does not move on the other side of the one that does, the same nodes, so that they are known again. */
function swap(tr: Transaction, { start, middle, end }: Parts, direction: -1 | 1): void {
  if (start === middle || middle === end) return
  const [from, to] = direction === -1 ? [start, middle] : [middle, end]
  const { content } = tr.doc.slice(from, to)
  tr.delete(from, to)
  tr.insert(direction === -1 ? end - (to - from) : start, content)
}

/** Goes to the next cell, or the one before (-1), whose text is then selected; behind the last one comes a new row. */
export function goToCell(direction: -1 | 1): Command {
  return onSoundTable((state, dispatch, view) => {
    if (!isInTable(state)) return false
    if (goToNextCell(direction)(state, dispatch, view)) return true
    // In the first cell there is nothing before: the key is taken all the same.
    if (direction === -1) return true
    const { map, table, tableStart } = selectedRect(state)
    if ((map.height + 1) * map.width > MAX_TABLE_CELLS) return true
    if (!dispatch) return true
    const tr = addRow(state.tr, { map, table, tableStart }, map.height)
    const $row = tr.doc.resolve(tableStart + table.content.size)
    dispatch(tr.setSelection(TextSelection.near($row, 1)).scrollIntoView())
    return true
  })
}
