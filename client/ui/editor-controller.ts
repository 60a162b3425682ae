import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Editor, EditorEvent } from './editor.ts'

/**
 * Draws its host again when the editor that it shows says one of the given events. `update`, which comes with every key,
 * is answered once a frame at most, and not while the page is hidden.
 */
export class EditorController implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #events: readonly EditorEvent[]
  #editor: Editor | null = null
  #connected = false
  #frame: number | null = null
  #stops: (() => void)[] = []

  constructor(host: ReactiveControllerHost, events: readonly EditorEvent[]) {
    this.#host = host
    this.#events = events
    host.addController(this)
  }

  get editor(): Editor | null {
    return this.#editor
  }

  set editor(editor: Editor | null) {
    this.#unsubscribe()
    this.#editor = editor
    if (this.#connected) this.#subscribe()
    this.#host.requestUpdate()
  }

  hostConnected(): void {
    this.#connected = true
    this.#subscribe()
  }

  hostDisconnected(): void {
    this.#connected = false
    this.#unsubscribe()
  }

  #subscribe(): void {
    const editor = this.#editor
    if (editor === null) return
    this.#stops = this.#events.map((event) =>
      editor.on(event, event === 'update' ? this.#drawWithNextFrame : this.#draw),
    )
    this.#draw()
  }

  #unsubscribe(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    this.#frame = null
  }

  readonly #draw = (): void => {
    this.#host.requestUpdate()
  }

  readonly #drawWithNextFrame = (): void => {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      this.#draw()
    })
  }
}
