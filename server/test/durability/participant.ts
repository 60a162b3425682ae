import * as Y from 'yjs'
import type { Random } from '../../../e2e/merging/random.ts'
import { TestClient } from '../support/test-client.ts'
import { editAtRandom } from './random-edits.ts'

/** Somebody who works on one document over as many connections as it takes, and keeps what each of them sent and was told. */
export class Participant {
  readonly documentName: string
  readonly doc = new Y.Doc()
  /** All connections so far, also those that never opened. */
  readonly connections: TestClient[] = []
  readonly #isStock: boolean
  #caretClock = 0

  constructor(documentName: string, { isStock }: { readonly isStock: boolean }) {
    this.documentName = documentName
    this.#isStock = isStock
  }

  /** The connection that is open, or was the last; null before the first. */
  get client(): TestClient | null {
    return this.connections.at(-1) ?? null
  }

  get isOnline(): boolean {
    return this.client !== null && this.client.closeCode === null
  }

  /** Connects, with the resume secret of the last connection that has one; resolves when that has succeeded or failed. */
  async connect(url: string): Promise<void> {
    const resume = this.connections.findLast((client) => client.count('hello') > 0)?.hello.resume
    const subprotocols = this.#isStock ? [] : ['codraft.1']
    const options = { doc: this.doc, subprotocols, ...(resume === undefined ? {} : { resume }) }
    this.connections.push(await TestClient.connect(url, this.documentName, options))
  }

  /** Leaves, in good order or not. */
  async disconnect(random: Random): Promise<void> {
    if (random.chance(0.5)) this.client?.socket.close()
    else this.client?.socket.terminate()
    await this.client?.untilClosed()
  }

  /** Edits, moves the caret, or does nothing; on or off line. */
  act(random: Random): void {
    if (random.chance(0.8)) this.doc.transact(() => editAtRandom(this.doc, random))
    if (random.chance(0.2) && this.isOnline) {
      this.client?.announce(this.doc.clientID, ++this.#caretClock, { caret: random.below(1_000) })
    }
  }

  /** Resolves when the server has handled all that this connection has sent so far, and has answered; rejects if it was closed. */
  async settle(): Promise<void> {
    const { client } = this
    if (client === null) throw new Error('there has been no connection')
    await client.until(() => client.count('sync-step-1') > 0 || client.closeCode !== null)
    await client.roundTrip()
    if (client.closeCode !== null) throw new Error(`the server closed with ${client.closeCode}`)
  }
}

/** Whether two documents hold the same, deletions included. */
export function isSame(a: Y.Doc, b: Y.Doc): boolean {
  return (
    Y.equalSnapshots(Y.snapshot(a), Y.snapshot(b)) &&
    JSON.stringify(a.getText('text').toDelta()) === JSON.stringify(b.getText('text').toDelta())
  )
}
