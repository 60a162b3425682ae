import { mergeCells } from 'prosemirror-tables'
import type { Action } from '../action.ts'
import { onSoundTable } from './sound-table.ts'
import {
  addColumnBeside,
  addRowBeside,
  deleteSelectedColumns,
  deleteSelectedRows,
  deleteTable,
  hasHeaderRow,
  insertTable,
  moveColumns,
  moveRows,
  splitSelectedCell,
  toggleHeaderRow,
} from './table-commands.ts'

/** What is done with tables, their rows, columns and cells. */
export const tableActions: readonly Action[] = [
  { name: 'insert-table', label: 'Insert table', keys: [], run: insertTable },
  { name: 'add-row-before', label: 'Add row above', keys: [], run: addRowBeside('before') },
  { name: 'add-row-after', label: 'Add row below', keys: [], run: addRowBeside('after') },
  { name: 'move-row-up', label: 'Move row up', keys: [], run: moveRows(-1) },
  { name: 'move-row-down', label: 'Move row down', keys: [], run: moveRows(1) },
  { name: 'delete-row', label: 'Delete row', keys: [], run: deleteSelectedRows },
  { name: 'add-column-before', label: 'Add column to the left', keys: [], run: addColumnBeside('before') },
  { name: 'add-column-after', label: 'Add column to the right', keys: [], run: addColumnBeside('after') },
  { name: 'move-column-left', label: 'Move column left', keys: [], run: moveColumns(-1) },
  { name: 'move-column-right', label: 'Move column right', keys: [], run: moveColumns(1) },
  { name: 'delete-column', label: 'Delete column', keys: [], run: deleteSelectedColumns },
  { name: 'merge-cells', label: 'Merge cells', keys: [], run: onSoundTable(mergeCells) },
  { name: 'split-cell', label: 'Split cell', keys: [], run: splitSelectedCell },
  {
    name: 'toggle-header-row',
    label: 'Header row',
    keys: [],
    run: toggleHeaderRow,
    isActive: hasHeaderRow,
  },
  { name: 'delete-table', label: 'Delete table', keys: [], run: deleteTable },
]
