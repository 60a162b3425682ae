import type { RoomDocument } from './room-document.ts'
import { EMPTY_STATE_VECTOR } from './state-vectors.ts'

/** What somebody lacks, as the document was at a state vector. */
export interface Answer {
  readonly update: Uint8Array
  readonly vector: Uint8Array
  /** Whether it has not changed since; deletions do not show in a state vector. */
  readonly isCurrent: boolean
}

/** From this size on, in bytes, all who join get the same answer and what changed since, rather than each one of their own. */
const LARGE_ANSWER = 256 * 1024

/** What a room tells those who ask for what they lack. */
export class RoomAnswers {
  readonly #document: RoomDocument
  /** The document's state vector, while it is known. */
  #vector: Uint8Array | null = null
  /** The answer that those get who have nothing, if it is large, and how many bytes of changes have come since. */
  #whole: { readonly update: Uint8Array; readonly vector: Uint8Array; changes: number } | null = null

  constructor(document: RoomDocument) {
    this.#document = document
  }

  /** Says that the document has changed by an update. */
  changed(update: Uint8Array): void {
    this.#vector = null
    if (this.#whole !== null) this.#whole.changes += update.length
  }

  /** Forgets all: the vectors of a document at rest and of a live one are not the same. */
  forget(): void {
    this.#vector = null
    this.#whole = null
  }

  /** What the document has. */
  async stateVector(): Promise<Uint8Array> {
    this.#vector ??= await this.#document.stateVector()
    return this.#vector
  }

  /** What the owner of a state vector lacks, perhaps with what they have. */
  async difference(stateVector: Uint8Array): Promise<Answer> {
    if (sameBytes(stateVector, EMPTY_STATE_VECTOR)) return this.#wholeDocument()
    const update = await this.#document.diff(stateVector)
    if (update.length >= LARGE_ANSWER) {
      // Many who lack most of it cost no more than one, however much of it each of them has.
      const whole = await this.#wholeDocument()
      if (update.length * 2 > whole.update.length) return whole
    }
    return { update, vector: await this.stateVector(), isCurrent: true }
  }

  /** The whole document; if it is large, as it was not long ago, so that all who join meanwhile share the same bytes. */
  async #wholeDocument(): Promise<Answer> {
    if (this.#whole === null || this.#whole.changes * 4 > this.#whole.update.length) {
      const update = await this.#document.diff(EMPTY_STATE_VECTOR)
      const vector = await this.stateVector()
      this.#whole = update.length < LARGE_ANSWER ? null : { update, vector, changes: 0 }
      return { update, vector, isCurrent: true }
    }
    const { update, vector, changes } = this.#whole
    return { update, vector, isCurrent: changes === 0 }
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
