import { keyOf } from './state-vectors.ts'

/** The most answers that are kept for one document. */
const MOST_ANSWERS = 32

/** What they may take besides the last, in bytes. */
const MOST_BYTES = 8 * 1024 * 1024

interface Answer {
  readonly update: Uint8Array
  readonly bytes: number
}

/** What a document has answered to state vectors since it last changed, so that all who ask the same share one answer. */
export class Answers {
  /** The least recently used first. */
  readonly #answers = new Map<string, Answer>()
  #bytes = 0

  /** What they take, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  to(stateVector: Uint8Array): Uint8Array | null {
    const key = keyOf(stateVector)
    const known = this.#answers.get(key)
    if (known === undefined) return null
    this.#answers.delete(key)
    this.#answers.set(key, known)
    return known.update
  }

  /** `bytes` is what the answer takes in memory of its own. */
  keep(stateVector: Uint8Array, update: Uint8Array, bytes: number): void {
    const own = keyOf(stateVector)
    this.#bytes += bytes - (this.#answers.get(own)?.bytes ?? 0)
    this.#answers.set(own, { update, bytes })
    for (const [key, old] of this.#answers) {
      if (this.#answers.size === 1) return
      if (this.#answers.size <= MOST_ANSWERS && this.#bytes <= MOST_BYTES) return
      this.#answers.delete(key)
      this.#bytes -= old.bytes
    }
  }

  clear(): void {
    this.#answers.clear()
    this.#bytes = 0
  }
}
