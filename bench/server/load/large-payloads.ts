/** A payload being put together. */
export interface Assembly {
  /** Takes what of the chunk, from this position on, belongs to it; returns the position behind that. */
  take(chunk: Buffer, at: number): number
  readonly isComplete: boolean
  /** Once it is complete. */
  readonly payload: Buffer
}

/**
 * Puts large payloads together. Many clients are often sent the same at once: those of one length share one buffer as
 * long as they bring the same bytes, each of which is compared, so that a thousand of a megabyte do not take a gigabyte.
 */
export class LargePayloads {
  readonly #shared = new Map<number, SharedBytes>()

  begin(length: number): Assembly {
    const shared = this.#shared.get(length) ?? { bytes: Buffer.allocUnsafe(length), filled: 0 }
    this.#shared.set(length, shared)
    return new ComparedAssembly(shared)
  }
}

interface SharedBytes {
  readonly bytes: Buffer
  filled: number
}

class ComparedAssembly implements Assembly {
  #target: SharedBytes
  #at = 0

  constructor(shared: SharedBytes) {
    this.#target = shared
  }

  take(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#target.bytes.length - this.#at)
    // Nobody is ahead of what is filled: up to there to compare, from there to fill.
    const known = Math.min(end, at + this.#target.filled - this.#at)
    if (chunk.compare(this.#target.bytes, this.#at, this.#at + known - at, at, known) !== 0) this.#part()
    if (this.#at + end - at > this.#target.filled) {
      chunk.copy(this.#target.bytes, this.#at, at, end)
      this.#target.filled = this.#at + end - at
    }
    this.#at += end - at
    return end
  }

  /** Goes on with a copy of its own, from what has been the same so far. */
  #part(): void {
    this.#target = { bytes: Buffer.from(this.#target.bytes), filled: this.#at }
  }

  get isComplete(): boolean {
    return this.#at === this.#target.bytes.length
  }

  get payload(): Buffer {
    return this.#target.bytes
  }
}
