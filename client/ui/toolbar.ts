import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Action, ActionName } from '../editor/action.ts'
import { baseStyles } from './base-styles.ts'
import {
  actionIcons,
  controlGroups,
  narrowControlGroups,
  rareActions,
  styleActions,
  tableActionGroups,
  type ControlGroup,
} from './controls.ts'
import { EditorController } from './editor-controller.ts'
import type { Editor } from './editor.ts'
import { foldGroups } from './fold-groups.ts'
import { icon } from './icons.ts'
import { keepSelection } from './keep-selection.ts'
import { ariaKeyShortcut, isMac, keyLabel } from './key-label.ts'
import { Menu, menuStyles } from './menu.ts'
import { tokens } from './tokens.ts'
import { Tooltip, tooltipStyles } from './tooltip.ts'

/** The toolbar's width in CSS pixels below which its narrow layout applies; the same number stands in its styles. */
const NARROW = 480

/**
 * The formatting toolbar of one editor (`editor`). Every control has `data-action` with its action's name and leaves
 * the editor's selection alone. What does not fit in the width is in the "More" menu.
 *
 * One stop in the Tab order; arrow keys, Home and End move inside, Alt+F10 comes from the text, Escape returns to it.
 */
export class CodraftToolbar extends LitElement {
  static override readonly properties = { editor: { attribute: false }, shownGroups: { state: true } }
  static override readonly styles = [
    tokens,
    baseStyles,
    menuStyles,
    tooltipStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .room {
        container-type: inline-size;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 2px;
        min-width: 0;
      }
      .group {
        display: flex;
        flex: none;
        align-items: center;
        gap: 2px;
      }
      /* It keeps its room: what is in the toolbar shall not move. */
      .more[data-empty] {
        visibility: hidden;
      }
      .group + .group::before {
        content: '';
        width: 1px;
        height: 20px;
        margin-inline: 6px;
        background: var(--_border);
      }
      .style {
        justify-content: space-between;
        width: 132px;
        padding-inline: 10px 6px;
      }
      .style span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .style .icon {
        width: 16px;
        height: 16px;
        color: var(--_text-muted);
      }
      #styles {
        min-width: 232px;
      }
      #styles button {
        height: auto;
        min-height: 34px;
        padding-block: 5px;
      }
      #styles [data-action='style-title'] .label {
        font-size: 22px;
      }
      #styles [data-action='style-subtitle'] .label {
        color: var(--_text-muted);
        font-size: 16px;
      }
      #styles [data-action='heading-1'] .label {
        font-size: 19px;
      }
      #styles [data-action='heading-2'] .label {
        font-size: 17px;
      }
      #styles [data-action='heading-3'] .label {
        font-size: 15px;
      }
      #styles [data-action^='heading-']:not([data-action='heading-6']) .label {
        font-weight: 600;
      }
      #styles [data-action='heading-5'] .label,
      #styles [data-action='heading-6'] .label {
        color: var(--_text-muted);
      }
      #styles [data-action='heading-6'] .label {
        font-style: italic;
      }
      #styles [data-action='quote'] .label {
        padding-inline-start: 8px;
        border-inline-start: 3px solid var(--_border);
        color: var(--_text-muted);
      }
      @media (pointer: coarse) {
        .key {
          display: none;
        }
      }
      @media (forced-colors: active) {
        .group + .group::before,
        [role='separator'] {
          background: CanvasText;
        }
      }
      .tick {
        display: inline-flex;
        width: 16px;
      }
      .tick .icon {
        width: 16px;
        height: 16px;
      }
      @container (max-width: 479px) {
        .bar,
        .group {
          gap: 0;
        }
        .group + .group::before {
          margin-inline: 3px;
        }
        .bar button {
          min-width: 34px;
        }
        .bar .style {
          gap: 2px;
          width: 92px;
          padding-inline: 8px 2px;
        }
      }
    `,
  ]

  declare editor: Editor | null
  declare private shownGroups: number

  readonly #state = new EditorController(this, ['update', 'ready', 'problem'])
  readonly #styles = new Menu(this, 'styles')
  readonly #more = new Menu(this, 'more')
  readonly #tables = new Menu(this, 'tables')
  readonly #tooltip = new Tooltip(this)
  readonly #onMac = isMac(navigator.platform)
  #widths: readonly number[] = []
  #narrow = false
  #stopControl = 0
  #resize: ResizeObserver | null = null
  #stopKeys: (() => void) | null = null
  #view: HTMLElement | null = null

  constructor() {
    super()
    this.editor = null
    this.shownGroups = controlGroups.length
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#resize = new ResizeObserver(this.#onResize)
    this.#resize.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#resize?.disconnect()
    this.#resize = null
    this.#stopKeys?.()
    this.#stopKeys = null
    this.#view = null
  }

  /** Puts the focus on the control that had it last. */
  override focus(): void {
    this.#stops()[this.#stopControl]?.focus()
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('editor')) this.#state.editor = this.editor
  }

  override updated(): void {
    this.#listenForToolbarKey()
    this.#rove()
    this.#measure()
  }

  override render(): TemplateResult {
    const groups = this.#groups()
    const shown = groups.slice(0, this.shownGroups)
    const folded = groups.slice(this.shownGroups)
    const rare = rareActions.filter((name) => this.#canRun(name))
    const hasMore = folded.length > 0 || rare.length > 0
    return html`
      <div class="room">
        <div
          class="bar"
          part="bar"
          role="toolbar"
          aria-label="Formatting"
          @mousedown=${keepSelection}
          @keydown=${this.#onKey}
          @focusin=${this.#onFocus}
          @pointerover=${this.#tooltip.onEnter}
          @pointerleave=${this.#tooltip.hide}
          @pointerdown=${this.#tooltip.hide}
          @focusout=${this.#tooltip.hide}
        >
          <div class="group">${this.#button('undo')}${this.#button('redo')}</div>
          <div class="group">${this.#styleButton()}</div>
          ${repeat(
            shown,
            (group) => group.name,
            (group) => html`<div class="group">${group.actions.map((name) => this.#button(name))}</div>`,
          )}
          <div class="group">${this.#tableButton()}</div>
          <div class="group more" ?data-empty=${!hasMore}>
            <button
              type="button"
              part="button"
              tabindex="-1"
              aria-label="More formatting"
              aria-haspopup="menu"
              aria-controls="more"
              aria-expanded=${this.#more.open}
              ?data-stop=${hasMore}
              data-tooltip="More"
              @click=${this.#more.onClick}
              @keydown=${this.#more.onButtonKey}
            >
              ${icon('more')}
            </button>
          </div>
        </div>
      </div>
      <div
        id="styles"
        part="menu"
        role="menu"
        aria-label="Styles"
        popover="manual"
        @mousedown=${keepSelection}
        @keydown=${this.#styles.onMenuKey}
      >
        ${styleActions.map((name) => this.#choice(name, 'menuitemradio'))}
      </div>
      <div
        id="more"
        part="menu"
        role="menu"
        aria-label="More formatting"
        popover="manual"
        @mousedown=${keepSelection}
        @keydown=${this.#more.onMenuKey}
      >
        ${folded.map(
          (group, index) => html`
            ${index > 0 ? separator : nothing} ${group.actions.map((name) => this.#item(name))}
          `,
        )}
        ${folded.length > 0 && rare.length > 0 ? separator : nothing} ${rare.map((name) => this.#item(name))}
      </div>
      <div
        id="tables"
        part="menu"
        role="menu"
        aria-label="Table"
        popover="manual"
        @mousedown=${keepSelection}
        @keydown=${this.#tables.onMenuKey}
      >
        ${tableActionGroups.map(
          (group, index) => html`
            ${index > 0 ? separator : nothing} ${group.map((name) => this.#choice(name))}
          `,
        )}
      </div>
      ${this.#tooltip.render()}
    `
  }

  #button(name: ActionName): TemplateResult | typeof nothing {
    const action = this.#action(name)
    const iconName = actionIcons[name]
    if (!action || iconName === undefined) return nothing
    const pressed = action.isActive === undefined ? nothing : this.#isActive(name)
    return html`
      <button
        type="button"
        part="button"
        tabindex="-1"
        aria-label=${action.label}
        aria-pressed=${pressed}
        aria-disabled=${!this.#canRun(name)}
        aria-keyshortcuts=${this.#ariaKeys(action)}
        data-stop
        data-action=${name}
        data-tooltip=${action.label}
        data-tooltip-key=${this.#key(action)}
        @click=${this.#run}
      >
        ${icon(iconName)}
      </button>
    `
  }

  #styleButton(): TemplateResult {
    const current = styleActions.find((name) => this.#isActive(name))
    // What has no style, such as a picture's caption, is normal text to the reader.
    const isMixed = current === undefined && styleActions.some((name) => this.#canRun(name))
    const shown = isMixed ? 'Mixed' : (this.#action(current ?? 'style-normal')?.label ?? '')
    return html`
      <button
        class="style"
        type="button"
        part="button"
        tabindex="-1"
        aria-label=${`Style: ${shown}`}
        aria-haspopup="menu"
        aria-controls="styles"
        aria-expanded=${this.#styles.open}
        aria-disabled=${!this.#isReady()}
        data-stop
        data-tooltip="Style"
        @click=${this.#onStylesClick}
        @keydown=${this.#onStylesKey}
      >
        <span>${this.#narrow && shown === 'Normal text' ? 'Normal' : shown}</span>${icon('chevronDown')}
      </button>
    `
  }

  #tableButton(): TemplateResult {
    return html`
      <button
        type="button"
        part="button"
        tabindex="-1"
        aria-label="Table"
        aria-haspopup="menu"
        aria-controls="tables"
        aria-expanded=${this.#tables.open}
        aria-disabled=${!this.#isReady()}
        data-stop
        data-tooltip="Table"
        @click=${this.#onTablesClick}
        @keydown=${this.#onTablesKey}
      >
        ${icon('table')}
      </button>
    `
  }

  /** An item without an icon, which has a tick if what it sets is set. */
  #choice(name: ActionName, role?: 'menuitemradio'): TemplateResult | typeof nothing {
    const action = this.#action(name)
    if (!action) return nothing
    const active = this.#isActive(name)
    const checkable = action.isActive !== undefined
    return html`
      <button
        type="button"
        part="menu-item"
        role=${role ?? (checkable ? 'menuitemcheckbox' : 'menuitem')}
        tabindex="-1"
        aria-checked=${checkable ? active : nothing}
        aria-disabled=${!this.#canRun(name)}
        aria-keyshortcuts=${this.#ariaKeys(action)}
        data-action=${name}
        @click=${this.#run}
      >
        <span class="tick">${active ? icon('check') : nothing}</span>
        <span class="label">${action.label}</span>
        <span class="key" aria-hidden="true">${this.#key(action)}</span>
      </button>
    `
  }

  #item(name: ActionName): TemplateResult | typeof nothing {
    const action = this.#action(name)
    const iconName = actionIcons[name]
    if (!action || iconName === undefined) return nothing
    const checkable = action.isActive !== undefined
    return html`
      <button
        type="button"
        part="menu-item"
        role=${checkable ? 'menuitemcheckbox' : 'menuitem'}
        tabindex="-1"
        aria-checked=${checkable ? this.#isActive(name) : nothing}
        aria-disabled=${!this.#canRun(name)}
        aria-keyshortcuts=${this.#ariaKeys(action)}
        data-action=${name}
        @click=${this.#run}
      >
        ${icon(iconName)}
        <span class="label">${action.label}</span>
        <span class="key" aria-hidden="true">${this.#key(action)}</span>
      </button>
    `
  }

  #groups(): readonly ControlGroup[] {
    return this.#narrow ? narrowControlGroups : controlGroups
  }

  #action(name: ActionName): Action | undefined {
    return this.editor?.actions.find((action) => action.name === name)
  }

  #isReady(): boolean {
    return this.editor?.view?.editable ?? false
  }

  #isActive(name: ActionName): boolean {
    return this.editor?.isActive(name) ?? false
  }

  #canRun(name: ActionName): boolean {
    return this.editor?.canRun(name) ?? false
  }

  #key(action: Action): string {
    const key = action.keys[0]
    return key === undefined ? '' : keyLabel(key, this.#onMac)
  }

  #ariaKeys(action: Action): string | typeof nothing {
    if (action.keys.length === 0) return nothing
    return action.keys.map((key) => ariaKeyShortcut(key, this.#onMac)).join(' ')
  }

  readonly #run = (event: Event): void => {
    const control = event.currentTarget
    if (!(control instanceof HTMLElement)) return
    const action = this.editor?.actions.find(({ name }) => name === control.dataset['action'])
    this.#tooltip.hide()
    this.#styles.close()
    this.#more.close()
    this.#tables.close()
    if (action && this.#canRun(action.name)) this.editor?.run(action.name)
  }

  readonly #onStylesClick = (event: MouseEvent): void => {
    if (this.#isReady()) this.#styles.onClick(event)
  }

  readonly #onStylesKey = (event: KeyboardEvent): void => {
    if (this.#isReady()) this.#styles.onButtonKey(event)
  }

  readonly #onTablesClick = (event: MouseEvent): void => {
    if (this.#isReady()) this.#tables.onClick(event)
  }

  readonly #onTablesKey = (event: KeyboardEvent): void => {
    if (this.#isReady()) this.#tables.onButtonKey(event)
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const stops = this.#stops()
    const rtl = getComputedStyle(this).direction === 'rtl'
    const forward = rtl ? 'ArrowLeft' : 'ArrowRight'
    const back = rtl ? 'ArrowRight' : 'ArrowLeft'
    switch (event.key) {
      case forward:
        stops[(this.#stopControl + 1) % stops.length]?.focus()
        break
      case back:
        stops.at(this.#stopControl - 1)?.focus()
        break
      case 'Home':
        stops[0]?.focus()
        break
      case 'End':
        stops.at(-1)?.focus()
        break
      case 'Escape':
        this.#tooltip.hide()
        this.editor?.focus()
        break
      default:
        return
    }
    event.preventDefault()
  }

  readonly #onFocus = (event: FocusEvent): void => {
    const index = this.#stops().findIndex((stop) => stop === event.target)
    if (index >= 0) {
      this.#stopControl = index
      this.#rove()
    }
    this.#tooltip.onEnter(event)
  }

  #stops(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[data-stop]')]
  }

  /** Leaves one control in the Tab order. */
  #rove(): void {
    const stops = this.#stops()
    this.#stopControl = Math.min(this.#stopControl, Math.max(0, stops.length - 1))
    for (const [index, stop] of stops.entries()) stop.tabIndex = index === this.#stopControl ? 0 : -1
  }

  /** Widths can be measured only while everything is shown, and are other ones in the narrow layout. */
  #measure(): void {
    if (this.#widths.length > 0 || !this.editor || this.shownGroups < this.#groups().length) return
    this.#widths = [...this.renderRoot.querySelectorAll<HTMLElement>('.bar > .group')].map(outerWidth)
    this.#fold()
  }

  readonly #onResize = (): void => {
    const narrow = this.clientWidth < NARROW
    if (narrow === this.#narrow) {
      this.#fold()
      return
    }
    this.#narrow = narrow
    this.#widths = []
    this.shownGroups = this.#groups().length
    this.requestUpdate()
  }

  #fold(): void {
    if (this.#widths.length === 0) return
    // History, styles and tables.
    const fixed = [...this.#widths.slice(0, 2), ...this.#widths.slice(-2, -1)].reduce(
      (sum, width) => sum + width,
      0,
    )
    const more = this.#widths.at(-1) ?? 0
    this.shownGroups = foldGroups({
      widths: this.#widths.slice(2, -2),
      available: this.clientWidth - fixed,
      more,
    })
  }

  #listenForToolbarKey(): void {
    const dom = this.editor?.view?.dom ?? null
    if (dom === this.#view) return
    this.#stopKeys?.()
    this.#stopKeys = null
    this.#view = dom
    if (dom === null) return
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'F10' || !event.altKey) return
      event.preventDefault()
      this.focus()
    }
    dom.addEventListener('keydown', onKey)
    this.#stopKeys = () => dom.removeEventListener('keydown', onKey)
  }
}

const separator = html`<div role="separator"></div>`

/** A group's width with the gap before it. */
function outerWidth(group: HTMLElement): number {
  return group.getBoundingClientRect().width + 2
}
