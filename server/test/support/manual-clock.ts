import type { Clock } from '../../clock.ts'

/** A clock that stands still until it is told to move. */
export class ManualClock implements Clock {
  #now = 1_000_000
  #due: { at: number; callback: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(milliseconds: number, callback: () => void): () => void {
    const entry = { at: this.#now + milliseconds, callback }
    this.#due.push(entry)
    return () => {
      this.#due = this.#due.filter((other) => other !== entry)
    }
  }

  soon(callback: () => void): () => void {
    return this.after(0, callback)
  }

  /** Lets time pass, calling back whatever falls due, in order, with the promises that it settles. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds
    for (;;) {
      await settled()
      const next = this.#due.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#due = this.#due.filter((entry) => entry !== next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = until
  }

  /** Lets time pass, a frame at a time, until something has happened that takes real time, such as a socket's. */
  async until<T>(event: Promise<T>): Promise<T> {
    const isOver = event.then(
      () => true,
      () => true,
    )
    while (!(await Promise.race([isOver, this.advance(16).then(() => false)])));
    return event
  }
}

/** Resolves when the promises that wait now, and those that they settle, have had their turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
