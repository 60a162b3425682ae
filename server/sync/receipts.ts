import type { UpdateContents } from './update-contents.ts'

/** One document message of a session, in the order they came. */
interface Receipt {
  /** It is on disk once the log has saved up to this position. */
  readonly position: number
  /** What it needs, if that was not there yet when it came. */
  readonly waitsFor: UpdateContents | null
}

/** Counts which of one connection's document messages may be acked (PROTOCOL.md, "ack"). */
export class Receipts {
  readonly #open: Receipt[] = []
  #received = 0
  #acked = 0
  #isRefused = false

  /** Takes note of the next message. */
  add(position: number, waitsFor: UpdateContents | null): void {
    this.#received++
    if (!this.#isRefused) this.#open.push({ position, waitsFor })
  }

  /** Takes note of the next message as one that was not accepted; nothing from here on is ever acked. Returns its number. */
  refuse(): number {
    this.#isRefused = true
    return ++this.#received
  }

  /** Whether everything that was accepted has been counted. */
  get areSettled(): boolean {
    return this.#open.length === 0
  }

  /** Returns the count to ack if it has grown, else null. */
  settle(savedPosition: number, isIntegrated: (contents: UpdateContents) => boolean): number | null {
    const firstOpen = this.#open.findIndex(
      ({ position, waitsFor }) => position > savedPosition || (waitsFor !== null && !isIntegrated(waitsFor)),
    )
    const settled = firstOpen === -1 ? this.#open.length : firstOpen
    if (settled === 0) return null
    this.#open.splice(0, settled)
    this.#acked += settled
    return this.#acked
  }
}
