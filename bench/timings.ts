/**
 * How long something took, in milliseconds of processor time (to a microsecond): what else the machine does meanwhile is
 * left out, and what V8 does beside, as collecting garbage, counts.
 */
export class Timings {
  readonly #durations: number[] = []

  time<T>(work: () => T): T {
    const start = processorTime()
    const result = work()
    this.#durations.push(processorTime() - start)
    return result
  }

  get median(): number {
    return this.quantile(0.5)
  }

  /** The duration that this share of them does not exceed; 0 without any. */
  quantile(share: number): number {
    const sorted = this.#durations.toSorted((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  }
}

function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
