/** Part of what one client has written: its clocks from `start` up to, and not including, `end`. */
export interface ClockRange {
  readonly start: number
  readonly end: number
}

/**
 * Ranges of one client's clocks as a set: those that touch are one. Two arrays of numbers, since thousands of documents
 * keep such sets and an object for each range would take more than the document.
 */
export class ClockRanges {
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  static of(ranges: Iterable<ClockRange>): ClockRanges {
    const set = new ClockRanges()
    for (const { start, end } of ranges) set.add(start, end)
    return set
  }

  /** How many ranges there are that do not touch. */
  get size(): number {
    return this.#starts.length
  }

  /** The ranges that do not touch, the lowest first. */
  *[Symbol.iterator](): Generator<ClockRange> {
    for (const [i, start] of this.#starts.entries()) yield { start, end: this.#ends[i] ?? start }
  }

  add(start: number, end: number): void {
    const last = this.#ends.length - 1
    // Ranges mostly come in order.
    if (last < 0 || start > (this.#ends[last] ?? 0)) {
      this.#starts.push(start)
      this.#ends.push(end)
      return
    }
    const first = this.#firstEndingAtOrAfter(start)
    let behind = first
    let [low, high] = [start, end]
    while (behind < this.#starts.length && (this.#starts[behind] ?? 0) <= end) {
      low = Math.min(low, this.#starts[behind] ?? low)
      high = Math.max(high, this.#ends[behind] ?? high)
      behind++
    }
    if (behind === first + 1) {
      this.#starts[first] = low
      this.#ends[first] = high
    } else {
      this.#starts.splice(first, behind - first, low)
      this.#ends.splice(first, behind - first, high)
    }
  }

  /** Whether every clock of a range is in the set. */
  covers({ start, end }: ClockRange): boolean {
    if (start >= end) return true
    const index = this.#firstEndingAtOrAfter(end)
    const found = this.#starts[index]
    return found !== undefined && found <= start
  }

  /** The clocks of another set that are not in this one. */
  missingOf(other: ClockRanges): ClockRanges {
    const missing = new ClockRanges()
    for (const { start, end } of other) {
      let from = start
      for (let i = this.#firstEndingAtOrAfter(start + 1); i < this.#starts.length && from < end; i++) {
        const known = this.#starts[i] ?? end
        if (known > from) missing.add(from, Math.min(known, end))
        from = Math.max(from, this.#ends[i] ?? end)
      }
      if (from < end) missing.add(from, end)
    }
    return missing
  }

  #firstEndingAtOrAfter(clock: number): number {
    let [low, high] = [0, this.#ends.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ends[middle] ?? 0) < clock) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Adds a client's range to sets by client. */
export function addRange(sets: Map<number, ClockRanges>, client: number, start: number, end: number): void {
  let set = sets.get(client)
  if (set === undefined) sets.set(client, (set = new ClockRanges()))
  set.add(start, end)
}
