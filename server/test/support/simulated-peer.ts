import * as Y from 'yjs'
import {
  encodeMessage,
  type AwarenessEntry,
  type ClientMessage,
  type ServerMessage,
} from '../../../protocol/index.ts'
import type { ClockRange } from '../../sync/clock-ranges.ts'
import type { Link } from './simulated-link.ts'

/** A peer with its document, as y-websocket would keep it in step, and the clocks that the server has acked. */
export class Peer {
  readonly doc = new Y.Doc()
  readonly isStock: boolean
  link: Link | null = null
  /** Of its own structs, those below this clock have been reported to be on disk. */
  savedClock = 0
  /** Whether the first answer of this connection has come. */
  hasSynced = false
  /** The others' awareness states. */
  readonly others = new Map<number, AwarenessEntry>()
  /** What its last connection was given to prove that it is the same again. */
  resumeSecret: string | null = null
  #own: AwarenessEntry
  #writtenClock = 0
  #saved: ClockRange[] = []

  /** `onWritten` is told of every update that it writes. */
  constructor(clientID: number, isStock: boolean, onWritten: (update: Uint8Array) => void = () => {}) {
    this.isStock = isStock
    this.doc.clientID = clientID
    this.#own = { clientID, clock: 0, state: null }
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === this) return
      const own = { start: this.#writtenClock, end: this.ownClock }
      this.#writtenClock = own.end
      onWritten(update)
      this.#send({ type: 'update', update }, own)
    })
  }

  get ownClock(): number {
    return Y.getState(this.doc.store, this.doc.clientID)
  }

  /** How it calls itself in its awareness state; null before it does. */
  name: string | null = null

  connect(link: Link, isResuming: boolean): void {
    this.link = link
    this.hasSynced = false
    this.others.clear()
    if (isResuming && this.resumeSecret !== null && !this.isStock)
      this.#send({ type: 'resume', secret: this.resumeSecret })
    this.resumeSecret = link.resumeSecret
    this.ask()
    if (this.#own.state !== null) this.#announce()
  }

  /** Asks for what it lacks. */
  ask(): void {
    this.#send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) })
  }

  queryAwareness(): void {
    this.#send({ type: 'query-awareness' })
  }

  /** Sets its awareness state. */
  appear(name: string): void {
    this.name = name
    this.#own = { ...this.#own, state: JSON.stringify({ name }) }
    this.#announce()
  }

  #announce(): void {
    this.#own = { ...this.#own, clock: this.#own.clock + 1 }
    this.#send({ type: 'awareness', entries: [this.#own] })
  }

  /** Sends what another wrote. */
  pass(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, this)
    this.spoil(update)
  }

  /** Sends an update that it does not have itself. */
  spoil(update: Uint8Array): void {
    this.#send({ type: 'update', update }, { start: 0, end: 0 })
  }

  receive(message: ServerMessage): void {
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- a client ignores what it does not know
    switch (message.type) {
      case 'sync-step-1':
        this.#send(
          { type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.doc, message.stateVector) },
          { start: 0, end: this.ownClock },
        )
        break
      case 'sync-step-2':
        Y.applyUpdate(this.doc, message.update, this)
        this.hasSynced = true
        break
      case 'update':
        Y.applyUpdate(this.doc, message.update, this)
        break
      case 'awareness':
        for (const entry of message.entries) this.#see(entry)
        break
      case 'ack':
        this.#hear(message.count)
        break
    }
  }

  #see(entry: AwarenessEntry): void {
    if (entry.clientID === this.#own.clientID) {
      // As y-protocols does: nobody else says that it is not here.
      if (entry.state !== null || this.#own.state === null || entry.clock < this.#own.clock) return
      this.#own = { ...this.#own, clock: entry.clock }
      this.#announce()
      return
    }
    const known = this.others.get(entry.clientID)
    if (known !== undefined && entry.clock < known.clock) return
    if (entry.clock === known?.clock && entry.state !== null) return
    this.others.set(entry.clientID, entry)
  }

  #hear(count: number): void {
    const { link } = this
    if (link === null) return
    this.#saved.push(...link.delivered.slice(0, count).map(({ own }) => own))
    this.#saved = this.#saved.toSorted((a, b) => a.start - b.start)
    for (const { start, end } of this.#saved)
      if (start <= this.savedClock) this.savedClock = Math.max(this.savedClock, end)
    this.#saved = this.#saved.filter(({ end }) => end > this.savedClock)
  }

  #send(message: ClientMessage, own: ClockRange | null = null): void {
    this.link?.toServer.push({ message: encodeMessage(message), own })
  }
}
