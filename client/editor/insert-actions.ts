import type { EditorView } from 'prosemirror-view'
import { schema } from '../../document/index.ts'
import type { Action } from './action.ts'
import { isCodeSelected, toggleCodeBlock } from './code-commands.ts'
import { imageAt } from './image-commands.ts'
import { insertBlock } from './insert-block.ts'

const insertPageBreak = insertBlock(() => schema.node('page_break'))
const insertPlainImage = insertBlock(() => schema.node('image'))

/** What puts blocks into the text that are no paragraphs. `editImage` opens the fields for an image. */
export function insertActions(editImage: (view: EditorView) => void): readonly Action[] {
  return [
    {
      name: 'insert-image',
      label: 'Image',
      keys: [],
      leavesText: true,
      run: (state, dispatch, view) => {
        if (imageAt(state) === null && !insertPlainImage(state)) return false
        if (dispatch && view) editImage(view)
        return true
      },
    },
    {
      name: 'code-block',
      label: 'Code block',
      keys: ['Mod-Alt-`'],
      run: toggleCodeBlock,
      isActive: isCodeSelected,
    },
    {
      name: 'insert-rule',
      label: 'Horizontal line',
      keys: [],
      run: insertBlock(() => schema.node('rule')),
    },
    {
      name: 'insert-page-break',
      label: 'Page break',
      // In a task it marks it as done, which comes first.
      keys: ['Mod-Enter'],
      // Pages do not break within a table's cell.
      run: (state, dispatch) => state.selection.$from.depth <= 1 && insertPageBreak(state, dispatch),
    },
  ]
}
