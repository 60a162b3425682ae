import type { EditorState, PluginView, Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'

/**
 * What a binding sees of an `EditorView`, without a page: its state, and plugins that are told when it changes. Drawing is
 * left out, since it is the same for all bindings.
 */
export class HeadlessView {
  state: EditorState
  readonly composing = false
  readonly #dispatchTransaction: ((view: EditorView, tr: Transaction) => void) | null
  readonly #pluginViews: PluginView[]

  constructor(
    state: EditorState,
    dispatchTransaction: ((view: EditorView, tr: Transaction) => void) | null = null,
  ) {
    this.state = state
    this.#dispatchTransaction = dispatchTransaction
    this.#pluginViews = state.plugins.flatMap(({ spec }) => spec.view?.(this.#asView) ?? [])
  }

  get #asView(): EditorView {
    return this as unknown as EditorView
  }

  dispatch(tr: Transaction): void {
    if (this.#dispatchTransaction !== null) this.#dispatchTransaction(this.#asView, tr)
    else this.updateState(this.state.apply(tr))
  }

  updateState(state: EditorState): void {
    const before = this.state
    this.state = state
    for (const pluginView of this.#pluginViews) pluginView.update?.(this.#asView, before)
  }

  hasFocus(): boolean {
    return false
  }

  destroy(): void {
    for (const pluginView of this.#pluginViews) pluginView.destroy?.()
  }
}
