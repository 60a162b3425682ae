import { AllSelection, Selection, TextSelection, type Transaction } from 'prosemirror-state'
import { emptyDocument, schema } from '../../document/index.ts'
import { acrossTable } from './tables/selection-across-table.ts'

/**
 * Deletes what is selected, leaves the caret there, and one empty paragraph to write in if everything was selected. Where
 * the selection goes over a table's border, it deletes the table.
 */
export function deleteSelected(tr: Transaction): void {
  const across = acrossTable(tr.selection)
  if (tr.selection instanceof AllSelection) {
    tr.replaceWith(0, tr.doc.content.size, emptyDocument.content)
    tr.setSelection(TextSelection.create(tr.doc, 1))
  } else if (across !== null) {
    deleteAcross(tr, across.from, across.to)
  } else if (!tr.selection.empty) {
    tr.deleteSelection()
  }
}

function deleteAcross(tr: Transaction, from: number, to: number): void {
  const [isInText, endsInText] = [from, to].map((pos) => tr.doc.resolve(pos).parent.isTextblock)
  tr.delete(from, to)
  if (!isInText && !endsInText) tr.insert(from, schema.nodes.paragraph.create())
  tr.setSelection(Selection.near(tr.doc.resolve(from), 1))
}
