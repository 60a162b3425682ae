import type { Command, EditorState } from 'prosemirror-state'

/** The names of the actions, as they stand in `data-action` and are passed to `Editor.run`. */
export type ActionName =
  | 'undo'
  | 'redo'
  | 'style-normal'
  | 'style-title'
  | 'style-subtitle'
  | 'heading-1'
  | 'heading-2'
  | 'heading-3'
  | 'heading-4'
  | 'heading-5'
  | 'heading-6'
  | 'quote'
  | 'bold'
  | 'italic'
  | 'underline'
  | 'strike'
  | 'code'
  | 'link'
  | 'remove-link'
  | 'bullet-list'
  | 'ordered-list'
  | 'task-list'
  | 'toggle-task'
  | 'indent'
  | 'outdent'
  | 'align-left'
  | 'align-center'
  | 'align-right'
  | 'align-justify'
  | 'find'
  | 'find-and-replace'
  | 'find-next'
  | 'find-previous'
  | 'replace'
  | 'replace-all'
  | 'insert-image'
  | 'code-block'
  | 'insert-rule'
  | 'insert-page-break'
  | 'move-up'
  | 'move-down'
  | 'clear-formatting'
  | 'insert-table'
  | 'add-row-before'
  | 'add-row-after'
  | 'move-row-up'
  | 'move-row-down'
  | 'delete-row'
  | 'add-column-before'
  | 'add-column-after'
  | 'move-column-left'
  | 'move-column-right'
  | 'delete-column'
  | 'merge-cells'
  | 'split-cell'
  | 'toggle-header-row'
  | 'delete-table'

/** Something that a writer can do: one entry serves its key, its button, its menu item and the keyboard help. */
export interface Action {
  readonly name: ActionName
  /** The accessible name of its control, in English: "Bold". */
  readonly label: string
  /** prosemirror-keymap's notation, `Mod` being ⌘ on a Mac and Ctrl elsewhere; empty if it has no key. */
  readonly keys: readonly string[]
  /** A ProseMirror command: without `dispatch` it only says whether it can run. */
  readonly run: Command
  /** Whether it puts the focus somewhere else than into the text. Default: no. */
  readonly leavesText?: boolean
  /** Whether what it sets is set at the selection; absent where that means nothing (undo). */
  readonly isActive?: (state: EditorState) => boolean
}
