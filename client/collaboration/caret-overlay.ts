import { Selection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Binding } from './binding.ts'
import type { Person, Presence } from './presence.ts'
import { RemoteCaret, type LayerFrame, type Place } from './remote-caret.ts'
import { selectionParts } from './selection-parts.ts'
import { SelectionPublisher } from './selection-publisher.ts'
import { systemTimers, type Timers } from './timers.ts'
import { writerMoves } from './writer-moves.ts'

export { caretStyles } from './caret-styles.ts'

export interface CaretOverlayOptions {
  readonly view: EditorView
  /** The one whose plugins the view has. */
  readonly binding: Binding
  readonly presence: Presence
  /** What the layer becomes a child of, never the editable element itself. Default: the parent of `view.dom`. */
  readonly container?: HTMLElement
  readonly timers?: Timers
}

/** The others' carets and selections over a view, and this client's for the others. */
export interface CaretOverlay {
  /** To be called after every update of the view's state, as from a plugin view's `update`. */
  update(): void
  /** Removes the layer. May be called twice. */
  close(): void
}

/**
 * Draws the others' carets and selections in a layer beside the editable element, where neither input methods nor the
 * selection meet them, and tells the others this client's. It needs `caretStyles` on the page.
 */
export function createCaretOverlay(options: CaretOverlayOptions): CaretOverlay {
  return new LayerOverlay(options)
}

class LayerOverlay implements CaretOverlay {
  readonly #view: EditorView
  readonly #binding: Binding
  readonly #presence: Presence
  readonly #timers: Timers
  readonly #publisher: SelectionPublisher
  readonly #layer: HTMLElement
  readonly #window: Window
  readonly #carets = new Map<number, RemoteCaret>()
  readonly #stops: (() => void)[] = []
  #frame: number | null = null
  #moves: number

  constructor({ view, binding, presence, container, timers = systemTimers }: CaretOverlayOptions) {
    const document = view.dom.ownerDocument
    this.#view = view
    this.#moves = writerMoves(view.state)
    this.#binding = binding
    this.#presence = presence
    this.#timers = timers
    this.#window = document.defaultView ?? window
    this.#publisher = new SelectionPublisher(view, binding, presence, timers)
    this.#layer = document.createElement('div')
    this.#layer.className = 'codraft-carets'
    this.#layer.setAttribute('aria-hidden', 'true')
    const parent = container ?? view.dom.parentElement
    parent?.append(this.#layer)
    this.#listen(document)
    this.#schedule()
  }

  update(): void {
    const moves = writerMoves(this.#view.state)
    if (moves !== this.#moves && this.#view.hasFocus()) this.#publisher.moved()
    this.#moves = moves
    this.#schedule()
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop()
    if (this.#frame !== null) this.#window.cancelAnimationFrame(this.#frame)
    this.#publisher.close()
    for (const caret of this.#carets.values()) caret.remove()
    this.#carets.clear()
    this.#layer.remove()
  }

  #listen(document: Document): void {
    const redraw = (): void => this.#schedule()
    const focus = (): void => this.#publisher.moved()
    const point = (event: MouseEvent): void => {
      for (const caret of this.#carets.values()) caret.pointAt(event.clientX, event.clientY)
    }
    // Scrolling does not bubble; whichever ancestor scrolls, its event is captured here.
    document.addEventListener('scroll', redraw, { capture: true, passive: true })
    this.#window.addEventListener('resize', redraw)
    this.#view.dom.addEventListener('focus', focus)
    this.#view.dom.addEventListener('mousemove', point)
    this.#stops.push(
      this.#presence.onPeople(redraw),
      () => document.removeEventListener('scroll', redraw, { capture: true }),
      () => this.#window.removeEventListener('resize', redraw),
      () => this.#view.dom.removeEventListener('focus', focus),
      () => this.#view.dom.removeEventListener('mousemove', point),
    )
    // Text also moves without any of these: an image has loaded, a pane was opened.
    if (typeof ResizeObserver !== 'undefined') {
      const observer = new ResizeObserver(redraw)
      observer.observe(this.#view.dom)
      this.#stops.push(() => observer.disconnect())
    }
  }

  /** In the next frame, when the view shows what the state holds. */
  #schedule(): void {
    this.#frame ??= this.#window.requestAnimationFrame(() => {
      this.#frame = null
      if (!this.#view.isDestroyed) this.#draw()
    })
  }

  /** First measures everything, then changes anything, so that the browser lays out once. */
  #draw(): void {
    const frame = this.#frameOfLayer()
    const text = this.#view.dom.getBoundingClientRect()
    const places = new Map<Person, Place>()
    for (const person of this.#presence.people) {
      const place = person.isSelf ? null : this.#placeOf(person)
      if (place !== null) places.set(person, place)
    }
    const present = new Set([...places.keys()].map(({ clientID }) => clientID))
    for (const [clientID, caret] of this.#carets) {
      if (present.has(clientID)) continue
      caret.remove()
      this.#carets.delete(clientID)
    }
    for (const [person, place] of places) this.#caretOf(person).draw(person, place, frame, text)
  }

  #frameOfLayer(): LayerFrame {
    const { left, top, width, height } = this.#layer.getBoundingClientRect()
    const { offsetWidth, offsetHeight } = this.#layer
    // Without a layout, as where the page is hidden, there is nothing to measure.
    return { left, top, scaleX: width / offsetWidth || 1, scaleY: height / offsetHeight || 1 }
  }

  #caretOf({ clientID }: Person): RemoteCaret {
    const known = this.#carets.get(clientID)
    if (known !== undefined) return known
    const caret = new RemoteCaret(this.#layer, this.#timers)
    this.#carets.set(clientID, caret)
    return caret
  }

  #placeOf({ selection }: Person): Place | null {
    if (selection === null) return null
    const anchor = this.#binding.positionOf(selection.anchor, this.#view.state)
    const head = this.#binding.positionOf(selection.head, this.#view.state)
    if (anchor === null || head === null) return null
    const caret = this.#caretAt(head)
    // The side of the text behind which the caret stands: at a line's end, not at the next one's beginning.
    const side = this.#view.state.doc.resolve(caret).parentOffset > 0 ? -1 : 1
    return {
      caret: this.#view.coordsAtPos(caret, side),
      parts: selectionParts(this.#view, Math.min(anchor, head), Math.max(anchor, head)),
    }
  }

  /** A place between blocks is where nobody has written yet: the caret is in what is shown there. */
  #caretAt(position: number): number {
    const $position = this.#view.state.doc.resolve(position)
    return $position.parent.inlineContent ? position : Selection.near($position).head
  }
}
