import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { EditorView } from 'prosemirror-view'
import { readImageAttributes } from '../../document/index.ts'
import { imageAddressFrom, imageAt, setImage } from '../editor/index.ts'
import { baseStyles } from './base-styles.ts'
import { boxStyles } from './box-styles.ts'
import type { Editor } from './editor.ts'
import { keepBeside } from './keep-beside.ts'
import { leavesByFocus, leavesByKey } from './leaving-a-box.ts'
import { tokens } from './tokens.ts'

const NO_ADDRESS = 'Type the web address of a picture, such as https://example.org/picture.png.'

type Stage =
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'open'
      /** Empty for a new image. */
      readonly address: string
      readonly alternative: string
      readonly problem: string | null
    }

/**
 * The fields for an image in the text of one editor (`editor`): its address, and what is read where it cannot be seen.
 * `edit()` puts the caret into the first; Enter applies and Escape returns to the text.
 */
export class CodraftImageBox extends LitElement {
  static override readonly properties = { editor: { attribute: false }, stage: { state: true } }
  static override readonly styles = [
    tokens,
    baseStyles,
    boxStyles,
    css`
      form {
        display: flex;
        flex-direction: column;
        gap: 8px;
        width: min(340px, calc(100vw - 40px));
        padding: 8px;
      }
      label {
        display: flex;
        flex-direction: column;
        gap: 4px;
        color: var(--_text-muted);
      }
      input {
        flex: none;
        box-sizing: border-box;
        width: 100%;
        color: var(--_text);
      }
      .problem {
        margin: 0;
      }
      .buttons {
        display: flex;
        justify-content: flex-end;
        gap: 6px;
      }
    `,
  ]

  declare editor: Editor | null
  declare private stage: Stage

  #stopBeside: (() => void) | null = null

  constructor() {
    super()
    this.editor = null
    this.stage = { kind: 'closed' }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#close()
  }

  /** Opens the fields for the image at the selection, or for a new one there. */
  edit(): void {
    const view = this.editor?.view
    if (!view) return
    const image = imageAt(view.state)
    const { src, alt } = readImageAttributes(image?.node.attrs ?? {})
    this.stage = { kind: 'open', address: src ?? '', alternative: alt, problem: null }
  }

  override updated(changed: PropertyValues): void {
    const box = this.renderRoot.querySelector<HTMLElement>('.box')
    const view = this.editor?.view
    if (!changed.has('stage') || !box || !view || box.matches(':popover-open')) return
    box.showPopover()
    const anchor = { getBoundingClientRect: () => boundsOfSelection(view), contextElement: view.dom }
    this.#stopBeside = keepBeside(anchor, box, { placement: 'bottom-start', distance: 6 })
    const input = this.#field('address')
    input?.focus()
    input?.select()
  }

  override render(): TemplateResult | typeof nothing {
    if (this.stage.kind === 'closed') return nothing
    const { address, alternative, problem } = this.stage
    return html`
      <div
        class="box"
        part="image-box"
        role="dialog"
        aria-label="Image"
        popover="manual"
        @keydown=${this.#onKey}
        @focusout=${this.#onFocusOut}
      >
        <form novalidate @submit=${this.#apply}>
          <label>
            Address
            <input
              name="address"
              type="text"
              inputmode="url"
              autocomplete="off"
              autocapitalize="off"
              spellcheck="false"
              aria-invalid=${problem !== null}
              aria-describedby="problem"
              placeholder="https://example.org/picture.png"
              .value=${address}
            />
          </label>
          <p id="problem" class="problem" role="alert" ?hidden=${problem === null}>${problem}</p>
          <label>
            Alternative text
            <input
              name="alternative"
              type="text"
              autocomplete="off"
              placeholder="What the picture shows"
              .value=${alternative}
            />
          </label>
          <div class="buttons">
            <button type="button" part="button" @click=${this.#leave}>Cancel</button>
            <button class="primary" type="submit" part="button">
              ${address === '' ? 'Insert' : 'Apply'}
            </button>
          </div>
        </form>
      </div>
    `
  }

  readonly #apply = (event: SubmitEvent): void => {
    event.preventDefault()
    const view = this.editor?.view
    const [address, alternative] = [this.#field('address'), this.#field('alternative')]
    if (!view || !address || !alternative || this.stage.kind !== 'open') return
    const typed = address.value.trim()
    if (typed === '' && this.stage.address === '') {
      this.#leave()
      return
    }
    if (imageAddressFrom(typed) === null) {
      this.stage = { ...this.stage, problem: NO_ADDRESS }
      address.focus()
      return
    }
    setImage(typed, alternative.value)(view.state, (tr) => view.dispatch(tr))
    this.#leave()
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (leavesByKey(event)) this.#leave()
  }

  readonly #onFocusOut = (event: FocusEvent): void => {
    if (leavesByFocus(event)) this.#close()
  }

  /** Closes the box and goes back to the text. */
  readonly #leave = (): void => {
    this.#close()
    this.editor?.focus()
  }

  #close(): void {
    this.#stopBeside?.()
    this.#stopBeside = null
    this.stage = { kind: 'closed' }
  }

  #field(name: string): HTMLInputElement | null {
    return this.renderRoot.querySelector(`input[name="${name}"]`)
  }
}

/** Where the caret, or the selected image, is on the screen; what asks for it may have begun before the editor was closed. */
function boundsOfSelection(view: EditorView): DOMRect {
  if (view.isDestroyed) return new DOMRect()
  const image = imageAt(view.state)
  const drawn = image === null ? null : view.nodeDOM(image.pos)
  if (drawn instanceof HTMLElement) {
    return (drawn.querySelector('.codraft-picture') ?? drawn).getBoundingClientRect()
  }
  const { left, top, bottom } = view.coordsAtPos(view.state.selection.head)
  return new DOMRect(left, top, 0, bottom - top)
}
