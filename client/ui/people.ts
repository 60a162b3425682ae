import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { inkOn, isColor } from '../collaboration/person-color.ts'
import type { Person } from '../collaboration/presence.ts'
import { baseStyles } from './base-styles.ts'
import { EditorController } from './editor-controller.ts'
import type { Editor } from './editor.ts'
import { initials } from './initials.ts'
import { keepBeside } from './keep-beside.ts'
import { raised } from './raised.ts'
import { tokens } from './tokens.ts'
import { Tooltip, tooltipStyles } from './tooltip.ts'

/** How many avatars stand side by side before the others become a number, in wide and in narrow windows. */
const MAX_AVATARS = { wide: 4, narrow: 1 }

/** Who is in one editor's document: an avatar each, and a list of all behind "+N". */
export class CodraftPeople extends LitElement {
  static override readonly properties = {
    editor: { attribute: false },
    selfElsewhere: { attribute: 'self-elsewhere', type: Boolean },
  }
  static override readonly styles = [
    tokens,
    baseStyles,
    tooltipStyles,
    css`
      :host {
        display: inline-flex;
        flex: none;
      }
      ul {
        display: flex;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .row li + li:not(.unseen + li) {
        margin-inline-start: -6px;
      }
      .unseen {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .avatar,
      .row button {
        display: inline-flex;
        flex: none;
        align-items: center;
        justify-content: center;
        width: 30px;
        min-width: 30px;
        height: 30px;
        padding: 0;
        border: 2px solid var(--_surface);
        border-radius: 50%;
        font-size: 11px;
        font-weight: 600;
        letter-spacing: 0.02em;
        line-height: 1;
        user-select: none;
      }
      .row button {
        background: var(--_hover);
        color: var(--_text-muted);
      }
      .all {
        position: fixed;
        inset: auto;
        min-width: 180px;
        max-width: 280px;
        max-height: 320px;
        margin: 0;
        padding: 6px;
        ${raised}
        overflow: auto;
      }
      .all ul {
        flex-direction: column;
      }
      .all li {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 4px 6px;
      }
      .all .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .you {
        color: var(--_text-muted);
      }
      @media (forced-colors: active) {
        .avatar {
          forced-color-adjust: none;
        }
      }
    `,
  ]

  declare editor: Editor | null
  /** Whether the page shows this client's own person beside it: then only assistive technology finds it in the row. */
  declare selfElsewhere: boolean

  readonly #state = new EditorController(this, ['people', 'ready'])
  readonly #tooltip = new Tooltip(this)
  readonly #narrow = window.matchMedia('(max-width: 599px)')
  readonly #onNarrow = (): void => this.requestUpdate()
  #stopFollowing: (() => void) | null = null

  constructor() {
    super()
    this.editor = null
    this.selfElsewhere = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#narrow.addEventListener('change', this.#onNarrow)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#narrow.removeEventListener('change', this.#onNarrow)
    this.#stopFollowing?.()
    this.#stopFollowing = null
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('editor')) this.#state.editor = this.editor
  }

  override render(): TemplateResult | typeof nothing {
    const people = this.editor?.people ?? []
    if (people.length === 0) return nothing
    // Nobody is counted who could be shown in the same place.
    const room = this.#narrow.matches ? MAX_AVATARS.narrow : MAX_AVATARS.wide
    const max = this.selfElsewhere ? room + 1 : room
    const shown = people.length > max + 1 ? people.slice(0, max) : people
    const more = people.length - shown.length
    return html`
      <ul
        class="row"
        part="people"
        role="list"
        aria-label="People in this document"
        @pointerover=${this.#tooltip.onEnter}
        @pointerleave=${this.#tooltip.hide}
      >
        ${repeat(
          shown,
          (person) => person.clientID,
          (person) =>
            html`<li class=${this.selfElsewhere && person.isSelf ? 'unseen' : ''}>
              ${avatar(person, nameOf(person))}
            </li>`,
        )}
        ${
          more > 0
            ? html`<li>
                <button
                  type="button"
                  aria-label=${`${more} more: show all people`}
                  popovertarget="all"
                  @pointerdown=${this.#tooltip.hide}
                >
                  +${more}
                </button>
              </li>`
            : nothing
        }
      </ul>
      <div id="all" class="all" part="menu" popover @toggle=${this.#onToggle}>
        <ul role="list" aria-label="All people in this document">
          ${repeat(
            people,
            (person) => person.clientID,
            (person) => html`
              <li>
                ${avatar(person, null)}
                <span class="name" dir="auto">${person.name}</span>
                ${person.isSelf ? html`<span class="you">(you)</span>` : nothing}
              </li>
            `,
          )}
        </ul>
      </div>
      ${this.#tooltip.render()}
    `
  }

  readonly #onToggle = (event: ToggleEvent): void => {
    this.#stopFollowing?.()
    this.#stopFollowing = null
    const button = this.renderRoot.querySelector<HTMLElement>('.row button')
    const list = event.currentTarget
    if (event.newState !== 'open' || !button || !(list instanceof HTMLElement)) return
    this.#stopFollowing = keepBeside(button, list, { placement: 'bottom-end', distance: 6 })
  }
}

/** A picture of a person, named where it stands alone. */
function avatar(person: Person, label: string | null): TemplateResult {
  // Set as a property: a strict Content-Security-Policy forbids style attributes.
  const color = colorOf(person)
  return html`<span
    class="avatar"
    part="avatar"
    role=${label === null ? nothing : 'img'}
    aria-label=${label ?? nothing}
    aria-hidden=${label === null ? 'true' : nothing}
    data-tooltip=${label ?? nothing}
    .style=${`background-color: ${color}; color: ${inkOn(color)}`}
    >${initials(person.name)}</span
  >`
}

/** Other people's colours come from their clients: only what is one gets into a style. */
function colorOf(person: Person): string {
  return isColor(person.color) ? person.color : '#5c626a'
}

function nameOf(person: Person): string {
  return person.isSelf ? `${person.name} (you)` : person.name
}
