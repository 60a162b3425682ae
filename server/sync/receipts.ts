import type { UpdateContents } from './update-contents.ts'

/** One document message of a session, in the order they came. */
interface Receipt {
  /** It is on disk, with all that it depends on, once the log has saved up to this position. */
  position: number
  /** What it needs, as long as that is not there. */
  waitsFor: UpdateContents | null
}

/** How far a document's log is: what was handed to it, and what of that is on disk. */
interface LogPositions {
  readonly takenPosition: number
  readonly savedPosition: number
}

/** Counts which of one connection's document messages may be acked (PROTOCOL.md, "ack"). */
export class Receipts {
  readonly #open: Receipt[] = []
  /** How many of them wait for what they need. */
  #waiting = 0
  #received = 0
  #acked = 0
  #isRefused = false

  /** Takes note of the next message. */
  add(position: number, waitsFor: UpdateContents | null): void {
    this.#received++
    if (this.#isRefused) return
    this.#open.push({ position, waitsFor })
    if (waitsFor !== null) this.#waiting++
  }

  /** Takes note of the next message as one that was not accepted; nothing from here on is ever acked. Returns its number. */
  refuse(): number {
    this.#isRefused = true
    return ++this.#received
  }

  /** Takes note that a message which waits, with these contents, is not accepted after all; as `refuse`. */
  refuseWaiting(contents: UpdateContents): number {
    const index = this.#open.findIndex(({ waitsFor }) => waitsFor === contents)
    if (index === -1) return this.refuse()
    this.#isRefused = true
    for (const { waitsFor } of this.#open.splice(index)) if (waitsFor !== null) this.#waiting--
    return this.#acked + index + 1
  }

  /** Whether everything that was accepted has been counted. */
  get areSettled(): boolean {
    return this.#open.length === 0
  }

  /**
   * Returns the count to ack if it has grown, else null. To be called whenever the document has changed: what a message
   * waited for is in the log by `takenPosition`, or it is not there.
   */
  settle(
    { savedPosition, takenPosition }: LogPositions,
    isIntegrated: (contents: UpdateContents) => boolean,
  ): number | null {
    for (const receipt of this.#waiting === 0 ? [] : this.#open) {
      if (receipt.waitsFor === null || !isIntegrated(receipt.waitsFor)) continue
      receipt.waitsFor = null
      this.#waiting--
      receipt.position = takenPosition
    }
    const firstOpen = this.#open.findIndex(
      ({ position, waitsFor }) => waitsFor !== null || position > savedPosition,
    )
    const settled = firstOpen === -1 ? this.#open.length : firstOpen
    if (settled === 0) return null
    this.#open.splice(0, settled)
    this.#acked += settled
    return this.#acked
  }
}
