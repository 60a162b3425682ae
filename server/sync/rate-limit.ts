/** A token bucket: so many a second, and as many at once after a second's rest. */
export class RateLimit {
  readonly #perSecond: number
  #tokens: number
  #filledAt: number

  /** `now` in milliseconds, as everywhere here. */
  constructor(perSecond: number, now: number) {
    this.#perSecond = this.#tokens = perSecond
    this.#filledAt = now
  }

  /** Takes one, which may have to be paid back. */
  take(now: number): void {
    this.#fill(now)
    this.#tokens--
  }

  /** How many milliseconds it takes until nothing is owed; 0 if nothing is. */
  wait(now: number): number {
    if (now > this.#filledAt) this.#fill(now)
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / this.#perSecond) * 1_000)
  }

  #fill(now: number): void {
    const tokens = this.#tokens + ((now - this.#filledAt) / 1_000) * this.#perSecond
    this.#tokens = Math.min(tokens, this.#perSecond)
    this.#filledAt = now
  }
}
