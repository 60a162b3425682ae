/** What is kept in memory at rest, and can be had again from the disk. */
export interface MemoryHolder {
  /** Lets go of what it holds, unless it is being used just now. */
  letGo(): void
}

/**
 * The memory that all documents at rest may take together. Past it, those that have not been used for longest let go of
 * their bytes. Live documents do not count: each is somebody's who writes.
 */
export class MemoryBudget {
  readonly #maxBytes: number
  /** Those at rest with what they hold, the least recently used first. */
  readonly #atRest = new Map<MemoryHolder, number>()
  readonly #live = new Set<MemoryHolder>()
  readonly #letGo = new Set<MemoryHolder>()
  #bytes = 0

  /** Nothing is ever let go for `Infinity`. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** How many documents are in each form. */
  get counts(): { readonly atRest: number; readonly live: number; readonly letGo: number } {
    return { atRest: this.#atRest.size, live: this.#live.size, letGo: this.#letGo.size }
  }

  /** What the documents at rest hold, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Says that a document at rest has been used, and what it holds now. */
  usedAtRest(holder: MemoryHolder, bytes: number): void {
    this.forget(holder)
    this.#atRest.set(holder, bytes)
    this.#bytes += bytes
    if (this.#bytes <= this.#maxBytes) return
    // One that is being used stays, and is looked at again when it has been.
    for (const each of this.#atRest.keys()) {
      if (this.#bytes <= this.#maxBytes) return
      each.letGo()
    }
  }

  /** Says that a document is live. */
  isLive(holder: MemoryHolder): void {
    if (this.#live.has(holder)) return
    this.forget(holder)
    this.#live.add(holder)
  }

  /** Says that a document is not in memory, but will be when it is asked for. */
  hasLetGo(holder: MemoryHolder): void {
    this.forget(holder)
    this.#letGo.add(holder)
  }

  /** Says that a document is closed. */
  forget(holder: MemoryHolder): void {
    this.#bytes -= this.#atRest.get(holder) ?? 0
    this.#atRest.delete(holder)
    this.#live.delete(holder)
    this.#letGo.delete(holder)
  }
}
