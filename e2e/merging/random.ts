/** Random numbers that a seed repeats (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 to less than 1. */
  share(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** An integer from 0 to less than this. */
  below(end: number): number {
    return Math.floor(this.share() * end)
  }

  chance(share: number): boolean {
    return this.share() < share
  }

  /** Throws a `RangeError` if there is nothing to pick from. */
  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)]
    if (value === undefined) throw new RangeError('There is nothing to pick from')
    return value
  }

  /** Another source, for somebody who draws at the same time. */
  fork(): Random {
    return new Random(this.below(2 ** 32))
  }
}
