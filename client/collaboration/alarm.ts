import type { Timers } from './timers.ts'

/** One thing to be done after a while, which may be put off or dropped. */
export class Alarm {
  readonly #timers: Timers
  readonly #ring: () => void
  #cancel: (() => void) | null = null

  constructor(timers: Timers, ring: () => void) {
    this.#timers = timers
    this.#ring = ring
  }

  get isSet(): boolean {
    return this.#cancel !== null
  }

  /** Rings after so many milliseconds from now, and not at the time set before. */
  set(milliseconds: number): void {
    this.#cancel?.()
    this.#cancel = this.#timers.after(milliseconds, () => {
      this.#cancel = null
      this.#ring()
    })
  }

  clear(): void {
    this.#cancel?.()
    this.#cancel = null
  }
}
