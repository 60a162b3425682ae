/** How much may be taken, by all documents together, that is not on disk yet: it bounds memory while the storage fails. */
export class UnsavedBudget {
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** What is taken and not on disk, in bytes of updates. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether nothing more is to be taken until some of it is on disk. */
  get isSpent(): boolean {
    return this.#bytes >= this.#maxBytes
  }

  take(bytes: number): void {
    this.#bytes += bytes
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes
  }
}
