/** Times that something took, in milliseconds. */
export class Latencies {
  readonly #values: number[] = []

  add(milliseconds: number): void {
    this.#values.push(milliseconds)
  }

  get count(): number {
    return this.#values.length
  }

  /** The time that this share of them does not exceed; not a number without any. */
  quantile(share: number): number {
    const sorted = Float64Array.from(this.#values).toSorted()
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  }
}
