import type { IncomingUpdate } from './live-document.ts'

/** From this share of the limit on, people are warned; once it is below the other again, the next time counts anew. */
const NEAR = 0.8
const FAR = 0.7

/** Part of a batch, from its beginning. */
export interface SizedBatch<T> {
  readonly now: readonly T[]
  /** What is to be looked at again when the others are done. */
  readonly later: readonly T[]
  /** Whether the document has room for what is `now`; else it has none for whatever of it is news. */
  readonly fits: boolean
}

/** Holds one document to a size: that of what is stored of it. */
export class SizeLimit {
  /** In bytes; `Infinity` is no limit. */
  readonly bytes: number
  #isNear = false

  constructor(bytes: number) {
    this.bytes = bytes
  }

  /** Whether a document of so many bytes is one whose writers are to be warned. */
  isNear(size: number): boolean {
    return size >= this.bytes * NEAR
  }

  /** Takes note of the document's size; true when it has come near the limit. */
  hasComeNear(size: number): boolean {
    const wasNear = this.#isNear
    this.#isNear = size >= this.bytes * (wasNear ? FAR : NEAR)
    return this.#isNear && !wasNear
  }

  /**
   * How much of a batch is to be applied together, to a document of so many bytes. What only deletes is always let in, or
   * a full document could not be made smaller.
   */
  split<T extends Pick<IncomingUpdate, 'update' | 'contents'>>(
    batch: readonly T[],
    size: number,
  ): SizedBatch<T> {
    let after = size
    let fits: boolean | null = null
    for (const [index, { update, contents }] of batch.entries()) {
      after += update.length
      const isLetIn = after <= this.bytes || contents.structs.size === 0
      fits ??= isLetIn
      if (isLetIn !== fits) return { now: batch.slice(0, index), later: batch.slice(index), fits }
    }
    return { now: batch, later: [], fits: fits ?? true }
  }
}
