export type { FormName } from './collaboration/bind-document.ts'
export type { ConnectionStatus } from './collaboration/connection.ts'
export type { DocumentSize } from './collaboration/document-size.ts'
export type { Person } from './collaboration/presence.ts'
export type { SaveState } from './collaboration/save-state.ts'
export { createEditor } from './create-editor.ts'
export type { EditorOptions } from './editor-options.ts'
export type { Action, ActionName } from './editor/action.ts'
export type {
  Chrome,
  Editor,
  EditorEvent,
  EditorEvents,
  EditorProblem,
  EditorUser,
  Theme,
} from './ui/editor.ts'
export { CodraftPeople } from './ui/people.ts'
export { CodraftSaveState } from './ui/save-state.ts'
export { CodraftToolbar } from './ui/toolbar.ts'
