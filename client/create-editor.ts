import { EditorState, Plugin } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import * as Y from 'yjs'
import { documentToHtml, schema } from '../document/index.ts'
import { bindDocument, isKnownForm, type FormName } from './collaboration/bind-document.ts'
import { IncompatibleDocumentError, type Binding } from './collaboration/binding.ts'
import { createCaretOverlay, type CaretOverlay } from './collaboration/caret-overlay.ts'
import { createConnection, type Connection, type ConnectionStatus } from './collaboration/connection.ts'
import type { DocumentSize } from './collaboration/document-size.ts'
import { Listeners } from './collaboration/listeners.ts'
import { otherSelections, type OtherSelection } from './collaboration/other-selections.ts'
import { createPresence, type Person, type Presence } from './collaboration/presence.ts'
import type { SaveState } from './collaboration/save-state.ts'
import {
  checkChrome,
  checkString,
  checkTheme,
  checkUser,
  resolveOptions,
  type EditorOptions,
  type ResolvedOptions,
} from './editor-options.ts'
import {
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
import type {
  Chrome,
  Editor,
  EditorEvent,
  EditorEvents,
  EditorProblem,
  EditorUser,
  Theme,
} from './ui/editor.ts'
import { endedProblem, incompatibleProblem } from './ui/ended-problem.ts'

/**
 * Puts an editor of a shared document into an element, as its last child; the element may come to the page later, and
 * may be moved on it. Throws a `TypeError` or a `RangeError` if the options are wrong; everything else that may happen is
 * told by `Editor.on`.
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
 * - `leaving`: off the page, by `closeWhenSaved()`; what is not saved yet is still on its way.
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
  | { readonly kind: 'leaving' }
  | { readonly kind: 'closed' }

class DocumentEditor implements Editor {
  readonly actions: readonly Action[]
  readonly #doc = new Y.Doc()
  readonly #connection: Connection
  readonly #presence: Presence
  // By its name: another copy of this module on the page may have defined the element before.
  readonly #frame = document.createElement('codraft-frame')
  readonly #listeners: { readonly [Event in EditorEvent]: Listeners<EditorEvents[Event]> } = {
    'save-state': new Listeners(),
    connection: new Listeners(),
    'document-size': new Listeners(),
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
  readonly #newForm: FormName
  #label: string
  #placeholder: string
  #focusWhenShown: boolean
  #toldPeople: readonly Person[] = []
  #stage: Stage = { kind: 'loading' }
  #problem: EditorProblem | null = null
  #savedAt: Date | null = null
  #warnsOnLeave = false

  constructor(element: HTMLElement, options: ResolvedOptions) {
    this.#newForm = options.form
    this.#label = options.label
    this.#placeholder = options.placeholder
    this.#focusWhenShown = options.autofocus
    this.#connection = createConnection({
      serverUrl: options.serverUrl,
      documentName: options.documentName,
      doc: this.#doc,
      accepts: (hello) => isKnownForm(hello.document),
    })
    this.#presence = createPresence(this.#connection.awareness)
    this.#presence.setUser(options.user)
    this.#toldPeople = this.#presence.people
    this.actions = createActions({
      history: this.#history,
      editLink: () => this.#frame.linkBox?.edit(),
      openFind: (withReplacement) => this.#frame.findPanel?.open(withReplacement),
      editImage: () => this.#frame.imageBox?.edit(),
      whereOthersAre: (state) => this.#whereOthersAre(state),
    })

    this.#frame.chrome = options.chrome
    this.#frame.theme = options.theme
    this.#frame.editor = this
    this.#frame.onAttached = this.#onAttached
    element.append(this.#frame)

    this.#stops.push(
      this.#connection.onStatus((status) => this.#onStatus(status)),
      this.#connection.onSaved(() => {
        this.#savedAt = new Date()
      }),
      this.#connection.onSaveState((saveState) => this.#onSaveState(saveState)),
      this.#connection.onDocumentSize((size) => this.#listeners['document-size'].tell(size)),
      this.#presence.onPeople((people) => this.#onPeople(people)),
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

  get documentSize(): DocumentSize | null {
    return this.#connection.documentSize
  }

  get people(): readonly Person[] {
    return this.#isOver ? [] : this.#presence.people
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
    if (action.leavesText !== true) view.focus()
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

  setChrome(chrome: Chrome): void {
    this.#frame.chrome = checkChrome(chrome)
  }

  setLabel(label: string): void {
    this.#label = checkString(label, 'label')
    this.view?.setProps({})
  }

  setPlaceholder(placeholder: string): void {
    this.#placeholder = checkString(placeholder, 'placeholder')
    this.view?.setProps({})
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
    return listeners.add(listener)
  }

  close(): void {
    if (this.#stage.kind === 'closed') return
    this.#takeOff({ kind: 'closed' })
    for (const listeners of Object.values(this.#listeners)) listeners.clear()
    for (const stop of this.#stops) stop()
    this.#warnOnLeave(false)
    this.#presence.close()
    this.#connection.close()
    this.#doc.destroy()
  }

  closeWhenSaved(): void {
    if (this.#isOver) return
    if (this.saveState.unsaved === 0 || this.#connection.status.kind === 'ended') {
      this.close()
      return
    }
    this.#takeOff({ kind: 'leaving' })
    // Others shall not see anybody who is here no more.
    this.#connection.awareness.setLocalState(null)
  }

  get #isOver(): boolean {
    return this.#stage.kind === 'closed' || this.#stage.kind === 'leaving'
  }

  /** Takes everything off the page. */
  #takeOff(next: Stage): void {
    const stage = this.#stage
    this.#stage = next
    this.#frame.remove()
    if (stage.kind !== 'open') return
    stage.carets.close()
    stage.view.destroy()
    stage.binding.close()
  }

  readonly #onStatus = (status: ConnectionStatus): void => {
    if (status.kind === 'synced' && this.#stage.kind === 'loading') this.#open()
    if (status.kind === 'ended') {
      this.#setProblem(endedProblem(status.code, this.saveState.unsaved))
      if (this.#stage.kind === 'leaving') queueMicrotask(() => this.close())
    }
    // Unless that has closed the connection, which has been told.
    if (this.#connection.status === status) this.#listeners.connection.tell(status)
  }

  readonly #onAttached = (): void => {
    this.view?.updateRoot()
    // What the frame has not drawn a place for yet cannot have the focus.
    void this.#frame.updateComplete.then(() => this.#focusOnce())
  }

  /** Where the caret of each is, is nobody's news but the carets'. */
  #onPeople(people: readonly Person[]): void {
    const isSame =
      people.length === this.#toldPeople.length &&
      people.every((person, index) => {
        const told = this.#toldPeople[index]
        return person.clientID === told?.clientID && person.name === told.name && person.color === told.color
      })
    if (isSame || this.#isOver) return
    this.#toldPeople = people
    this.#listeners.people.tell(people)
  }

  #focusOnce(): void {
    const { view } = this
    if (!this.#focusWhenShown || view === null || !this.#frame.isConnected) return
    this.#focusWhenShown = false
    view.focus()
  }

  #open(): void {
    let binding: Binding
    try {
      binding = bindDocument({
        doc: this.#doc,
        schema,
        newForm: this.#newForm,
        onIncompatible: () => this.#readOnly(),
      })
    } catch (error) {
      if (!(error instanceof IncompatibleDocumentError)) throw error
      this.#refuse()
      return
    }
    const state = EditorState.create({
      doc: binding.doc,
      plugins: [
        selectionBeforeKeys(),
        ...createEditorPlugins({
          actions: this.actions,
          history: this.#history,
          placeholder: () => this.#placeholder,
          onTabbedIn: (isIn) => this.#frame.hint.toggleAttribute('data-shown', isIn),
        }),
        ...binding.plugins,
        this.#observer(),
      ],
    })
    const view = new EditorView(this.#frame, {
      ...createEditorProps({
        label: () => this.#label,
        hintId: this.#frame.hint.id,
        covered: () => this.#frame.covered,
      }),
      state,
      editable: () => this.#problem === null,
      dispatchTransaction: (tr) => binding.dispatch(view, tr),
    })
    const carets = createCaretOverlay({
      view,
      binding,
      presence: this.#presence,
      container: this.#frame.overlay,
    })
    this.#stage = { kind: 'open', view, binding, carets }
    this.#focusOnce()
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

  /** The document is not one that this client may touch. */
  #refuse(): void {
    this.#stage = { kind: 'refused' }
    this.#connection.close()
    this.#setProblem(incompatibleProblem())
  }

  /** The document has got what this editor does not know; what was written here before is still to be saved. */
  #readOnly(): void {
    this.#setProblem(incompatibleProblem())
    this.#endWhenSaved()
  }

  /** Ends what only waits for the last change to be saved. */
  #endWhenSaved(): void {
    if (this.saveState.unsaved > 0) return
    const isLeaving = this.#stage.kind === 'leaving'
    if (!isLeaving && this.#problem?.kind !== 'incompatible') return
    // Later: this may be called by the connection, or while the document is changed.
    queueMicrotask(() => {
      if (isLeaving) this.close()
      else this.#connection.close()
    })
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
    this.#endWhenSaved()
  }

  /** The listener is there only while it is needed: with one, browsers keep no page ready for going back. */
  #warnOnLeave(warn: boolean): void {
    if (warn === this.#warnsOnLeave) return
    this.#warnsOnLeave = warn
    if (warn) window.addEventListener('beforeunload', this.#askBeforeLeaving)
    else window.removeEventListener('beforeunload', this.#askBeforeLeaving)
  }

  // Each editor's own: a shared one would be taken away by whichever is saved first.
  readonly #askBeforeLeaving = (event: BeforeUnloadEvent): void => event.preventDefault()

  /** Null while the connection is down: one knows neither who has come nor what they do. */
  #whereOthersAre(state: EditorState): OtherSelection[] | null {
    const binding = this.#binding
    if (binding === null || this.#connection.status.kind !== 'synced') return null
    return otherSelections(this.#presence, binding, state)
  }

  get #binding(): Binding | null {
    return this.#stage.kind === 'open' ? this.#stage.binding : null
  }

  #action(name: ActionName): Action | undefined {
    return this.actions.find((action) => action.name === name)
  }
}
