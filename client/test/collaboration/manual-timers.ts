import type { Timers } from '../../collaboration/timers.ts'

/** A clock that moves only when it is told to. */
export class ManualTimers implements Timers {
  #now = 0
  readonly #alarms = new Set<{ readonly at: number; readonly ring: () => void }>()

  after(milliseconds: number, callback: () => void): () => void {
    const alarm = { at: this.#now + milliseconds, ring: callback }
    this.#alarms.add(alarm)
    return () => this.#alarms.delete(alarm)
  }

  /** Lets time pass, and rings what is due in the order due. */
  pass(milliseconds: number): void {
    const end = this.#now + milliseconds
    for (;;) {
      const [next] = [...this.#alarms].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
      if (next === undefined) break
      this.#alarms.delete(next)
      this.#now = next.at
      next.ring()
    }
    this.#now = end
  }
}
