import * as Y from 'yjs'
import type { Client } from './client.ts'
import { syncTypes } from './dialect.ts'
import { clientFrame } from './frames.ts'
import { syncMessage } from './messages.ts'

/** Puts a new value in place of the last, again and again: much to pass on, of which the document keeps little. */
export class Paster {
  readonly #doc = new Y.Doc()
  readonly #size: number

  /** `size` is that of a value, in bytes. */
  constructor(client: Client, clientID: number, size: number) {
    this.#size = size
    this.#doc.clientID = clientID
    this.#doc.on('update', (update: Uint8Array) =>
      client.connection.write(clientFrame(syncMessage(client.prefix, syncTypes.update, update))),
    )
  }

  paste(): void {
    const values = this.#doc.getMap('pasted')
    values.set('value', `${this.pasted} `.padEnd(this.#size, 'lorem ipsum '))
  }

  /** How often it has. */
  get pasted(): number {
    return Y.getState(this.#doc.store, this.#doc.clientID)
  }

  /** Whether a document has the last value. */
  isIn(doc: Y.Doc): boolean {
    return doc.getMap('pasted').get('value') === this.#doc.getMap('pasted').get('value')
  }
}
