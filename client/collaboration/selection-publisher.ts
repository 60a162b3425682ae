import type { EditorView } from 'prosemirror-view'
import { Alarm } from './alarm.ts'
import type { Binding } from './binding.ts'
import type { Presence } from './presence.ts'
import type { Timers } from './timers.ts'

/** At most one message in so many milliseconds; the last one is always sent. */
const INTERVAL = 100

/** Tells the others where this client's selection is, when its writer moved it. */
export class SelectionPublisher {
  readonly #view: EditorView
  readonly #binding: Binding
  readonly #presence: Presence
  readonly #alarm: Alarm
  #isWaiting = false

  constructor(view: EditorView, binding: Binding, presence: Presence, timers: Timers) {
    this.#view = view
    this.#binding = binding
    this.#presence = presence
    this.#alarm = new Alarm(timers, () => {
      if (!this.#isWaiting) return
      this.#isWaiting = false
      this.#publish()
    })
  }

  /** The writer moved the selection, or began to write. */
  moved(): void {
    if (this.#alarm.isSet) this.#isWaiting = true
    else this.#publish()
  }

  close(): void {
    this.#alarm.clear()
  }

  #publish(): void {
    this.#alarm.set(INTERVAL)
    const { state } = this.#view
    const { anchor, head } = state.selection
    this.#presence.setSelection(this.#binding.anchorAt(anchor, state), this.#binding.anchorAt(head, state))
  }
}
