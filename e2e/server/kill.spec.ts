import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import * as Y from 'yjs'
// Of everything that is ours, the one thing that is no part of the product.
import { compilePowerCut, powerOn, type Power } from '../../persistence/test/power-cut/power-cut.ts'
import { CodraftServer } from '../support/codraft-server.ts'
import { CountingClient, StockClient } from '../support/stock-client.ts'

/** How often the server is killed; CODRAFT_KILLS asks for more. */
const KILLS = Number(process.env['CODRAFT_KILLS'] ?? 5)
const WRITERS = 4

/** What a writer had done up to one document message. */
interface Written {
  readonly clock: number
  /** Its tokens that were there, and those that it had deleted again. */
  readonly present: ReadonlySet<string>
  readonly deleted: ReadonlySet<string>
}

const NOTHING: Written = { clock: 0, present: new Set(), deleted: new Set() }

/** A writer that notes down what it has been told is on disk. */
class Writer {
  readonly client: CountingClient
  /** After each document message, what it had written. */
  readonly #written: Written[] = []
  #present: readonly string[] = []
  #deleted: readonly string[] = []
  readonly #everDeleted = new Set<string>()
  #turn = 0

  constructor(server: CodraftServer, documentName: string) {
    this.client = new CountingClient(server.webSocketUrl, documentName)
  }

  get documentName(): string {
    return this.client.provider.roomname
  }

  /** Writes a token, or, every fifth time, deletes one of the last few. */
  write(): void {
    const { text, doc } = this.client
    const [oldest] = this.#present
    const at = oldest !== undefined && this.#turn++ % 5 === 4 ? text.toJSON().indexOf(oldest) : -1
    if (oldest !== undefined && at >= 0) {
      text.delete(at, oldest.length)
      this.#present = this.#present.slice(1)
      this.#deleted = [...this.#deleted, oldest].slice(-20)
      this.#everDeleted.add(oldest)
    } else {
      const token = `<${doc.clientID}.${this.#turn}>`
      // At an end, so never inside another token.
      text.insert(Math.random() < 0.5 ? 0 : text.length, token)
      this.#present = [...this.#present, token].slice(-20)
    }
    // Messages before the first token: the answer to the server's sync step 1.
    while (this.#written.length < this.client.sent - 1) this.#written.push(NOTHING)
    this.#written.push({
      clock: Y.getState(doc.store, doc.clientID),
      present: new Set(this.#present),
      deleted: new Set(this.#deleted),
    })
  }

  /** In what the stored document falls short of what the last ack promised: in nothing, it is to be hoped. */
  brokenPromises(stored: Y.Doc): string[] {
    const { clock, present, deleted } = this.#written[this.client.acked - 1] ?? NOTHING
    const text = stored.getText('text').toJSON()
    return [
      ...(Y.getState(stored.store, this.client.doc.clientID) < clock ? [`up to clock ${clock}`] : []),
      ...Array.from(present).filter((token) => !this.#everDeleted.has(token) && !text.includes(token)),
      ...Array.from(deleted).filter((token) => text.includes(token)),
    ]
  }
}

/** Kills a server at a random moment while several write into two documents, and returns what they were promised. */
async function killWhileWriting(server: CodraftServer, round: number): Promise<Writer[]> {
  const writers = Array.from(
    { length: WRITERS },
    (_, i) => new Writer(server, `doc-${Math.floor(round / 4)}-${i % 2}`),
  )
  await Promise.all(writers.map(({ client }) => client.synced()))
  const kill = new AbortController()
  const writing = (async () => {
    while (!kill.signal.aborted) {
      for (const writer of writers) writer.write()
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  await Promise.race(writers.map(({ client }) => client.saved()))
  // The one wait for time: the moment of the kill is to be random.
  await delay(Math.random() * 150)
  await server.signal('SIGKILL')
  kill.abort()
  await writing
  for (const { client } of writers) client.provider.disconnect()
  return writers
}

/** What befalls the server in each round, besides the kill. */
interface Fate {
  /** Called before each start; gives what the process is to have in its environment. */
  prepare(server: CodraftServer): Promise<Readonly<Record<string, string>>>
  /** Called when the process is dead. */
  befall(): Promise<void>
}

/** Lets it happen again and again, and checks each time that what was acked is there. */
async function expectNothingMissing(what: string, fate: Fate): Promise<void> {
  const server = await CodraftServer.start()
  let promised = 0
  for (let round = 0; round < KILLS; round++) {
    await server.signal('SIGTERM')
    await server.start(await fate.prepare(server))
    const writers = await killWhileWriting(server, round)
    await fate.befall()
    await server.start()
    for (const writer of writers) {
      const fresh = await new StockClient(server.webSocketUrl, writer.documentName).synced()
      expect(writer.brokenPromises(fresh.doc)).toEqual([])
      promised += writer.client.acked
      fresh.close()
      writer.client.close()
    }
  }
  await server.remove()
  expect(promised).toBeGreaterThan(0)
  console.log(`${KILLS} ${what}: ${promised} acked updates, none missing`)
}

test.describe(`after ${KILLS}`, () => {
  test.setTimeout(60_000 + KILLS * 8_000)

  test('kills while several write, nothing that was acked is missing', async () => {
    await expectNothingMissing('kills', {
      prepare: () => Promise.resolve({}),
      befall: () => Promise.resolve(),
    })
  })

  for (const [title, torn] of [
    ['none of what was not synced is left', false],
    ['a part of what was not synced is left', true],
  ] as const) {
    test(`power cuts in which ${title}, nothing that was acked is missing`, async () => {
      const tools = await mkdtemp(join(tmpdir(), 'codraft-power-cut-'))
      const library = await compilePowerCut(tools)
      test.skip(library === null, 'power cuts need Linux and a C compiler, cc')
      let power: Power | null = null
      await expectNothingMissing(`power cuts${torn ? ', torn' : ''}`, {
        prepare: async ({ dataDir }) => {
          power = await powerOn(library ?? '', dataDir)
          return power.env
        },
        befall: async () => power?.cut({ random: Math.random, torn }),
      })
      await rm(tools, { recursive: true })
    })
  }
})
