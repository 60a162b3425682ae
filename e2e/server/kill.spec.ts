import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import * as Y from 'yjs'
import { CodraftServer } from '../support/codraft-server.ts'
import { CountingClient, StockClient } from '../support/stock-client.ts'

/** How often the server is killed; CODRAFT_KILLS asks for more. */
const KILLS = Number(process.env['CODRAFT_KILLS'] ?? 10)
const WRITERS = 4

/** A writer that notes down what it has been told is on disk. */
class Writer {
  readonly client: CountingClient
  /** After each document message, what the document was. */
  #written: { clock: number; token: string | null }[] = []
  #tokens = 0

  constructor(server: CodraftServer, documentName: string) {
    this.client = new CountingClient(server.webSocketUrl, documentName)
  }

  write(): void {
    const token = `<${this.client.doc.clientID}.${this.#tokens++}>`
    this.client.text.insert(Math.floor(Math.random() * (this.client.text.length + 1)), token)
    while (this.#written.length < this.client.sent - 1) this.#written.push({ clock: 0, token: null })
    this.#written.push({ clock: Y.getState(this.client.doc.store, this.client.doc.clientID), token })
  }

  /** What the last ack has promised. */
  get saved(): { clock: number; count: number } {
    const acked = this.#written.slice(0, this.client.acked)
    return { clock: acked.at(-1)?.clock ?? 0, count: acked.filter(({ token }) => token !== null).length }
  }
}

/** Kills a server at a random moment while several write into two documents, and returns what they were promised. */
async function killWhileWriting(server: CodraftServer, round: number): Promise<Writer[]> {
  const writers = Array.from({ length: WRITERS }, (_, i) => new Writer(server, `doc-${round % 3}-${i % 2}`))
  await Promise.all(writers.map(({ client }) => client.synced()))
  let isWriting = true
  const writing = (async () => {
    while (isWriting) {
      for (const writer of writers) writer.write()
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  await Promise.race(writers.map(({ client }) => client.saved()))
  // The one wait for time: the moment of the kill is to be random.
  await delay(Math.random() * 150)
  await server.signal('SIGKILL')
  isWriting = false
  await writing
  for (const { client } of writers) client.provider.disconnect()
  return writers
}

test(`${KILLS} kills while several write lose nothing that was acked`, async () => {
  test.setTimeout(60_000 + KILLS * 5_000)
  const server = await CodraftServer.start()
  let promised = 0
  for (let round = 0; round < KILLS; round++) {
    const writers = await killWhileWriting(server, round)
    await server.start()
    for (const writer of writers) {
      const fresh = await new StockClient(server.webSocketUrl, writer.client.provider.roomname).synced()
      expect(Y.getState(fresh.doc.store, writer.client.doc.clientID)).toBeGreaterThanOrEqual(
        writer.saved.clock,
      )
      promised += writer.saved.count
      fresh.close()
      writer.client.close()
    }
  }
  await server.remove()
  expect(promised).toBeGreaterThan(0)
  console.log(`${KILLS} kills, ${promised} acked updates, none missing`)
})
