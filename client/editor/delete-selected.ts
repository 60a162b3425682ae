import { AllSelection, TextSelection, type Transaction } from 'prosemirror-state'
import { emptyDocument } from '../../document/index.ts'

/** Deletes what is selected, leaves the caret there, and one empty paragraph to write in if everything was selected. */
export function deleteSelected(tr: Transaction): void {
  if (tr.selection instanceof AllSelection) {
    tr.replaceWith(0, tr.doc.content.size, emptyDocument.content)
    tr.setSelection(TextSelection.create(tr.doc, 1))
  } else if (!tr.selection.empty) {
    tr.deleteSelection()
  }
}
