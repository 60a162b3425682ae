import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { SaveState } from '../collaboration/connection.ts'
import { baseStyles } from './base-styles.ts'
import { EditorController } from './editor-controller.ts'
import type { Editor } from './editor.ts'
import { icon } from './icons.ts'
import { saveStateWords, type TextStage } from './save-state-words.ts'
import { tokens } from './tokens.ts'

/**
 * Says whether one editor's changes are saved, in one element with role `status` and `data-save-state`, with a button
 * to try again while they are not. Coming and going between "Saving…" and "Saved" is shown and not spoken.
 */
export class CodraftSaveState extends LitElement {
  static override readonly properties = { editor: { attribute: false } }
  static override readonly styles = [
    tokens,
    baseStyles,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        min-width: 0;
      }
      [role='status'] {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
        height: 24px;
        padding-inline: 8px;
        border-radius: 12px;
        color: var(--_text-muted);
        white-space: nowrap;
      }
      [role='status'] .words {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      [data-save-state='saved'] .icon {
        color: var(--_good);
      }
      [data-save-state='unsaved'] {
        background: var(--_bad-soft);
        color: var(--_bad);
        font-weight: 600;
      }
      button {
        gap: 4px;
        height: 28px;
        padding-inline: 8px;
        color: var(--_accent);
        font-weight: 500;
      }
      button .icon {
        width: 14px;
        height: 14px;
        stroke-width: 2.25;
      }
      @media (max-width: 599px) {
        [role='status'] {
          gap: 4px;
          font-size: 12px;
        }
        button {
          min-width: 28px;
          padding: 0;
        }
        button span {
          display: none;
        }
      }
      @media (forced-colors: active) {
        [data-save-state='unsaved'] {
          border: 1px solid;
        }
      }
    `,
  ]

  declare editor: Editor | null

  readonly #state = new EditorController(this, ['save-state', 'connection', 'ready', 'problem'])
  #shown: SaveState['kind'] | null = null
  #spoken = false

  constructor() {
    super()
    this.editor = null
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('editor')) this.#state.editor = this.editor
    const kind = this.editor?.saveState.kind ?? null
    if (kind === this.#shown) return
    // What is out of order is spoken, and so is the end of it.
    this.#spoken = this.editor?.view != null && (isTrouble(kind) || isTrouble(this.#shown))
    this.#shown = kind
  }

  override render(): TemplateResult | typeof nothing {
    const editor = this.editor
    if (editor === null) return nothing
    const state = editor.saveState
    const status = editor.connectionStatus
    return html`
      <span
        part="status"
        role="status"
        aria-live=${this.#spoken ? 'polite' : 'off'}
        data-save-state=${state.kind}
        title=${lastSaved(editor.savedAt) ?? nothing}
        >${icon(state.kind)}<span class="words">${saveStateWords(state, stageOf(editor))}</span></span
      >
      ${
        status.kind === 'connecting' && status.attempt > 0 && editor.problem === null
          ? html`<button type="button" part="button" aria-label="Retry now" @click=${() => editor.retry()}>
              ${icon('retry')}<span>Retry now</span>
            </button>`
          : nothing
      }
    `
  }
}

function stageOf(editor: Editor): TextStage {
  if (editor.view !== null) return 'open'
  return editor.problem === null ? 'loading' : 'refused'
}

function isTrouble(kind: SaveState['kind'] | null): boolean {
  return kind === 'reconnecting' || kind === 'unsaved'
}

function lastSaved(savedAt: Date | null): string | null {
  return savedAt && `Last saved at ${savedAt.toLocaleTimeString()}`
}
