import type { Clock } from '../clock.ts'
import { isDeletesOnly, lackingDeletes } from './lacking-deletes.ts'

/** From this size on, in bytes, deletions are worth waiting for. */
const MANY = 1024

/** How long somebody's own deletions are waited for, in milliseconds: they come with the next round trip, or not at all. */
const WAIT = 1_000

interface Debt {
  readonly update: Uint8Array
  readonly cancel: () => void
}

/**
 * Puts answers off that hold nothing but deletions until those who asked have told theirs, which they were asked for when
 * they joined. A state vector does not tell of deletions: a thousand who come back after a restart, and have everything,
 * would each be sent all that was ever deleted.
 */
export class OwedDeletes<Debtee extends object> {
  readonly #clock: Clock
  readonly #send: (to: Debtee, update: Uint8Array) => void
  readonly #debts = new Map<Debtee, Debt>()
  /** What those told who told theirs a moment ago. */
  #told = new Map<Debtee, Uint8Array>()

  /** `send` is called with what somebody lacks, at most a second after it was put off. */
  constructor(clock: Clock, send: (to: Debtee, update: Uint8Array) => void) {
    this.#clock = clock
    this.#send = send
  }

  /** Takes it over to answer somebody who has not told their deletions, or only now; false if that is not worth it. */
  takes(to: Debtee, update: Uint8Array, { hasTold }: { readonly hasTold: boolean }): boolean {
    if (update.length < MANY || !isDeletesOnly(update)) return false
    const told = this.#told.get(to)
    if (told !== undefined) this.#send(to, lackingDeletes(update, told))
    else if (hasTold) return false
    else {
      this.forget(to)
      const cancel = this.#clock.after(WAIT, () => {
        this.#debts.delete(to)
        this.#send(to, update)
      })
      this.#debts.set(to, { update, cancel })
    }
    return true
  }

  /** Somebody has told what they have deleted, with what they wrote. */
  told(to: Debtee, update: Uint8Array): void {
    const debt = this.#debts.get(to)
    if (debt === undefined) {
      this.#told.set(to, update)
      return
    }
    this.forget(to)
    this.#send(to, lackingDeletes(debt.update, update))
  }

  /** Forgets what was told: questions that came with it have been answered. */
  forgetTold(): void {
    if (this.#told.size > 0) this.#told = new Map()
  }

  /** Owes somebody nothing more. */
  forget(to: Debtee): void {
    this.#debts.get(to)?.cancel()
    this.#debts.delete(to)
  }
}
