import { EditorState, Plugin } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import * as Y from 'yjs'
import { documentToHtml, schema } from '../document/index.ts'
import { IncompatibleDocumentError, type Binding } from './collaboration/binding.ts'
import { createCaretOverlay, type CaretOverlay } from './collaboration/caret-overlay.ts'
import { createConnection, type Connection, type ConnectionStatus } from './collaboration/connection.ts'
import { Listeners } from './collaboration/listeners.ts'
import { createPresence, type Person, type Presence } from './collaboration/presence.ts'
import type { SaveState } from './collaboration/save-state.ts'
import { createXmlBinding } from './collaboration/xml-binding.ts'
import {
  checkTheme,
  checkUser,
  resolveOptions,
  type EditorOptions,
  type ResolvedOptions,
} from './editor-options.ts'
import {
  contentStyles,
  createActions,
  createEditorPlugins,
  createEditorProps,
  readSelection,
  selectionBeforeKeys,
  type Action,
  type ActionContext,
  type ActionName,
} from './editor/index.ts'
import { defineElements } from './ui/define-elements.ts'
import type { Editor, EditorEvent, EditorEvents, EditorProblem, EditorUser, Theme } from './ui/editor.ts'
import { endedProblem, outdatedProblem } from './ui/ended-problem.ts'
import { linkHighlightStyles } from './ui/link-box.ts'
import { shareStyles, styleRootOf } from './ui/shared-styles.ts'

/** The name under which a document's tree is in its `Y.Doc`. */
const FRAGMENT_NAME = 'prosemirror'

/**
 * Puts an editor of a shared document into an element of the page, as its last child. Throws a `TypeError` or a `RangeError`
 * if the options are wrong; everything else that may happen is told by `Editor.on`.
 */
export function createEditor(element: HTMLElement, options: EditorOptions): Editor {
  if (!(element instanceof HTMLElement)) {
    throw new TypeError(`createEditor needs an HTML element, not ${String(element)}`)
  }
  const resolved = resolveOptions(options, window.location.origin)
  defineElements()
  return new DocumentEditor(element, resolved)
}

/**
 * An editor's life:
 *
 * - `loading`: nothing is bound to the shared document, since the first sync has not come.
 * - `open`: the text is there. It is read-only once there is a problem.
 * - `refused`: the document cannot be shown here; `problem` says why.
 * - `closed`: by `close()`.
 */
type Stage =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'open'
      readonly view: EditorView
      readonly binding: Binding
      readonly carets: CaretOverlay
    }
  | { readonly kind: 'refused' }
  | { readonly kind: 'closed' }

class DocumentEditor implements Editor {
  readonly actions: readonly Action[]
  readonly #options: ResolvedOptions
  readonly #doc = new Y.Doc()
  readonly #connection: Connection
  readonly #presence: Presence
  // By its name: another copy of this module on the page may have defined the element before.
  readonly #frame = document.createElement('codraft-frame')
  readonly #listeners: { readonly [Event in EditorEvent]: Listeners<EditorEvents[Event]> } = {
    'save-state': new Listeners(),
    connection: new Listeners(),
    people: new Listeners(),
    ready: new Listeners(),
    change: new Listeners(),
    update: new Listeners(),
    problem: new Listeners(),
  }
  /** Undo and redo, which come with the binding. */
  readonly #history: ActionContext['history'] = {
    undo: () => this.#binding?.undo() ?? false,
    redo: () => this.#binding?.redo() ?? false,
    canUndo: () => this.#binding?.canUndo() ?? false,
    canRedo: () => this.#binding?.canRedo() ?? false,
  }
  readonly #stops: (() => void)[] = []
  #stage: Stage = { kind: 'loading' }
  #problem: EditorProblem | null = null
  #savedAt: Date | null = null
  #warnsOnLeave = false

  constructor(element: HTMLElement, options: ResolvedOptions) {
    this.#options = options
    this.#connection = createConnection({
      serverUrl: options.serverUrl,
      documentName: options.documentName,
      doc: this.#doc,
      // A server that speaks plain y-websocket says no hello; its documents are trees.
      accepts: ({ document: { form, version } }) => form === 'xml' && version === 1,
    })
    this.#presence = createPresence(this.#connection.awareness)
    this.#presence.setUser(options.user)
    this.actions = createActions({
      history: this.#history,
      editLink: () => this.#frame.linkBox?.edit(),
    })

    this.#frame.chrome = options.chrome
    this.#frame.theme = options.theme
    this.#frame.editor = this
    element.append(this.#frame)

    const root = styleRootOf(element)
    this.#stops.push(
      shareStyles(root, contentStyles),
      shareStyles(root, linkHighlightStyles),
      this.#connection.onStatus((status) => this.#onStatus(status)),
      this.#connection.onSaved(() => {
        this.#savedAt = new Date()
      }),
      this.#connection.onSaveState((saveState) => this.#onSaveState(saveState)),
      this.#presence.onPeople((people) => this.#listeners.people.tell(people)),
    )
  }

  get view(): EditorView | null {
    return this.#stage.kind === 'open' ? this.#stage.view : null
  }

  get saveState(): SaveState {
    return this.#connection.saveState
  }

  get savedAt(): Date | null {
    return this.#savedAt
  }

  get connectionStatus(): ConnectionStatus {
    return this.#connection.status
  }

  get people(): readonly Person[] {
    return this.#stage.kind === 'closed' ? [] : this.#presence.people
  }

  get problem(): EditorProblem | null {
    return this.#problem
  }

  run(name: ActionName): boolean {
    const view = this.view
    const action = this.#action(name)
    if (!view?.editable || !action) return false
    readSelection(view)
    const done = action.run(view.state, (tr) => view.dispatch(tr), view)
    // The link action has put the focus into its box.
    if (name !== 'link') view.focus()
    return done
  }

  canRun(name: ActionName): boolean {
    const view = this.view
    return view?.editable === true && (this.#action(name)?.run(view.state, undefined, view) ?? false)
  }

  isActive(name: ActionName): boolean {
    const view = this.view
    return view !== null && (this.#action(name)?.isActive?.(view.state) ?? false)
  }

  setUser(user: Partial<EditorUser>): void {
    this.#presence.setUser(checkUser(user))
  }

  setTheme(theme: Theme): void {
    this.#frame.theme = checkTheme(theme)
  }

  focus(): void {
    this.view?.focus()
  }

  getHTML(): string {
    return this.view ? documentToHtml(this.view.state.doc) : ''
  }

  retry(): void {
    this.#connection.retry()
  }

  on<Event extends EditorEvent>(event: Event, listener: (value: EditorEvents[Event]) => void): () => void {
    const listeners: Listeners<EditorEvents[Event]> = this.#listeners[event]
    if (listeners === undefined) throw new RangeError(`An editor has no event ${JSON.stringify(event)}`)
    return listeners.add((value) => {
      try {
        listener(value)
      } catch (error) {
        // An embedder's mistake is reported as any other of the page, and does not stop the editor.
        reportError(error)
      }
    })
  }

  close(): void {
    if (this.#stage.kind === 'closed') return
    if (this.#stage.kind === 'open') {
      this.#stage.carets.close()
      this.#stage.view.destroy()
      this.#stage.binding.close()
    }
    this.#stage = { kind: 'closed' }
    for (const listeners of Object.values(this.#listeners)) listeners.clear()
    for (const stop of this.#stops) stop()
    this.#warnOnLeave(false)
    this.#frame.remove()
    this.#presence.close()
    this.#connection.close()
    this.#doc.destroy()
  }

  readonly #onStatus = (status: ConnectionStatus): void => {
    if (status.kind === 'synced' && this.#stage.kind === 'loading') this.#open()
    if (status.kind === 'ended') this.#setProblem(endedProblem(status.code, this.saveState.unsaved))
    this.#listeners.connection.tell(status)
  }

  #open(): void {
    let binding: Binding
    try {
      binding = createXmlBinding({
        fragment: this.#doc.getXmlFragment(FRAGMENT_NAME),
        schema,
        onIncompatible: () => this.#setProblem(outdatedProblem()),
      })
    } catch (error) {
      if (!(error instanceof IncompatibleDocumentError)) throw error
      this.#refuse()
      return
    }
    const { label, placeholder, autofocus } = this.#options
    const state = EditorState.create({
      doc: binding.doc,
      plugins: [
        selectionBeforeKeys(),
        ...createEditorPlugins({ actions: this.actions, history: this.#history, placeholder }),
        ...binding.plugins,
        this.#observer(),
      ],
    })
    const view = new EditorView(this.#frame, {
      ...createEditorProps({ label }),
      state,
      editable: () => this.#problem === null,
      dispatchTransaction: (tr) => binding.dispatch(view, tr),
    })
    const container = this.#frame.overlay
    const carets = createCaretOverlay({
      view,
      binding,
      presence: this.#presence,
      ...(container !== null && { container }),
    })
    this.#stage = { kind: 'open', view, binding, carets }
    if (autofocus) view.focus()
    this.#listeners.ready.tell(view)
  }

  /** Marks the text as synced, and tells of every change of the view's state, wherever it comes from. */
  #observer(): Plugin {
    return new Plugin({
      props: {
        attributes: () => ({
          'data-synced': '',
          ...(this.#problem !== null && { 'aria-readonly': 'true' }),
        }),
      },
      view: () => ({
        update: (view, previous) => {
          if (this.#stage.kind !== 'open') return
          this.#stage.carets.update()
          if (view.state.doc !== previous.doc) this.#listeners.change.tell(view.state.doc)
          this.#listeners.update.tell(view.state)
        },
      }),
    })
  }

  /** The document is not one that this client may touch. What has been written here stays to be seen, and to be copied. */
  #refuse(): void {
    if (this.#stage.kind === 'open') this.#stage.binding.close()
    else this.#stage = { kind: 'refused' }
    this.#connection.close()
    this.#setProblem(outdatedProblem())
  }

  #setProblem(problem: EditorProblem): void {
    if (this.#problem !== null || this.#stage.kind === 'closed') return
    this.#problem = problem
    // Makes the view ask again whether it is editable.
    this.view?.setProps({})
    this.#listeners.problem.tell(problem)
  }

  readonly #onSaveState = (saveState: SaveState): void => {
    this.#warnOnLeave(saveState.unsaved > 0)
    this.#listeners['save-state'].tell(saveState)
  }

  /** The listener is there only while it is needed: with one, browsers keep no page ready for going back. */
  #warnOnLeave(warn: boolean): void {
    if (warn === this.#warnsOnLeave) return
    this.#warnsOnLeave = warn
    if (warn) window.addEventListener('beforeunload', askBeforeLeaving)
    else window.removeEventListener('beforeunload', askBeforeLeaving)
  }

  get #binding(): Binding | null {
    return this.#stage.kind === 'open' ? this.#stage.binding : null
  }

  #action(name: ActionName): Action | undefined {
    return this.actions.find((action) => action.name === name)
  }
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
