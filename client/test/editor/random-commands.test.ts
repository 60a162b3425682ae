import fc from 'fast-check'
import { EditorState, TextSelection, type Command } from 'prosemirror-state'
import { prosemirrorToYXmlFragment, yXmlFragmentToProseMirrorRootNode } from 'y-prosemirror'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { MAX_INDENT, schema } from '../../../document/index.ts'
import { arbitraryDocument } from '../../../document/test/arbitrary-document.ts'
import { createActions } from '../../editor/create-actions.ts'
import { leaveCode } from '../../editor/code-commands.ts'
import { backspace, deleteForward } from '../../editor/delete.ts'
import { breakLine, enter } from '../../editor/enter.ts'
import { setImage } from '../../editor/image-commands.ts'
import { setLink } from '../../editor/links/link-commands.ts'
import { replaceSelected } from '../../editor/clipboard/paste.ts'
import { isSoundTable } from '../../editor/tables/sound-table.ts'
import { tableActions } from '../../editor/tables/table-actions.ts'
import { goToCell } from '../../editor/tables/table-commands.ts'
import { tableEditing } from '../../editor/tables/table-editing.ts'
import { after } from './selection-language.ts'

const history = { undo: () => false, redo: () => false, canUndo: () => false, canRedo: () => false }

/** Pastes the blocks around the selection once more. */
const pasteWhole: Command = ({ doc, tr }, dispatch) => {
  if (replaceSelected(tr, doc.slice(0, doc.content.size)) === null) return false
  dispatch?.(tr)
  return true
}

const commands: readonly Command[] = [
  ...createActions({ history, editLink: () => {}, editImage: () => {} }).map(({ run }) => run),
  enter,
  leaveCode,
  setImage('example.org/a.png', 'a'),
  goToCell(1),
  goToCell(-1),
  breakLine,
  backspace,
  deleteForward,
  setLink('example.org'),
  pasteWhole,
]

const edits = fc.array(fc.tuple(fc.constantFrom(...commands), fc.nat(), fc.nat()), { maxLength: 8 })

function selecting(state: EditorState, anchor: number, head: number): EditorState {
  const size = state.doc.content.size + 1
  const [$anchor, $head] = [state.doc.resolve(anchor % size), state.doc.resolve(head % size)]
  return state.apply(state.tr.setSelection(TextSelection.between($anchor, $head)))
}

/** Tables are rectangles, and hold no tables. */
function expectSoundTables({ doc }: EditorState): void {
  expect(doc.children.filter(({ type }) => type === schema.nodes.table).every(isSoundTable)).toBe(true)
}

it('commands leave a legal document, whatever is selected', () => {
  fc.assert(
    fc.property(arbitraryDocument, edits, (document, list) => {
      // Selects cells where text would be selected over the borders of cells.
      let state = EditorState.create({ doc: document, plugins: [tableEditing()] })
      for (const [command, anchor, head] of list) {
        state = after(command, selecting(state, anchor, head))
        state.doc.check()
        expectSoundTables(state)
        state.doc.forEach(({ attrs }) => {
          const indent: unknown = attrs['indent'] ?? 0
          expect(indent).toBeTypeOf('number')
          expect(Number(indent)).toBeGreaterThanOrEqual(0)
          expect(Number(indent)).toBeLessThanOrEqual(MAX_INDENT)
        })
      }
    }),
    { numRuns: 400 },
  )
})

it('actions on paragraphs and marks change no text', () => {
  const formatting = createActions({ history, editLink: () => {}, editImage: () => {} }).filter(
    (action) =>
      !/^(?:move-|insert-|code-block|indent|outdent)/.test(action.name) && !tableActions.includes(action),
  )
  fc.assert(
    fc.property(
      arbitraryDocument,
      fc.constantFrom(...formatting),
      fc.nat(),
      fc.nat(),
      (document, action, a, b) => {
        const state = selecting(EditorState.create({ doc: document }), a, b)
        const next = after(action.run, state)
        expect(next.doc.textContent).toBe(document.textContent)
        expect(next.doc.childCount).toBe(document.childCount)
      },
    ),
  )
})

it('documents survive the tree of y-prosemirror', () => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const fragment = new Y.Doc().getXmlFragment('document')
      prosemirrorToYXmlFragment(document, fragment)
      expect(yXmlFragmentToProseMirrorRootNode(fragment, schema).toJSON()).toEqual(document.toJSON())
    }),
  )
})
