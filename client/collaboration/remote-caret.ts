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
/** The room that the longest name needs beside its caret, in CSS pixels: `max-width` in `caretStyles`. */
const FLAG_WIDTH = 130

/** Where one person is drawn, in the window's coordinates. */
export interface Place {
  readonly caret: Box
  readonly parts: readonly Box[]
}

/** The layer's corner in the window, and how many of the window's pixels one of the layer's is: an embedder may scale it. */
export interface LayerFrame {
  readonly left: number
  readonly top: number
  readonly scaleX: number
  readonly scaleY: number
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

  /** `text` is the box of the editable element, which the name does not leave. */
  draw(person: Person, place: Place, frame: LayerFrame, text: Box): void {
    if (!equalityDeep(person.selection, this.#selection)) {
      this.#selection = person.selection
      this.#caret.setAttribute('data-moved', '')
      this.#fade.set(FLAG_TIME)
    }
    this.#box = place.caret
    if (this.#flag.textContent !== person.name) this.#flag.textContent = person.name
    this.#color(this.#caret, person.color)
    put(this.#caret, place.caret, frame, false)
    const [above, before, behind] = [
      (place.caret.top - text.top) / frame.scaleY,
      (place.caret.left - text.left) / frame.scaleX,
      (text.right - place.caret.left) / frame.scaleX,
    ]
    this.#caret.dataset['side'] = above < FLAG_HEIGHT ? 'below' : 'above'
    this.#caret.dataset['toward'] = behind < FLAG_WIDTH && before > behind ? 'left' : 'right'
    for (const part of this.#parts) part.remove()
    this.#parts = place.parts.map((box) => {
      const part = element(this.#layer, 'codraft-selection-part')
      this.#color(part, person.color)
      put(part, box, frame, true)
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

function put(target: HTMLElement, box: Box, frame: LayerFrame, withWidth: boolean): void {
  target.style.left = `${(box.left - frame.left) / frame.scaleX}px`
  target.style.top = `${(box.top - frame.top) / frame.scaleY}px`
  target.style.height = `${(box.bottom - box.top) / frame.scaleY}px`
  if (withWidth) target.style.width = `${(box.right - box.left) / frame.scaleX}px`
}
