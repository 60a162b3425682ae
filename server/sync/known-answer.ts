import type { Clock } from '../clock.ts'
import { readUpdateContents, type UpdateContents } from './update-contents.ts'

/** From this size on, in bytes, an answer is worth remembering. */
const LONG = 1024

/** How long it is remembered, in milliseconds. */
const MEMORY = 10_000

const NOTHING: UpdateContents = readUpdateContents(Uint8Array.of(0, 0))

/**
 * The last answer to a sync step 1 that brought nothing. A thousand who come back after a restart all say the same, and
 * what brought nothing once never will: then it need not be read again.
 */
export class KnownAnswer {
  readonly #clock: Clock
  #update: Uint8Array | null = null
  #cancel: (() => void) | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** What an answer brings: nothing if it is that one. Throws a `ProtocolError` as `readUpdateContents` does. */
  contentsOf(update: Uint8Array): UpdateContents {
    const isKnown = this.#update !== null && Buffer.compare(this.#update, update) === 0
    return isKnown ? NOTHING : readUpdateContents(update)
  }

  /** Says that an answer brought nothing. */
  remember(update: Uint8Array): void {
    if (update.length < LONG || this.#update === update) return
    this.forget()
    this.#update = update
    this.#cancel = this.#clock.after(MEMORY, () => this.forget())
  }

  forget(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#update = null
  }
}
