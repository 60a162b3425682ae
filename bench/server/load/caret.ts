import type { Client } from './client.ts'
import { clientFrame } from './frames.ts'
import { awarenessMessage } from './messages.ts'

/** Someone's caret, as y-prosemirror tells of it: about 280 bytes. */
export class Caret {
  readonly clientID: number
  /** How often it has moved. */
  clock = 0
  readonly #client: Client

  constructor(client: Client, clientID: number) {
    this.#client = client
    this.clientID = clientID
  }

  move(): void {
    const position = {
      type: null,
      tname: 'prosemirror',
      item: { client: this.clientID, clock: this.clock },
      assoc: 0,
    }
    const user = { name: `Person ${this.clientID}`, color: '#30bced' }
    const state = JSON.stringify({ user, cursor: { anchor: position, head: position } })
    this.clock++
    const message = awarenessMessage(this.#client.prefix, this.clientID, this.clock, state)
    this.#client.connection.write(clientFrame(message))
  }
}
