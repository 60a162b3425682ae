import type { Clock } from '../../clock.ts'

/** A clock as one process has it: when the process dies, nothing that it waits for happens any more. */
export class ProcessClock implements Clock {
  readonly #clock: Clock
  readonly #pending = new Set<() => void>()
  #isDead = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How many calls are to come. */
  get pending(): number {
    return this.#pending.size
  }

  now(): number {
    return this.#clock.now()
  }

  after(milliseconds: number, callback: () => void): () => void {
    if (this.#isDead) return () => {}
    const cancel = (): void => {
      this.#pending.delete(cancel)
      callOff()
    }
    const callOff = this.#clock.after(milliseconds, () => {
      this.#pending.delete(cancel)
      callback()
    })
    this.#pending.add(cancel)
    return cancel
  }

  soon(callback: () => void): () => void {
    return this.after(0, callback)
  }

  die(): void {
    this.#isDead = true
    for (const cancel of this.#pending) cancel()
  }
}
