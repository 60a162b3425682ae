import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { keydownHandler } from 'prosemirror-keymap'
import { TextSelection, type Command } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { ActionName } from '../editor/action.ts'
import {
  findNext,
  findPrevious,
  findState,
  lookFor,
  replaceAllMatches,
  replaceBy,
  replaceMatch,
  type FindOptions,
} from '../editor/index.ts'
import { baseStyles } from './base-styles.ts'
import { EditorController } from './editor-controller.ts'
import type { Editor } from './editor.ts'
import { icon, type IconName } from './icons.ts'
import { keepSelection } from './keep-selection.ts'
import { raised } from './raised.ts'
import { tokens } from './tokens.ts'

/** A longer selection is not what somebody looks for. */
const MAX_SELECTED = 200

type Way = 'matchCase' | 'wholeWord' | 'isExpression'

/**
 * The fields in which the writer of one editor (`editor`) looks for something and replaces it. The text can be written
 * meanwhile; Escape goes back to it, to the current match.
 */
export class CodraftFindPanel extends LitElement {
  static override readonly properties = {
    editor: { attribute: false },
    isOpen: { state: true },
    replaces: { state: true },
    options: { state: true },
    replacement: { state: true },
    done: { state: true },
  }
  static override readonly styles = [
    tokens,
    baseStyles,
    css`
      :host {
        position: absolute;
        inset-block-start: calc(100% + 8px);
        inset-inline-end: 16px;
        max-width: calc(100% - 32px);
      }
      .panel {
        display: grid;
        grid-template-columns: minmax(120px, 300px) auto;
        gap: 6px;
        padding: 6px;
        ${raised}
      }
      .field {
        display: flex;
        align-items: center;
        min-width: 0;
        height: 32px;
        border: 1px solid var(--_border-strong);
        border-radius: var(--_radius);
      }
      .field:focus-within {
        outline: 2px solid var(--_accent);
        outline-offset: -1px;
      }
      .field[data-invalid] {
        border-color: var(--_bad);
      }
      input {
        flex: 1;
        width: 100%;
        min-width: 0;
        height: 100%;
        margin: 0;
        padding: 0 8px;
        border: 0;
        outline: none;
        background: transparent;
        color: inherit;
        font: inherit;
      }
      input:focus-visible {
        outline: none;
      }
      .count {
        flex: none;
        padding-inline-end: 8px;
        color: var(--_text-muted);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .count:empty {
        padding: 0;
      }
      .buttons {
        display: flex;
        align-items: center;
        gap: 2px;
      }
      .way {
        font-weight: 600;
      }
      .line {
        width: 1px;
        height: 20px;
        margin-inline: 4px;
        background: var(--_border);
      }
      .bordered + .bordered {
        margin-inline-start: 4px;
      }
      .bordered:not([aria-disabled='true']) {
        border: 1px solid var(--_border);
      }
      .problem {
        grid-column: 1 / -1;
        max-width: 440px;
        margin: 0 4px 2px;
        color: var(--_bad);
      }
      @media (pointer: coarse) {
        .field {
          height: 40px;
        }
        input {
          font-size: 16px;
        }
      }
      @container (max-width: 600px) {
        .panel {
          grid-template-columns: minmax(0, 1fr);
        }
        .buttons {
          flex-wrap: wrap;
        }
        .close {
          margin-inline-start: auto;
        }
      }
      @container (max-width: 860px) {
        /* Above the text, not over it: the first lines could not be scrolled out from under it. */
        :host {
          position: static;
          max-width: none;
        }
        .panel {
          padding-inline: 16px;
          border-width: 0 0 1px;
          border-radius: 0;
          box-shadow: none;
        }
      }
      @container (max-width: 719px) {
        .panel {
          padding-inline: 8px;
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ]

  declare editor: Editor | null
  declare private isOpen: boolean
  declare private replaces: boolean
  declare private options: FindOptions
  declare private replacement: string
  /** What has just been replaced, as a sentence, until something else is done. */
  declare private done: string | null

  readonly #state = new EditorController(this, ['update', 'problem'])
  #takesFocus = false

  constructor() {
    super()
    this.editor = null
    this.isOpen = false
    this.replaces = false
    this.options = { text: '', matchCase: false, wholeWord: false, isExpression: false }
    this.replacement = ''
    this.done = null
  }

  /** Shows the panel with the focus in its first field, which has what is selected in the text. */
  open(withReplacement: boolean): void {
    const view = this.editor?.view
    if (!view) return
    const selected = this.isOpen && !view.hasFocus() ? '' : selectedText(view)
    this.isOpen = true
    this.replaces = withReplacement
    this.#takesFocus = true
    this.#lookFor(selected === '' ? {} : { text: selected, isExpression: false })
    this.#run((state, dispatch) => {
      dispatch?.(replaceBy(state.tr, this.replacement))
      return true
    })
    this.requestUpdate()
  }

  /** Nothing is highlighted any more; the caret is in the text, which has the current match selected. */
  close(): void {
    const view = this.editor?.view
    this.isOpen = false
    if (!view) return
    const { matches, current } = findState(view.state)
    const match = matches[current]
    const tr = lookFor(view.state.tr, null, 0)
    if (match) tr.setSelection(TextSelection.create(tr.doc, match.from, match.to))
    view.dispatch(tr)
    view.focus()
    view.dispatch(view.state.tr.scrollIntoView())
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#host()?.addEventListener('keydown', this.#onHostKey)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#host()?.removeEventListener('keydown', this.#onHostKey)
    this.isOpen = false
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('editor')) this.#state.editor = this.editor
  }

  override updated(): void {
    if (!this.#takesFocus) return
    this.#takesFocus = false
    const input = this.renderRoot.querySelector('input')
    input?.focus()
    input?.select()
  }

  override render(): TemplateResult | typeof nothing {
    const view = this.editor?.view
    if (!this.isOpen || !view) return nothing
    const { problem } = findState(view.state)
    return html`
      <div
        class="panel"
        part="find-panel"
        role="search"
        aria-label=${this.replaces ? 'Find and replace' : 'Find'}
        @keydown=${this.#onKey}
      >
        <div class="field" ?data-invalid=${problem !== null}>
          <input
            type="text"
            aria-label="Find"
            placeholder="Find"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-invalid=${problem !== null}
            aria-describedby=${problem === null ? nothing : 'problem'}
            .value=${this.options.text}
            @input=${this.#onText}
          />
          <span class="count" aria-live="polite">${this.#count(view)}</span>
        </div>
        <div class="buttons">
          ${this.#button('find-previous', 'chevronUp', () => this.#run(findPrevious), this.#hasMatch(view))}
          ${this.#button('find-next', 'chevronDown', () => this.#run(findNext), this.#hasMatch(view))}
          <span class="line"></span>
          ${this.#way('matchCase', 'Match case', 'Aa')} ${this.#way('wholeWord', 'Whole word', 'W')}
          ${this.#way('isExpression', 'Regular expression', '.*')}
          <span class="line"></span>
          <button
            type="button"
            part="button"
            aria-label="Show what replaces it"
            title="Replace"
            aria-expanded=${this.replaces}
            @mousedown=${keepSelection}
            @click=${this.#toggleReplace}
          >
            ${icon('replace')}
          </button>
          <button
            class="close"
            type="button"
            part="button"
            aria-label="Close"
            title="Close (Esc)"
            @mousedown=${keepSelection}
            @click=${this.#onClose}
          >
            ${icon('close')}
          </button>
        </div>
        ${this.replaces ? this.#replaceRow(view) : nothing}
        <div role="alert" ?hidden=${problem === null} class="problem" id="problem">${problem ?? nothing}</div>
      </div>
    `
  }

  #replaceRow(view: EditorView): TemplateResult {
    const canReplace = this.#hasMatch(view) && view.editable
    return html`
      <div class="field">
        <input
          type="text"
          aria-label="Replace with"
          placeholder="Replace with"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          .value=${this.replacement}
          @input=${this.#onReplacement}
        />
      </div>
      <div class="buttons">
        ${this.#wideButton('replace', 'Replace', this.#replace, canReplace)}
        ${this.#wideButton('replace-all', 'Replace all', this.#replaceAll, canReplace)}
      </div>
    `
  }

  #button(name: ActionName, iconName: IconName, onClick: () => void, isEnabled: boolean): TemplateResult {
    const label = this.editor?.actions.find((action) => action.name === name)?.label ?? ''
    return html`<button
      type="button"
      part="button"
      aria-label=${label}
      title=${label}
      aria-disabled=${!isEnabled}
      data-action=${name}
      @mousedown=${keepSelection}
      @click=${onClick}
    >
      ${icon(iconName)}
    </button>`
  }

  #wideButton(name: ActionName, label: string, onClick: () => void, isEnabled: boolean): TemplateResult {
    return html`<button
      class="bordered"
      type="button"
      part="button"
      aria-disabled=${!isEnabled}
      data-action=${name}
      @mousedown=${keepSelection}
      @click=${onClick}
    >
      ${label}
    </button>`
  }

  #way(way: Way, label: string, sign: string): TemplateResult {
    return html`<button
      class="way"
      type="button"
      part="button"
      aria-label=${label}
      title=${label}
      aria-pressed=${this.options[way]}
      @mousedown=${keepSelection}
      @click=${() => this.#lookFor({ [way]: !this.options[way] })}
    >
      ${sign}
    </button>`
  }

  #count(view: EditorView): string {
    if (this.done !== null) return this.done
    const { matches, current, options, problem } = findState(view.state)
    if (options === null || options.text === '' || problem !== null) return ''
    return matches.length === 0 ? 'No matches' : `${current + 1} of ${matches.length}`
  }

  #hasMatch(view: EditorView): boolean {
    return findState(view.state).matches.length > 0
  }

  readonly #onText = (event: InputEvent): void => {
    if (event.target instanceof HTMLInputElement) this.#lookFor({ text: event.target.value })
  }

  readonly #onReplacement = (event: InputEvent): void => {
    if (!(event.target instanceof HTMLInputElement)) return
    this.replacement = event.target.value
    this.#run((state, dispatch) => {
      dispatch?.(replaceBy(state.tr, this.replacement))
      return true
    })
  }

  readonly #toggleReplace = (): void => {
    this.replaces = !this.replaces
  }

  readonly #onClose = (): void => this.close()

  readonly #replace = (): void => {
    if (this.editor?.view?.editable === true) this.#run(replaceMatch)
  }

  readonly #replaceAll = (): void => {
    const view = this.editor?.view
    if (!view?.editable) return
    const count = findState(view.state).matches.length
    if (this.#run(replaceAllMatches)) this.done = `${count} replaced`
  }

  /** From the selection on, or from the match that is the current one. */
  #lookFor(change: Partial<FindOptions>): void {
    this.options = { ...this.options, ...change }
    this.#run((state, dispatch) => {
      const { matches, current } = findState(state)
      dispatch?.(lookFor(state.tr, this.options, matches[current]?.from ?? state.selection.from))
      return true
    })
    this.#reveal()
  }

  #run(command: Command): boolean {
    const view = this.editor?.view
    if (!view) return false
    this.done = null
    const isDone = command(view.state, (tr) => view.dispatch(tr))
    this.requestUpdate()
    if (isDone) this.#reveal()
    return isDone
  }

  /** While the focus is elsewhere, the view does not scroll to what it selects. */
  #reveal(): void {
    const view = this.editor?.view
    const mark = view?.dom.querySelector('.codraft-current-match')
    if (!mark || view?.hasFocus() === true) return
    const { top } = mark.getBoundingClientRect()
    const covered = this.getBoundingClientRect().bottom
    mark.scrollIntoView({ block: top < covered ? 'center' : 'nearest' })
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return
    const inFindField = event.target === this.renderRoot.querySelector('input')
    const inReplaceField = !inFindField && event.target instanceof HTMLInputElement
    if (event.key === 'Escape') this.close()
    else if (event.key === 'Enter' && inFindField) this.#run(event.shiftKey ? findPrevious : findNext)
    else if (event.key === 'Enter' && inReplaceField) this.#replace()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** Keys in the chrome, and in a text that is read-only; those in the text are its actions'. */
  readonly #onHostKey = (event: KeyboardEvent): void => {
    const view = this.editor?.view
    if (!view || event.defaultPrevented || event.isComposing) return
    if (this.#takesKey(view, event)) event.preventDefault()
  }

  readonly #takesKey = keydownHandler({
    'Mod-f': () => this.#opened(false),
    'Mod-h': () => this.#opened(true),
    'Mod-Shift-h': () => this.#opened(true),
    'Mod-g': () => this.#run(findNext),
    F3: () => this.#run(findNext),
    'Mod-Shift-g': () => this.#run(findPrevious),
    'Shift-F3': () => this.#run(findPrevious),
  })

  #opened(withReplacement: boolean): boolean {
    this.open(withReplacement)
    return true
  }

  #host(): HTMLElement | null {
    const root = this.getRootNode()
    return root instanceof ShadowRoot && root.host instanceof HTMLElement ? root.host : null
  }
}

/** What is selected within one text; empty if that is nothing to look for. */
function selectedText({ state: { selection, doc } }: EditorView): string {
  const { $from, $to, from, to } = selection
  if (!(selection instanceof TextSelection) || !$from.sameParent($to)) return ''
  const text = doc.textBetween(from, to)
  return text.length > MAX_SELECTED || text.includes('\n') ? '' : text
}
