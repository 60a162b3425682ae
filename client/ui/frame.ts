import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit'
import { documentToText } from '../../document/index.ts'
import { caretStyles } from '../collaboration/caret-overlay.ts'
import { contentStyles, holdsFiles } from '../editor/index.ts'
import { baseStyles } from './base-styles.ts'
import { copyText } from './copy-text.ts'
import { EditorController } from './editor-controller.ts'
import { documentSizeWords } from './document-size-words.ts'
import type { Chrome, Editor, EditorProblem, Theme } from './editor.ts'
import type { CodraftFindPanel } from './find-panel.ts'
import { icon } from './icons.ts'
import type { CodraftImageBox } from './image-box.ts'
import { linkHighlightStyles, type CodraftLinkBox } from './link-box.ts'
import { shareStyles, styleRootOf } from './shared-styles.ts'
import { tokens } from './tokens.ts'

/**
 * What stands around the text of an editor: toolbar, save state, people, notices, and the layer for carets and the link
 * box. The text itself is its child, in the page's own tree, where selection works the same in every browser.
 */
export class CodraftFrame extends LitElement {
  static override readonly properties = {
    editor: { attribute: false },
    chrome: { reflect: true },
    theme: { reflect: true },
    copied: { state: true },
  }
  static override readonly styles = [
    tokens,
    baseStyles,
    unsafeCSS(caretStyles),
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
        height: 100%;
        color-scheme: light dark;
        background: var(--_canvas);
      }
      :host([theme='light']) {
        color-scheme: light;
      }
      :host([theme='dark']) {
        color-scheme: dark;
      }
      .bar {
        container-type: inline-size;
        position: sticky;
        z-index: 2;
        top: 0;
        flex: none;
      }
      .bar-content {
        display: flex;
        border-bottom: 1px solid var(--_border);
        background: var(--_surface);
        align-items: center;
        gap: 4px 12px;
        padding: 6px 10px;
      }
      codraft-toolbar {
        flex: 1;
      }
      .state {
        display: flex;
        flex: none;
        align-items: center;
        gap: 8px;
      }
      @container (max-width: 719px) {
        .bar-content {
          flex-direction: column-reverse;
          align-items: stretch;
          padding: 4px 8px;
        }
        codraft-toolbar {
          flex: none;
        }
        .state {
          justify-content: space-between;
          min-height: 30px;
        }
      }
      .notice {
        display: flex;
        flex: none;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        padding: 10px 16px;
        border-bottom: 1px solid var(--_border);
        background: var(--_bad-soft);
        color: var(--_text);
      }
      .notice button:not(.primary) {
        border: 1px solid var(--_border-strong);
      }
      .notice .icon {
        color: var(--_bad);
      }
      .notice p {
        flex: 1 1 240px;
        margin: 0;
      }
      .size {
        margin: 0;
        padding: 6px 16px;
        border-bottom: 1px solid var(--_border);
        color: var(--_text-muted);
      }
      .scroller {
        position: relative;
        flex: 1;
        min-height: 0;
        overflow: auto;
        scroll-padding-block: 24px;
      }
      .sheet {
        display: flex;
        flex-direction: column;
        position: relative;
        width: 100%;
        max-width: var(--codraft-sheet-width, none);
        min-height: var(--codraft-sheet-min-height, 100%);
        margin: var(--codraft-sheet-margin, 0) auto;
        border: var(--codraft-sheet-border, 0);
        border-radius: var(--codraft-sheet-radius, 0);
        background: var(--_surface);
        box-shadow: var(--codraft-sheet-shadow, none);
      }
      ::slotted(.ProseMirror) {
        flex: 1;
        box-sizing: border-box;
        min-height: var(--codraft-text-min-height, 120px);
        padding: var(--codraft-sheet-padding, 24px);
        outline: none;
      }
      .overlay {
        position: absolute;
        inset: 0;
        pointer-events: none;
        overflow: clip;
      }
      ::slotted([slot='hint']) {
        position: absolute;
        z-index: 2;
        inset-block-start: 8px;
        inset-inline-end: 12px;
        padding: 3px 8px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface);
        color: var(--_text-muted);
        font: 400 12px/1.4 var(--_font);
        pointer-events: none;
        user-select: none;
      }
      ::slotted([slot='hint']:not([data-shown])) {
        width: 1px;
        height: 1px;
        padding: 0;
        border: 0;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
      }
      .loading {
        padding: var(--codraft-sheet-padding, 24px);
        animation: appear 0.3s 0.3s both;
      }
      .loading div {
        height: 14px;
        margin-bottom: 14px;
        border-radius: 4px;
        background: var(--_hover);
        animation: breathe 1.8s ease-in-out infinite;
      }
      .loading div:nth-child(1) {
        width: 46%;
        height: 26px;
        margin-bottom: 26px;
      }
      .loading div:nth-child(3) {
        width: 94%;
      }
      .loading div:nth-child(4) {
        width: 62%;
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
      @keyframes breathe {
        50% {
          opacity: 0.5;
        }
      }
      @media print {
        :host,
        :host([theme]) {
          display: block;
          height: auto;
          color-scheme: light;
        }
        .bar,
        .overlay,
        .notice,
        .size {
          display: none;
        }
        .scroller {
          overflow: visible;
        }
        .sheet {
          max-width: none;
          margin: 0;
          border: 0;
          box-shadow: none;
        }
        ::slotted(.ProseMirror) {
          padding: 0;
        }
      }
    `,
  ]

  declare editor: Editor | null
  declare chrome: Chrome
  declare theme: Theme
  declare private copied: boolean

  /** Where carets of other people are drawn; there before the frame is on a page. */
  readonly overlay = document.createElement('div')
  /** Says how to leave the text by keyboard; in the text's own tree, for what describes an element must be there. */
  readonly hint = document.createElement('span')
  /** Called when the frame has come to a page, or to another place on it. */
  onAttached: (() => void) | null = null

  readonly #state = new EditorController(this, ['ready', 'problem', 'save-state', 'document-size'])
  #releaseStyles: (() => void)[] = []

  constructor() {
    super()
    this.overlay.className = 'overlay'
    this.overlay.part.add('overlay')
    this.hint.id = `codraft-hint-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`
    this.hint.slot = 'hint'
    this.hint.textContent = 'Escape, then Tab leaves the text; Alt+F10 goes to the toolbar'
    for (const name of ['dragover', 'drop'] as const) this.addEventListener(name, refuseFiles)
    this.editor = null
    this.chrome = 'full'
    this.theme = 'auto'
    this.copied = false
  }

  /** There once the frame is on a page. */
  get linkBox(): CodraftLinkBox | null {
    return this.shadowRoot?.querySelector('codraft-link-box') ?? null
  }

  /** There once the frame is on a page. */
  get findPanel(): CodraftFindPanel | null {
    return this.shadowRoot?.querySelector('codraft-find-panel') ?? null
  }

  /** There once the frame is on a page. */
  get imageBox(): CodraftImageBox | null {
    return this.shadowRoot?.querySelector('codraft-image-box') ?? null
  }

  /** How much of the top of the text is under the toolbar, in CSS pixels, where not the frame scrolls but the page. */
  get covered(): number {
    const scroller = this.shadowRoot?.querySelector('.scroller')
    const bar = this.shadowRoot?.querySelector('.bar')
    if (!scroller || !bar || scroller.scrollHeight > scroller.clientHeight) return 0
    return bar.clientHeight
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hint.parentNode !== this) this.prepend(this.hint)
    const root = styleRootOf(this)
    this.#releaseStyles = [contentStyles, linkHighlightStyles].map((styles) => shareStyles(root, styles))
    this.onAttached?.()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const release of this.#releaseStyles.splice(0)) release()
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('editor')) this.#state.editor = this.editor
  }

  override render(): TemplateResult {
    const problem = this.editor?.problem ?? null
    const size = this.editor?.documentSize ?? null
    const isLoading = this.editor?.view === null && problem === null
    return html`
      <div class="bar" part="bar">
        ${this.chrome === 'full' ? this.#bar() : nothing}
        <codraft-find-panel .editor=${this.editor} exportparts="find-panel, button"></codraft-find-panel>
      </div>
      <div role="alert">${problem === null ? nothing : this.#notice(problem)}</div>
      <div aria-live="polite">
        ${problem !== null || size === null ? nothing : html`<p class="size" part="size">${documentSizeWords(size)}</p>`}
      </div>
      <div class="scroller" part="scroller">
        <div class="sheet" part="sheet" aria-busy=${isLoading}>
          ${isLoading ? loading : nothing}
          <slot></slot>
          <slot name="hint"></slot>
          ${this.overlay}
        </div>
      </div>
      <codraft-link-box .editor=${this.editor} exportparts="link-box, button"></codraft-link-box>
      <codraft-image-box .editor=${this.editor} exportparts="image-box, button"></codraft-image-box>
    `
  }

  #notice(problem: EditorProblem): TemplateResult {
    const reloadButton = html`<button class="primary" type="button" part="button" @click=${reload}>
      Reload
    </button>`
    const copyButton = html`<button type="button" part="button" @click=${this.#copy}>
      ${this.copied ? 'Copied' : 'Copy the text'}
    </button>`
    const hasUnsaved = this.editor?.view != null && this.editor.saveState.unsaved > 0
    return html`
      <div class="notice" part="notice">
        ${icon('alert')}
        <p><strong>${problem.message}</strong> ${problem.advice}</p>
        ${hasUnsaved ? copyButton : nothing} ${problem.reload ? reloadButton : nothing}
      </div>
    `
  }

  readonly #copy = async (): Promise<void> => {
    const doc = this.editor?.view?.state.doc
    if (doc) this.copied = await copyText(documentToText(doc))
  }

  #bar(): TemplateResult {
    return html`
      <div class="bar-content">
        <codraft-toolbar
          .editor=${this.editor}
          exportparts="bar: toolbar, button, menu, menu-item"
        ></codraft-toolbar>
        <div class="state">
          <codraft-save-state .editor=${this.editor} exportparts="status, button"></codraft-save-state>
          <codraft-people .editor=${this.editor} exportparts="people, avatar, menu"></codraft-people>
        </div>
      </div>
    `
  }
}

const loading = html`
  <div class="loading" part="loading" role="img" aria-label="Loading the document">
    <div></div>
    <div></div>
    <div></div>
    <div></div>
  </div>
`

/** A file that misses the text would be shown in place of the page. */
function refuseFiles(event: DragEvent): void {
  if (holdsFiles(event.dataTransfer)) event.preventDefault()
}

function reload(): void {
  window.location.reload()
}
