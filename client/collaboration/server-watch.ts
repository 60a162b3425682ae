import { Alarm } from './alarm.ts'
import type { Timers } from './timers.ts'

/** Changes without an ack for this long are no longer on their way, they are unsaved. */
const ACK_TIMEOUT = 3_000
/** With unsaved changes, a server silent for this long is asked to answer, and after as long again given up. */
const SILENCE_TIMEOUT = 5_000
/** A server that has heard nothing for this long is told that this client is there. */
const KEEP_ALIVE_INTERVAL = 20_000

/** What a `ServerWatch` asks, and has done. */
export interface WatchedConnection {
  readonly hasUnsaved: boolean
  /** Says something that the server answers. */
  ask(): void
  keepAlive(): void
  /** The server does not answer. */
  giveUp(): void
  /** `ServerWatch.isOverdue` has become true. */
  overdue(): void
}

/** Watches one server after another, whether it acks and answers in time, and sees that it hears something in time. */
export class ServerWatch {
  readonly #connection: WatchedConnection
  readonly #ack: Alarm
  readonly #silence: Alarm
  readonly #keepAlive: Alarm
  #isConnected = false
  /** A stock server answers nothing that could be asked, so its silence proves nothing. */
  #speaksCodraft = false
  #isOverdue = false
  #hasAsked = false

  constructor(connection: WatchedConnection, timers: Timers) {
    this.#connection = connection
    this.#ack = new Alarm(timers, () => {
      this.#isOverdue = true
      connection.overdue()
    })
    this.#silence = new Alarm(timers, () => this.#silent())
    this.#keepAlive = new Alarm(timers, () => connection.keepAlive())
  }

  /** Whether changes have waited too long for an ack. */
  get isOverdue(): boolean {
    return this.#isOverdue
  }

  connected(): void {
    this.#isConnected = true
    this.#watch()
  }

  /** The server has shown that it speaks Codraft's protocol. */
  greeted(): void {
    this.#speaksCodraft = true
    this.#keepAlive.set(KEEP_ALIVE_INTERVAL)
    this.#watch()
  }

  disconnected(): void {
    this.#isConnected = false
    this.#speaksCodraft = false
    this.#isOverdue = false
    this.#hasAsked = false
    for (const alarm of [this.#ack, this.#silence, this.#keepAlive]) alarm.clear()
  }

  sent(): void {
    if (this.#speaksCodraft) this.#keepAlive.set(KEEP_ALIVE_INTERVAL)
  }

  heard(): void {
    this.#hasAsked = false
    this.#silence.clear()
    this.#watch()
  }

  changed(): void {
    this.#watch()
  }

  /** An ack has come for something that was unsaved. */
  saved(): void {
    this.#ack.clear()
    this.#isOverdue = false
    this.#watch()
  }

  #watch(): void {
    if (!this.#isConnected || !this.#connection.hasUnsaved) {
      this.#silence.clear()
      return
    }
    if (!this.#isOverdue && !this.#ack.isSet) this.#ack.set(ACK_TIMEOUT)
    if (this.#speaksCodraft && !this.#silence.isSet) this.#silence.set(SILENCE_TIMEOUT)
  }

  #silent(): void {
    if (this.#hasAsked) {
      this.#connection.giveUp()
      return
    }
    this.#hasAsked = true
    this.#connection.ask()
    this.#silence.set(SILENCE_TIMEOUT)
  }
}
