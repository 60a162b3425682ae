import type { ActionName } from '../editor/action.ts'
import type { IconName } from './icons.ts'

/** Actions whose controls stand together and fold together, in order. */
export interface ControlGroup {
  readonly name: string
  readonly actions: readonly ActionName[]
}

/** The toolbar's groups after undo, redo and the style menu; the last fold first. */
export const controlGroups: readonly ControlGroup[] = [
  { name: 'emphasis', actions: ['bold', 'italic', 'underline'] },
  { name: 'link', actions: ['link'] },
  { name: 'lists', actions: ['bullet-list', 'ordered-list', 'task-list'] },
  { name: 'align', actions: ['align-left', 'align-center', 'align-right', 'align-justify'] },
  { name: 'indent', actions: ['outdent', 'indent'] },
  { name: 'characters', actions: ['strike', 'code', 'clear-formatting'] },
  { name: 'insert', actions: ['insert-image', 'code-block', 'insert-rule', 'insert-page-break'] },
  { name: 'move', actions: ['move-up', 'move-down'] },
]

/** The same where there is little room: what is used most comes first. */
export const narrowControlGroups: readonly ControlGroup[] = [
  { name: 'emphasis', actions: ['bold', 'italic'] },
  { name: 'link', actions: ['link'] },
  { name: 'lists', actions: ['bullet-list', 'ordered-list', 'task-list'] },
  { name: 'indent', actions: ['outdent', 'indent'] },
  { name: 'align', actions: ['align-left', 'align-center', 'align-right', 'align-justify'] },
  { name: 'characters', actions: ['underline', 'strike', 'code', 'clear-formatting'] },
  { name: 'insert', actions: ['insert-image', 'code-block', 'insert-rule', 'insert-page-break'] },
  { name: 'move', actions: ['move-up', 'move-down'] },
]

/** What is only ever in the "More" menu, and only where it can be done. */
export const rareActions: readonly ActionName[] = ['find', 'find-and-replace', 'toggle-task']

/** The style menu's items, in order. */
export const styleActions: readonly ActionName[] = [
  'style-normal',
  'style-title',
  'style-subtitle',
  'heading-1',
  'heading-2',
  'heading-3',
  'heading-4',
  'heading-5',
  'heading-6',
  'quote',
  'code-block',
]

/** The items of the table menu, in groups. */
export const tableActionGroups: readonly (readonly ActionName[])[] = [
  ['insert-table'],
  ['add-row-before', 'add-row-after', 'move-row-up', 'move-row-down', 'delete-row'],
  ['add-column-before', 'add-column-after', 'move-column-left', 'move-column-right', 'delete-column'],
  ['merge-cells', 'split-cell', 'toggle-header-row'],
  ['delete-table'],
]

/** The icons of the actions that have one. */
export const actionIcons: Readonly<Partial<Record<ActionName, IconName>>> = {
  undo: 'undo',
  redo: 'redo',
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strike: 'strike',
  code: 'code',
  link: 'link',
  'bullet-list': 'bulletList',
  'ordered-list': 'orderedList',
  'task-list': 'taskList',
  'toggle-task': 'toggleTask',
  indent: 'indent',
  outdent: 'outdent',
  'align-left': 'alignLeft',
  'align-center': 'alignCenter',
  'align-right': 'alignRight',
  'align-justify': 'alignJustify',
  find: 'search',
  'find-and-replace': 'replace',
  'move-up': 'moveUp',
  'move-down': 'moveDown',
  'clear-formatting': 'clearFormatting',
  'insert-image': 'image',
  'code-block': 'codeBlock',
  'insert-rule': 'rule',
  'insert-page-break': 'pageBreak',
}
