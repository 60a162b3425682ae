import { css, html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit'
import { keepBeside } from './keep-beside.ts'

/** Milliseconds of rest on a control before its tooltip shows; while one is shown the next comes at once. */
const DELAY = 450

/** What a component gives to its tooltip. */
export interface TooltipHost extends ReactiveControllerHost {
  readonly renderRoot: HTMLElement | DocumentFragment
}

export const tooltipStyles = css`
  .tooltip {
    position: fixed;
    inset: auto;
    width: max-content;
    max-width: 280px;
    margin: 0;
    padding: 4px 8px;
    border: 1px solid transparent;
    border-radius: 4px;
    background: light-dark(#2b2f35, #e6e8eb);
    color: light-dark(#ffffff, #1c1e21);
    font: 400 12px/1.4 var(--_font);
    pointer-events: none;
  }
  .tooltip kbd {
    margin-inline-start: 8px;
    font: inherit;
    opacity: 0.75;
  }
`

/**
 * One tooltip for all controls of a component that have `data-tooltip`, with a key from `data-tooltip-key`. It is for
 * the eye: a screen reader hears the control's name and `aria-keyshortcuts`.
 */
export class Tooltip implements ReactiveController {
  readonly #host: TooltipHost
  #anchor: HTMLElement | null = null
  #timer: number | null = null
  #stopFollowing: (() => void) | null = null

  constructor(host: TooltipHost) {
    this.#host = host
    host.addController(this)
  }

  hostDisconnected(): void {
    this.hide()
  }

  /** To be put at the end of the host's template. */
  render(): TemplateResult {
    return html`<div class="tooltip" popover="manual" aria-hidden="true"><span></span><kbd></kbd></div>`
  }

  /** For the `pointerover` and `focusin` of the element around the controls. */
  readonly onEnter = (event: Event): void => {
    const anchor = controlOf(event)
    if (anchor === this.#anchor) return
    const wasShown = this.#stopFollowing !== null
    this.hide()
    if (anchor === null) return
    if (event instanceof PointerEvent && event.pointerType === 'touch') return
    if (event.type === 'focusin' && !anchor.matches(':focus-visible')) return
    this.#anchor = anchor
    this.#timer = window.setTimeout(() => this.#show(anchor), wasShown ? 0 : DELAY)
  }

  /** For its `pointerleave`, `focusout`, `pointerdown` and the Escape key. */
  readonly hide = (): void => {
    if (this.#timer !== null) window.clearTimeout(this.#timer)
    this.#timer = null
    this.#anchor = null
    this.#stopFollowing?.()
    this.#stopFollowing = null
    const tooltip = this.#element()
    if (tooltip?.matches(':popover-open') === true) tooltip.hidePopover()
  }

  #element(): HTMLElement | null {
    return this.#host.renderRoot.querySelector<HTMLElement>('.tooltip')
  }

  #show(anchor: HTMLElement): void {
    this.#timer = null
    const tooltip = this.#element()
    const text = tooltip?.querySelector('span')
    const key = tooltip?.querySelector('kbd')
    if (!tooltip || !text || !key || !anchor.isConnected) return
    text.textContent = anchor.dataset['tooltip'] ?? ''
    key.textContent = anchor.dataset['tooltipKey'] ?? ''
    key.hidden = key.textContent === ''
    tooltip.showPopover()
    this.#stopFollowing = keepBeside(anchor, tooltip, { placement: 'bottom', distance: 6 })
  }
}

function controlOf(event: Event): HTMLElement | null {
  const target = event.target
  return target instanceof Element ? target.closest<HTMLElement>('[data-tooltip]') : null
}
