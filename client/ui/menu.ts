import { css, type ReactiveController, type ReactiveControllerHost } from 'lit'
import { keepBeside } from './keep-beside.ts'
import { raised } from './raised.ts'

/** What a component gives to its menu. */
export interface MenuHost extends ReactiveControllerHost, HTMLElement {
  readonly renderRoot: HTMLElement | DocumentFragment
}

export const menuStyles = css`
  [role='menu'] {
    position: fixed;
    inset: auto;
    flex-direction: column;
    min-width: 200px;
    margin: 0;
    padding: 4px;
    ${raised}
    overflow: auto;
    overscroll-behavior: contain;
  }
  [role='menu']:popover-open {
    display: flex;
  }
  [role='menu'] button {
    flex: none;
    justify-content: flex-start;
    gap: 10px;
    width: 100%;
    padding: 0 10px;
    text-align: start;
  }
  [role='menu'] button:focus-visible {
    outline-offset: -2px;
    background: var(--_hover);
  }
  [role='menu'] [aria-checked='true'] {
    color: var(--_accent);
  }
  [role='menu'] .key {
    margin-inline-start: auto;
    padding-inline-start: 24px;
    color: var(--_text-muted);
    font-size: 12px;
  }
  [role='menu'] [role='separator'] {
    flex: none;
    height: 1px;
    margin: 4px 6px;
    background: var(--_border);
  }
  @media (forced-colors: active) {
    [role='menu'] [aria-checked='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`

/**
 * Opens and closes one menu of a component: the element `#id` with role `menu`, below the button that has
 * `aria-controls="id"`. Opened by a key it takes the focus; opened by pointer it leaves the focus, and with it the
 * editor's selection and a phone's keyboard, where it is.
 */
export class Menu implements ReactiveController {
  readonly #host: MenuHost
  readonly #id: string
  #open = false
  #typed = ''
  #typedAt = 0
  #stopFollowing: (() => void) | null = null

  constructor(host: MenuHost, id: string) {
    this.#host = host
    this.#id = id
    host.addController(this)
  }

  get open(): boolean {
    return this.#open
  }

  hostDisconnected(): void {
    this.close()
  }

  /** For the `click` of the menu's button. */
  readonly onClick = (event: MouseEvent): void => {
    if (this.#open) this.close()
    else this.#show(event.detail === 0 ? 'first' : null)
  }

  /** For the `keydown` of the menu's button. */
  readonly onButtonKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    event.stopPropagation()
    this.#show(event.key === 'ArrowDown' ? 'first' : 'last')
  }

  /** For the `keydown` of the menu. */
  readonly onMenuKey = (event: KeyboardEvent): void => {
    // A toolbar around the menu has arrow keys of its own.
    event.stopPropagation()
    const items = this.#items()
    const index = items.findIndex((item) => item === event.target)
    switch (event.key) {
      case 'ArrowDown':
        items[(index + 1) % items.length]?.focus()
        break
      case 'ArrowUp':
        items.at(index <= 0 ? -1 : index - 1)?.focus()
        break
      case 'Home':
        items[0]?.focus()
        break
      case 'End':
        items.at(-1)?.focus()
        break
      case 'Tab':
        this.close()
        return
      default:
        if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey || event.altKey)
          return
        this.#typeAhead(event, items, index)
    }
    event.preventDefault()
  }

  /** Closes the menu; `focusButton` where the person who closed it was in it. */
  close(focusButton = false): void {
    if (!this.#open) return
    this.#open = false
    this.#stopFollowing?.()
    this.#stopFollowing = null
    document.removeEventListener('pointerdown', this.#onPointerDown, true)
    document.removeEventListener('keydown', this.#onKey, true)
    window.removeEventListener('blur', this.#onBlur)
    const menu = this.#menu()
    if (menu?.matches(':popover-open') === true) menu.hidePopover()
    if (focusButton) this.#button()?.focus()
    this.#host.requestUpdate()
  }

  #show(focus: 'first' | 'last' | null): void {
    const menu = this.#menu()
    const button = this.#button()
    if (!menu || !button) return
    if (!this.#open) {
      this.#open = true
      menu.showPopover()
      this.#stopFollowing = keepBeside(button, menu, { placement: 'bottom-start', distance: 4, fits: true })
      document.addEventListener('pointerdown', this.#onPointerDown, true)
      document.addEventListener('keydown', this.#onKey, true)
      window.addEventListener('blur', this.#onBlur)
      this.#host.requestUpdate()
    }
    const items = this.#items()
    const checked = items.find((item) => item.getAttribute('aria-checked') === 'true')
    if (focus === 'first') (checked ?? items[0])?.focus()
    if (focus === 'last') items.at(-1)?.focus()
  }

  readonly #onPointerDown = (event: PointerEvent): void => {
    const path = event.composedPath()
    const inside = [this.#menu(), this.#button()].some(
      (element) => element !== null && path.includes(element),
    )
    if (!inside) this.close()
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const menu = this.#menu()
    const inMenu = menu !== null && event.composedPath().includes(menu)
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      this.close(inMenu)
    } else if (!inMenu && !event.composedPath().includes(this.#host)) {
      // Somebody types on in the document.
      this.close()
    }
  }

  readonly #onBlur = (): void => {
    this.close()
  }

  #typeAhead(event: KeyboardEvent, items: readonly HTMLElement[], index: number): void {
    this.#typed = event.timeStamp - this.#typedAt < 700 ? this.#typed + event.key : event.key
    this.#typedAt = event.timeStamp
    const typed = this.#typed.toLocaleLowerCase()
    const start = this.#typed.length === 1 ? index + 1 : Math.max(0, index)
    const fromHere = [...items.slice(start), ...items.slice(0, start)]
    fromHere.find((item) => item.textContent.trim().toLocaleLowerCase().startsWith(typed))?.focus()
  }

  #items(): HTMLElement[] {
    return [...(this.#menu()?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])]
  }

  #menu(): HTMLElement | null {
    return this.#host.renderRoot.querySelector<HTMLElement>(`#${this.#id}`)
  }

  #button(): HTMLElement | null {
    return this.#host.renderRoot.querySelector<HTMLElement>(`[aria-controls="${this.#id}"]`)
  }
}
