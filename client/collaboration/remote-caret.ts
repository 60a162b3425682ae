import { equalityDeep } from 'lib0/function'
import { Alarm } from './alarm.ts'
import { inkOn } from './person-color.ts'
import type { Person } from './presence.ts'
import type { Box } from './selection-parts.ts'
import type { Timers } from './timers.ts'

/** How long a name stays after its owner moved, in milliseconds. */
const FLAG_TIME = 4_000
/** How near to a caret the pointer shows its name, in CSS pixels. */
const NEAR = 8
/** The room that a name needs above its caret, in CSS pixels. */
const FLAG_HEIGHT = 20
/** The room that most names need beside their caret, in CSS pixels. */
const FLAG_WIDTH = 120

/** Where one person is drawn, in the window's coordinates. */
export interface Place {
  readonly caret: Box
  readonly parts: readonly Box[]
}

/** One person's caret, name and selection in the overlay. */
export class RemoteCaret {
  readonly #layer: HTMLElement
  readonly #caret: HTMLElement
  readonly #flag: HTMLElement
  readonly #fade: Alarm
  #parts: readonly HTMLElement[] = []
  #selection: Person['selection'] = null
  #box: Box | null = null

  constructor(layer: HTMLElement, timers: Timers) {
    this.#layer = layer
    this.#caret = element(layer, 'codraft-caret')
    this.#flag = element(layer, 'codraft-caret-flag')
    this.#caret.append(this.#flag)
    this.#layer.append(this.#caret)
    this.#fade = new Alarm(timers, () => this.#caret.removeAttribute('data-moved'))
  }

  /** `origin` is the layer's corner, `text` the box of the editable element, which the name does not leave. */
  draw(person: Person, place: Place, origin: Box, text: Box): void {
    if (!equalityDeep(person.selection, this.#selection)) {
      this.#selection = person.selection
      this.#caret.setAttribute('data-moved', '')
      this.#fade.set(FLAG_TIME)
    }
    this.#box = place.caret
    if (this.#flag.textContent !== person.name) this.#flag.textContent = person.name
    this.#color(this.#caret, person.color)
    put(this.#caret, place.caret, origin, false)
    this.#caret.dataset['side'] = place.caret.top - text.top < FLAG_HEIGHT ? 'below' : 'above'
    this.#caret.dataset['toward'] = text.right - place.caret.left < FLAG_WIDTH ? 'left' : 'right'
    for (const part of this.#parts) part.remove()
    this.#parts = place.parts.map((box) => {
      const part = element(this.#layer, 'codraft-selection-part')
      this.#color(part, person.color)
      put(part, box, origin, true)
      this.#layer.append(part)
      return part
    })
  }

  /** The pointer is at this place of the window. */
  pointAt(x: number, y: number): void {
    const box = this.#box
    const isNear =
      box !== null && Math.abs(x - box.left) <= NEAR && y >= box.top - NEAR && y <= box.bottom + NEAR
    this.#caret.toggleAttribute('data-near', isNear)
  }

  remove(): void {
    this.#fade.clear()
    this.#caret.remove()
    for (const part of this.#parts) part.remove()
  }

  #color(target: HTMLElement, color: string): void {
    target.style.setProperty('--codraft-person-color', color)
    target.style.setProperty('--codraft-person-ink', inkOn(color))
  }
}

function element(layer: HTMLElement, className: string): HTMLElement {
  const made = layer.ownerDocument.createElement('div')
  made.className = className
  return made
}

function put(target: HTMLElement, box: Box, origin: Box, withWidth: boolean): void {
  target.style.left = `${box.left - origin.left}px`
  target.style.top = `${box.top - origin.top}px`
  target.style.height = `${box.bottom - box.top}px`
  if (withWidth) target.style.width = `${box.right - box.left}px`
}
