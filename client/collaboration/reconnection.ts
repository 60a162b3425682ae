import { Alarm } from './alarm.ts'
import { OFFLINE_DELAY, reconnectDelay } from './reconnect-delay.ts'
import type { Timers } from './timers.ts'

/** A connection that was synced for this long is a good one; if it is lost sooner, the next attempt waits longer. */
const SETTLE_TIME = 30_000

/** Decides when the next attempt to connect is made. */
export class Reconnection {
  readonly #random: () => number
  readonly #next: Alarm
  readonly #settle: Alarm
  #attempt = 0
  #isOffline = false

  constructor(connect: () => void, timers: Timers, random: () => number) {
    this.#random = random
    this.#next = new Alarm(timers, connect)
    this.#settle = new Alarm(timers, () => this.succeeded())
  }

  /** How many attempts there were without success. */
  get attempt(): number {
    return this.#attempt
  }

  /** The browser says that there is no network, or that there is one again. */
  set isOffline(isOffline: boolean) {
    this.#isOffline = isOffline
  }

  /** A socket is open: whatever the browser says, there is a network. */
  connected(): void {
    this.#isOffline = false
  }

  /** It begins to look like a success; a server can still be one that closes every connection after a moment. */
  synced(): void {
    this.#settle.set(SETTLE_TIME)
  }

  /** Something was achieved. */
  succeeded(): void {
    this.#attempt = 0
  }

  /** The connection is lost, or could not be made: there will be another attempt. */
  lost(): void {
    const delay = this.#isOffline ? OFFLINE_DELAY : reconnectDelay(this.#attempt, this.#random)
    this.#attempt++
    this.#next.set(delay)
  }

  /** Nothing is waited for any more. */
  clear(): void {
    this.#next.clear()
    this.#settle.clear()
  }
}
