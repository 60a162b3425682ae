/** Calls back at even intervals, whatever else happens; what could not be done in time is done as soon as possible. */
export class Steady {
  #cancelled = false

  /** With `things` to go round, each comes once per interval (in milliseconds), all of them evenly spread over it. */
  constructor(things: number, interval: number, callback: (thing: number) => void) {
    const start = performance.now()
    let done = 0
    const tick = (): void => {
      if (this.#cancelled) return
      const due = Math.floor(((performance.now() - start) / interval) * things)
      for (; done < due; done++) callback(done % things)
      setTimeout(tick, 1)
    }
    tick()
  }

  stop(): void {
    this.#cancelled = true
  }
}
