import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { EditorView } from 'prosemirror-view'
import { LINK_REL, safeHref } from '../../document/index.ts'
import {
  addressFrom,
  followedLinkTarget,
  followLinkTarget,
  linkAt,
  linkTarget,
  setLink,
  type LinkTarget,
} from '../editor/index.ts'
import { baseStyles } from './base-styles.ts'
import { boxStyles } from './box-styles.ts'
import { copyText } from './copy-text.ts'
import { EditorController } from './editor-controller.ts'
import type { Editor } from './editor.ts'
import { icon } from './icons.ts'
import { keepBeside } from './keep-beside.ts'
import { keepSelection } from './keep-selection.ts'
import { leavesByFocus, leavesByKey } from './leaving-a-box.ts'
import { tokens } from './tokens.ts'

/** The name of the highlight that stands for the selection while the focus is in the address field. */
const HIGHLIGHT = 'codraft-link-range'

/** For the tree that holds the text: highlights are drawn by its styles. */
export const linkHighlightStyles = `::highlight(${HIGHLIGHT}) { background-color: color-mix(in srgb, Highlight 45%, transparent); }`

const NO_ADDRESS = 'Type a web address such as example.org, an e-mail address, or tel: and a number.'

type Stage =
  | { readonly kind: 'closed' }
  /** The caret is in a link: its address is shown, and the focus stays in the text. */
  | { readonly kind: 'shown'; readonly link: LinkTarget; readonly copied: boolean }
  /** The focus is in the address field. */
  | {
      readonly kind: 'editing'
      readonly link: LinkTarget
      readonly problem: string | null
      readonly copied: boolean
    }

/**
 * The box at a link in the text of one editor (`editor`): shows the address of the link that the caret is in, to open, copy, change
 * and remove it; `edit()` puts the caret into its address field, where Enter applies and Escape returns to the text.
 */
export class CodraftLinkBox extends LitElement {
  static override readonly properties = { editor: { attribute: false }, stage: { state: true } }
  static override readonly styles = [
    tokens,
    baseStyles,
    boxStyles,
    css`
      .row {
        display: flex;
        align-items: center;
        gap: 2px;
      }
      .row > .icon {
        margin-inline: 8px 6px;
        color: var(--_text-muted);
      }
      .address {
        min-width: 0;
        margin-inline-end: 6px;
        overflow: hidden;
        color: var(--_accent);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .primary {
        margin-inline: 6px 2px;
      }
      a.button {
        display: inline-flex;
        align-items: center;
        justify-content: center;
        flex: none;
        width: 32px;
        height: 32px;
        border-radius: var(--_radius);
        color: inherit;
      }
      a.button:hover {
        background: var(--_hover);
      }
      .break {
        display: none;
      }
      @media (max-width: 480px) {
        form.row {
          flex-wrap: wrap;
        }
        input {
          flex-basis: 180px;
          width: auto;
        }
        .break {
          display: block;
          flex-basis: 100%;
        }
      }
    `,
  ]

  declare editor: Editor | null
  declare private stage: Stage

  readonly #state = new EditorController(this, ['update'])
  #stops: (() => void)[] = []
  #stopBeside: (() => void) | null = null
  #highlighted: Range | null = null
  /** Where the caret was when its link's box was closed: it stays closed until the caret moves. */
  #dismissedAt: number | null = null

  constructor() {
    super()
    this.editor = null
    this.stage = { kind: 'closed' }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#goTo({ kind: 'closed' })
  }

  /** Opens the address field for the link at the selection, or for a new one there. */
  edit(): void {
    const view = this.editor?.view
    if (!view) return
    const link = linkTarget(view.state)
    this.#goTo({ kind: 'editing', link, problem: null, copied: false })
    view.dispatch(followLinkTarget(view.state.tr, link))
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('editor')) this.#state.editor = this.editor
    if (this.stage.kind === 'editing') this.#followTarget(this.stage)
    else this.#followCaret()
  }

  override updated(changed: PropertyValues): void {
    const box = this.renderRoot.querySelector<HTMLElement>('.box')
    const view = this.editor?.view
    if (!box || !view || this.stage.kind === 'closed') return
    if (!box.matches(':popover-open')) box.showPopover()
    if (changed.has('stage')) this.#follow(view, box, this.stage)
    else if (this.stage.kind === 'editing') this.#highlight(rangeOf(view, this.stage.link))
  }

  override render(): TemplateResult | typeof nothing {
    switch (this.stage.kind) {
      case 'closed':
        return nothing
      case 'shown':
        return this.#shown(this.stage.link, this.stage.copied)
      case 'editing':
        return this.#editing(this.stage.link, this.stage.problem, this.stage.copied)
    }
  }

  #shown(link: LinkTarget, copied: boolean): TemplateResult {
    const editable = this.editor?.view?.editable ?? false
    const changeButton = html`<button
      type="button"
      part="button"
      aria-label="Change link"
      title="Change link"
      @click=${() => this.edit()}
    >
      ${icon('edit')}
    </button>`
    return html`
      <div
        class="box"
        part="link-box"
        role="group"
        aria-label="Link"
        popover="manual"
        @mousedown=${keepSelection}
      >
        <div class="row">
          ${icon('link')}
          <a class="address" href=${link.href} target="_blank" rel=${LINK_REL} title="Open in a new tab"
            ><bdi>${link.href}</bdi></a
          >
          ${this.#copyButton(link, copied)} ${editable ? [changeButton, this.#removeButton()] : nothing}
        </div>
      </div>
    `
  }

  #editing(link: LinkTarget, problem: string | null, copied: boolean): TemplateResult {
    const isLink = link.href !== ''
    const openLink = html`<a
      class="button"
      href=${link.href}
      target="_blank"
      rel=${LINK_REL}
      aria-label="Open in a new tab"
      title="Open in a new tab"
      >${icon('open')}</a
    >`
    return html`
      <div
        class="box"
        part="link-box"
        role="dialog"
        aria-label="Link"
        popover="manual"
        @keydown=${this.#onKey}
        @focusout=${this.#onFocusOut}
      >
        <form class="row" novalidate @submit=${this.#apply}>
          <input
            name="address"
            type="text"
            inputmode="url"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-label="Address"
            aria-invalid=${problem !== null}
            aria-describedby="problem"
            placeholder="Paste or type an address"
            .value=${link.href}
          />
          <button class="primary" type="submit" part="button">Apply</button>
          ${isLink ? html`<span class="break"></span>` : nothing}
          ${isLink && safeHref(link.href) !== null ? openLink : nothing}
          ${isLink ? [this.#copyButton(link, copied), this.#removeButton()] : nothing}
        </form>
        <p id="problem" class="problem" role="alert" ?hidden=${problem === null}>${problem}</p>
      </div>
    `
  }

  #copyButton(link: LinkTarget, copied: boolean): TemplateResult {
    return html`<button
      type="button"
      part="button"
      aria-label=${copied ? 'Copied' : 'Copy address'}
      title="Copy address"
      @click=${() => this.#copy(link)}
    >
      ${icon(copied ? 'check' : 'copy')}
    </button>`
  }

  #removeButton(): TemplateResult {
    return html`<button
      type="button"
      part="button"
      aria-label="Remove link"
      title="Remove link"
      data-action="remove-link"
      @click=${this.#remove}
    >
      ${icon('unlink')}
    </button>`
  }

  /** Shows the link that the caret is in, while the text has the focus. */
  #followCaret(): void {
    const view = this.editor?.view
    const link = view?.hasFocus() === true && view.state.selection.empty ? linkAt(view.state) : null
    if (!link || safeHref(link.href) === null) {
      this.#dismissedAt = null
      if (this.stage.kind !== 'closed') this.#goTo({ kind: 'closed' })
      return
    }
    if (this.#dismissedAt === view?.state.selection.head) return
    this.#dismissedAt = null
    const shown = this.stage.kind === 'shown' ? this.stage.link : null
    if (shown !== null && shown.href === link.href && shown.from === link.from && shown.to === link.to) return
    this.#goTo({ kind: 'shown', link, copied: false })
  }

  /** Others have written before the text, or in it: the box and the highlight go with it. */
  #followTarget(stage: Stage & { readonly kind: 'editing' }): void {
    const view = this.editor?.view
    const target = view ? followedLinkTarget(view.state) : null
    const { from, to } = stage.link
    if (target === null || (target.from === from && target.to === to)) return
    this.stage = { ...stage, link: target }
  }

  readonly #apply = (event: SubmitEvent): void => {
    event.preventDefault()
    const view = this.editor?.view
    const input = this.#input()
    if (!view || !input || this.stage.kind !== 'editing') return
    const typed = input.value.trim()
    if (typed === '') {
      if (this.stage.link.href === '') this.#leave()
      else this.#remove()
      return
    }
    if (addressFrom(typed) === null) {
      this.stage = { ...this.stage, problem: NO_ADDRESS }
      return
    }
    // Where the text is now: others may have moved it meanwhile.
    const target = followedLinkTarget(view.state) ?? this.stage.link
    setLink(typed, target)(view.state, (tr) => view.dispatch(tr))
    this.#leave()
  }

  readonly #remove = (): void => {
    this.#goTo({ kind: 'closed' })
    this.editor?.run('remove-link')
  }

  async #copy(link: LinkTarget): Promise<void> {
    const copied = await copyText(link.href)
    if (this.stage.kind !== 'closed') this.stage = { ...this.stage, copied }
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (leavesByKey(event)) this.#leave()
  }

  readonly #onTextKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#leave()
  }

  readonly #onTextBlur = (): void => {
    this.requestUpdate()
  }

  readonly #onFocusOut = (event: FocusEvent): void => {
    if (this.stage.kind === 'editing' && leavesByFocus(event)) this.#goTo({ kind: 'closed' })
  }

  /** Closes the box and goes back to the text. */
  #leave(): void {
    this.#dismissedAt = this.editor?.view?.state.selection.head ?? null
    this.#goTo({ kind: 'closed' })
    this.editor?.focus()
  }

  #goTo(stage: Stage): void {
    const view = this.editor?.view
    if (this.stage.kind === 'editing' && view) view.dispatch(followLinkTarget(view.state.tr, null))
    for (const stop of this.#stops) stop()
    this.#stops = []
    this.#highlight(null)
    this.stage = stage
  }

  #follow(view: EditorView, box: HTMLElement, { kind, link }: Exclude<Stage, { kind: 'closed' }>): void {
    const isNew = this.#stops.length === 0
    this.#stopBeside?.()
    const anchor = {
      getBoundingClientRect: () => boundsOf(view, link),
      contextElement: view.dom,
    }
    this.#stopBeside = keepBeside(anchor, box, { placement: 'bottom-start', distance: 6 })
    if (kind === 'editing') this.#highlight(rangeOf(view, link))
    if (!isNew) return
    this.#stops.push(() => {
      this.#stopBeside?.()
      this.#stopBeside = null
    })
    if (kind === 'shown') {
      view.dom.addEventListener('keydown', this.#onTextKey)
      view.dom.addEventListener('blur', this.#onTextBlur)
      this.#stops.push(() => {
        view.dom.removeEventListener('keydown', this.#onTextKey)
        view.dom.removeEventListener('blur', this.#onTextBlur)
      })
    }
    if (kind !== 'editing') return
    const input = this.#input()
    input?.focus()
    input?.select()
  }

  /** Marks a stretch of text without touching it; null takes the mark away. Older browsers do without. */
  #highlight(range: Range | null): void {
    if (!('highlights' in CSS)) return
    // The page has one highlight by that name, for the boxes of all editors on it.
    const highlight = CSS.highlights.get(HIGHLIGHT) ?? new Highlight()
    if (this.#highlighted !== null) highlight.delete(this.#highlighted)
    this.#highlighted = range
    if (range !== null) highlight.add(range)
    if (highlight.size > 0) CSS.highlights.set(HIGHLIGHT, highlight)
    else CSS.highlights.delete(HIGHLIGHT)
  }

  #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input')
  }
}

/**
 * Where a stretch of text is on the screen. Others may have shortened the document under it, and what asks for it may
 * have begun before the editor was closed.
 */
function boundsOf(view: EditorView, link: LinkTarget): DOMRect {
  if (view.isDestroyed) return new DOMRect()
  const end = view.state.doc.content.size
  const start = view.coordsAtPos(Math.min(link.from, end))
  const stop = view.coordsAtPos(Math.min(link.to, end), -1)
  const oneLine = Math.abs(start.top - stop.top) < 4
  const left = oneLine ? Math.min(start.left, stop.left) : start.left
  return new DOMRect(left, start.top, oneLine ? Math.abs(stop.left - start.left) : 0, stop.bottom - start.top)
}

function rangeOf(view: EditorView, link: LinkTarget): Range | null {
  const size = view.state.doc.content.size
  if (view.isDestroyed || link.from === link.to || link.to > size) return null
  const start = view.domAtPos(link.from)
  const end = view.domAtPos(link.to)
  const range = document.createRange()
  range.setStart(start.node, start.offset)
  range.setEnd(end.node, end.offset)
  return range
}
