import type { MarkType } from 'prosemirror-model'
import type { EditorView } from 'prosemirror-view'
import { schema, type Alignment, type ListKind, type ParagraphStyle } from '../../document/index.ts'
import type { Binding } from '../collaboration/binding.ts'
import type { Action, ActionName } from './action.ts'
import { findActions } from './find/find-actions.ts'
import { canLink, linkAt, removeLink } from './links/link-commands.ts'
import { isAlignActive, setAlign } from './align-commands.ts'
import { indent } from './indent.ts'
import { insertActions } from './insert-actions.ts'
import { clearFormatting, isMarkActive, toggleMark } from './mark-commands.ts'
import { moveActions } from './move-actions.ts'
import type { WhereOthersAre } from './move-blocks.ts'
import {
  everyParagraph,
  isStyleActive,
  setStyle,
  toggleList,
  toggleQuote,
  toggleTask,
} from './paragraph-commands.ts'
import { tableActions } from './tables/table-actions.ts'

/** What actions need from above. */
export interface ActionContext {
  readonly history: Pick<Binding, 'undo' | 'redo' | 'canUndo' | 'canRedo'>
  /** Opens the address field for the link at the selection, or for a new one. */
  editLink(view: EditorView): void
  /** Shows the fields for what is looked for, and for what replaces it. Default: there are none. */
  openFind?(withReplacement: boolean): void
  /** Opens the fields for the image at the selection, or for a new one. */
  editImage(view: EditorView): void
  /** Default: nobody knows. */
  readonly whereOthersAre?: WhereOthersAre
}

/** All that writers can do, in the order of a toolbar, with Google Docs' keys. */
export function createActions(context: ActionContext): readonly Action[] {
  return [
    {
      name: 'undo',
      label: 'Undo',
      keys: ['Mod-z'],
      run: (_, dispatch) => context.history.canUndo() && (!dispatch || context.history.undo()),
    },
    {
      name: 'redo',
      label: 'Redo',
      keys: ['Mod-y', 'Mod-Shift-z'],
      run: (_, dispatch) => context.history.canRedo() && (!dispatch || context.history.redo()),
    },
    styleAction('style-normal', 'Normal text', 'normal', ['Mod-Alt-0']),
    styleAction('style-title', 'Title', 'title', []),
    styleAction('style-subtitle', 'Subtitle', 'subtitle', []),
    styleAction('heading-1', 'Heading 1', 'heading1', ['Mod-Alt-1']),
    styleAction('heading-2', 'Heading 2', 'heading2', ['Mod-Alt-2']),
    styleAction('heading-3', 'Heading 3', 'heading3', ['Mod-Alt-3']),
    styleAction('heading-4', 'Heading 4', 'heading4', ['Mod-Alt-4']),
    styleAction('heading-5', 'Heading 5', 'heading5', ['Mod-Alt-5']),
    styleAction('heading-6', 'Heading 6', 'heading6', ['Mod-Alt-6']),
    { ...styleAction('quote', 'Quote', 'quote', ['Mod-Shift-b']), run: toggleQuote },
    markAction('bold', 'Bold', schema.marks.bold, ['Mod-b']),
    markAction('italic', 'Italic', schema.marks.italic, ['Mod-i']),
    markAction('underline', 'Underline', schema.marks.underline, ['Mod-u']),
    markAction('strike', 'Strikethrough', schema.marks.strike, ['Alt-Shift-5', 'Mod-Shift-x']),
    markAction('code', 'Code', schema.marks.code, ['Mod-e']),
    {
      name: 'link',
      label: 'Link',
      keys: ['Mod-k'],
      leavesText: true,
      run: (state, dispatch, view) => {
        if (!canLink(state)) return false
        if (dispatch && view) context.editLink(view)
        return true
      },
      isActive: (state) => linkAt(state) !== null,
    },
    { name: 'remove-link', label: 'Remove link', keys: [], run: removeLink },
    listAction('bullet-list', 'Bulleted list', 'bullet', ['Mod-Shift-8']),
    listAction('ordered-list', 'Numbered list', 'ordered', ['Mod-Shift-7']),
    listAction('task-list', 'Checklist', 'task', ['Mod-Shift-9']),
    {
      name: 'toggle-task',
      label: 'Mark as done',
      keys: ['Mod-Enter', 'Mod-Alt-Enter'],
      run: toggleTask,
      isActive: (state) => everyParagraph(state, ({ list, checked }) => list === 'task' && checked),
    },
    { name: 'indent', label: 'Increase indent', keys: ['Mod-]'], run: indent(1) },
    { name: 'outdent', label: 'Decrease indent', keys: ['Mod-['], run: indent(-1) },
    alignAction('align-left', 'Align left', 'left', ['Mod-Shift-l']),
    alignAction('align-center', 'Align centre', 'center', ['Mod-Shift-e']),
    alignAction('align-right', 'Align right', 'right', ['Mod-Shift-r']),
    alignAction('align-justify', 'Justify', 'justify', ['Mod-Shift-j']),
    ...findActions((withReplacement) => context.openFind?.(withReplacement)),
    ...moveActions(context.whereOthersAre ?? (() => null)),
    ...insertActions((view) => context.editImage(view)),
    { name: 'clear-formatting', label: 'Clear formatting', keys: ['Mod-\\'], run: clearFormatting },
    ...tableActions,
  ]
}

type Describe<Value> = (name: ActionName, label: string, value: Value, keys: readonly string[]) => Action

const styleAction: Describe<ParagraphStyle> = (name, label, style, keys) => ({
  name,
  label,
  keys,
  run: setStyle(style),
  isActive: (state) => isStyleActive(state, style),
})

const listAction: Describe<ListKind> = (name, label, list, keys) => ({
  name,
  label,
  keys,
  run: toggleList(list),
  isActive: (state) => everyParagraph(state, (attributes) => attributes.list === list),
})

const alignAction: Describe<Alignment> = (name, label, align, keys) => ({
  name,
  label,
  keys,
  run: setAlign(align),
  isActive: (state) => isAlignActive(state, align),
})

const markAction: Describe<MarkType> = (name, label, type, keys) => ({
  name,
  label,
  keys,
  run: toggleMark(type),
  isActive: (state) => isMarkActive(state, type),
})
