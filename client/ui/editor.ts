import type { Node } from 'prosemirror-model'
import type { EditorState } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { ConnectionStatus, SaveState } from '../collaboration/connection.ts'
import type { DocumentSize } from '../collaboration/document-size.ts'
import type { Person } from '../collaboration/presence.ts'
import type { Action, ActionName } from '../editor/action.ts'

/** Which colours: the system's choice, or one of them always. */
export type Theme = 'auto' | 'light' | 'dark'

/** How much of the chrome an editor brings: all of it, or only what stands in the text (carets, link box, notices). */
export type Chrome = 'full' | 'none'

/** What an editor tells its listeners. */
export interface EditorEvents {
  /** What may be said about the writer's changes is another. */
  readonly 'save-state': SaveState
  readonly connection: ConnectionStatus
  /** The document comes near the largest that the server takes; null when that is over. */
  readonly 'document-size': DocumentSize | null
  /** Somebody came, left, or has another name; the list as `Editor.people`. */
  readonly people: readonly Person[]
  /** The first sync is done: the view is there. Comes once. */
  readonly ready: EditorView
  /** The document has changed, by whoever's hand. */
  readonly change: Node
  /** Anything in the editor's state has changed: the document, the selection, what undo would do. */
  readonly update: EditorState
  /** The editor has become read-only for good. */
  readonly problem: EditorProblem
}

export type EditorEvent = keyof EditorEvents

/** Why an editor became read-only for good, in words for people. */
export interface EditorProblem {
  /**
   * - `outdated`: the server speaks what this page does not.
   * - `incompatible`: the document holds what this editor does not know; nothing of it was changed.
   * - `ended`: the server ended the connection, or refused a change.
   */
  readonly kind: 'outdated' | 'incompatible' | 'ended'
  /** What has happened, as a sentence: "This page is out of date." */
  readonly message: string
  /** What to do about it, as a sentence. */
  readonly advice: string
  /** Whether a reload of the page is what helps. */
  readonly reload: boolean
}

/** An editor on a page, as its controls, and the page around it, see it. */
export interface Editor {
  /** ProseMirror's view; null until the first sync is done, and after `close`. */
  readonly view: EditorView | null
  readonly saveState: SaveState
  /** When the server last had everything on its disk, by this device's clock; null if that is not known yet. */
  readonly savedAt: Date | null
  readonly connectionStatus: ConnectionStatus
  /** How large the document is, once the server warns that it comes near its limit; null until then. */
  readonly documentSize: DocumentSize | null
  /** Who is in the document, this client first. */
  readonly people: readonly Person[]
  readonly problem: EditorProblem | null

  /** Everything that `run` can do, for menus and keyboard help. */
  readonly actions: readonly Action[]
  /** Does something at the selection and gives the text the focus; false if it cannot be done there. */
  run(name: ActionName): boolean
  canRun(name: ActionName): boolean
  /** Whether what the action sets is set at the selection. */
  isActive(name: ActionName): boolean

  /** Changes how others see this client; what is left out stays. */
  setUser(user: Partial<EditorUser>): void
  setTheme(theme: Theme): void
  setChrome(chrome: Chrome): void
  /** The text's accessible name. */
  setLabel(label: string): void
  /** What an empty document says; the empty string for nothing. */
  setPlaceholder(placeholder: string): void
  focus(): void
  /** The document as HTML; the empty string before the first sync. */
  getHTML(): string
  /** Connects at once where the next attempt would wait. */
  retry(): void
  on<Event extends EditorEvent>(event: Event, listener: (value: EditorEvents[Event]) => void): () => void
  /** Takes the editor off the page and ends its connection; unsaved changes are lost. May be called twice. */
  close(): void
  /**
   * Takes the editor off the page at once, and ends its connection only when everything is saved. Until then leaving the
   * page warns, and `save-state`, `connection` and `problem` are told; after a problem it is closed, saved or not.
   */
  closeWhenSaved(): void
}

/** How others see a person. */
export interface EditorUser {
  readonly name: string
  /** `#rrggbb`; default: one of the palette, by the client's id. */
  readonly color?: string
}
