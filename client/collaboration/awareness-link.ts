import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { applyAwarenessUpdate, encodeAwarenessUpdate, type Awareness } from 'y-protocols/awareness'
import { messageTypes } from '../../protocol/index.ts'
import { reportAside } from './listeners.ts'

type Change = Readonly<Record<'added' | 'updated' | 'removed', readonly number[]>>

/** What an `AwarenessLink` sends through. */
export interface AwarenessCarrier {
  /** Whether the server says when somebody is gone. */
  readonly tellsWhoLeft: boolean
  send(frame: Uint8Array<ArrayBuffer>): void
}

/** Tells a server this client's awareness state, and nobody else's, and takes the others' from it. */
export class AwarenessLink {
  readonly #awareness: Awareness
  readonly #carrier: AwarenessCarrier
  readonly #onUpdate: (change: Change) => void

  constructor(awareness: Awareness, carrier: AwarenessCarrier) {
    this.#awareness = awareness
    this.#carrier = carrier
    this.#onUpdate = ({ added, updated, removed }) => {
      const own = awareness.clientID
      if ([added, updated, removed].some((clients) => clients.includes(own))) this.announce()
      if (carrier.tellsWhoLeft) this.#keep([...added, ...updated])
    }
    awareness.on('update', this.#onUpdate)
  }

  announce(): void {
    const { clientID } = this.#awareness
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, messageTypes.awareness)
    encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(this.#awareness, [clientID]))
    this.#carrier.send(encoding.toUint8Array(encoder))
  }

  /** With a new clock: under the old one the server may still hold the state that ended with the last connection. */
  renew(): void {
    const state = this.#awareness.getLocalState()
    if (state !== null) this.#awareness.setLocalState({ ...state })
  }

  /** `decoder` stands before an awareness update that can be decoded. */
  receive(decoder: decoding.Decoder, origin: unknown): void {
    const update = decoding.readVarUint8Array(decoder)
    try {
      applyAwarenessUpdate(this.#awareness, update, origin)
    } catch (error) {
      // Not the server's fault: a listener has thrown.
      reportAside(error)
    }
  }

  /** Whoever is still there when we are back has the same clock, which would count as known. */
  forgetOthers(): void {
    for (const client of this.#awareness.meta.keys()) {
      if (client !== this.#awareness.clientID) this.#awareness.meta.delete(client)
    }
  }

  close(): void {
    this.#awareness.off('update', this.#onUpdate)
  }

  /**
   * y-protocols forgets whoever is silent for 30 s, as pages are that nobody looks at: browsers run their timers once a
   * minute.
   */
  #keep(clients: readonly number[]): void {
    for (const client of clients) {
      const meta = this.#awareness.meta.get(client)
      if (meta !== undefined && client !== this.#awareness.clientID) meta.lastUpdated = Infinity
    }
  }
}
