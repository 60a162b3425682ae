import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { closeCodes } from '../../protocol/index.ts'
import type { RunningServer } from '../serve.ts'
import type { Flags } from '../settings.ts'
import { HeldLog } from './support/held-log.ts'
import { scrape } from './support/scrape.ts'
import { TestClient, type TestClientOptions } from './support/test-client.ts'
import { startServer } from './support/test-server.ts'

/** A server with low limits, and two people in two documents who are not to notice when somebody meets one. */
class Scene {
  readonly server: RunningServer
  readonly log: HeldLog
  readonly #alice: TestClient
  readonly #bob: TestClient

  static async open(flags: Flags): Promise<Scene> {
    const log = new HeldLog()
    const server = await startServer({ flags, log })
    const [alice, bob] = [
      await TestClient.connect(server.url, 'shared'),
      await TestClient.connect(server.url, 'elsewhere'),
    ]
    await Promise.all([alice.untilSaved(), bob.untilSaved()])
    return new Scene(server, log, alice, bob)
  }

  private constructor(server: RunningServer, log: HeldLog, alice: TestClient, bob: TestClient) {
    this.server = server
    this.log = log
    this.#alice = alice
    this.#bob = bob
  }

  /** Somebody else comes to the document where Alice is. */
  async comes(options: TestClientOptions = {}): Promise<TestClient> {
    const client = await TestClient.connect(this.server.url, 'shared', options)
    if (options.isSyncing !== false) await client.until(() => client.closeCode !== null || client.acked > 0)
    return client
  }

  /** Waits until what Alice and Bob write is saved, each on the connection that they had all along. */
  async othersGoOn(): Promise<void> {
    for (const person of [this.#alice, this.#bob]) {
      person.text.insert(0, 'still here ')
      await person.until(() => person.closeCode !== null || person.acked === person.sent)
      if (person.closeCode !== null) throw new Error(`somebody else was closed with ${person.closeCode}`)
    }
  }

  get alice(): TestClient {
    return this.#alice
  }

  async hasMet(limit: string): Promise<number> {
    return (await scrape(this.server)).value('codraft_limits_met_total', { limit }) ?? 0
  }

  async hasClosed(code: number): Promise<number> {
    return (await scrape(this.server)).value('codraft_closes_total', { code: String(code) }) ?? 0
  }
}

/** Writes to the network what ws would not. */
function networkOf(client: TestClient): Socket {
  // oxlint-disable-next-line eslint/no-underscore-dangle -- ws hands out its socket in no other way
  return (client.socket as unknown as { _socket: Socket })._socket
}

/** What the server has said of the document's size; null if nothing. */
async function toldSize(client: TestClient): Promise<{ bytes: number; limit: number } | null> {
  await client.roundTrip()
  const event = client.last('event')?.event
  return event?.type === 'document' ? event : null
}

describe('the size of a message', () => {
  test('closes who exceeds it, for good', async () => {
    const scene = await Scene.open({ maxMessageBytes: '64k' })
    const mallory = await scene.comes()
    expect(mallory.hello.limits.messageBytes).toBe(65_536)
    mallory.text.insert(0, 'x'.repeat(70_000))
    expect(await mallory.untilClosed()).toBe(closeCodes.tooLarge)
    await scene.othersGoOn()
    expect(await scene.hasMet('max-message-bytes')).toBe(1)
    expect(await scene.hasClosed(closeCodes.tooLarge)).toBe(1)
    expect((await scene.comes()).text.toJSON()).not.toContain('x')
  })
})

describe('the size of a document', () => {
  test('refuses for good what would exceed it, and still takes what deletes', async () => {
    const scene = await Scene.open({ maxDocumentBytes: '64k' })
    const carol = await scene.comes()
    carol.text.insert(0, 'x'.repeat(40_000))
    await carol.untilSaved()
    const mallory = await scene.comes()
    mallory.text.insert(0, 'y'.repeat(30_000))
    mallory.text.insert(0, 'z')
    expect(await mallory.untilClosed()).toBe(closeCodes.documentTooLarge)
    expect(mallory.last('refused')).toMatchObject({ code: 'document-too-large', index: mallory.sent - 1 })
    await scene.othersGoOn()
    carol.text.insert(0, 'v'.repeat(20_000))
    await carol.untilSaved()
    expect(scene.alice.text.toJSON()).toMatch(/^v+still here x+$/)
    carol.text.insert(0, 'w'.repeat(6_000))
    expect(await carol.untilClosed()).toBe(closeCodes.documentTooLarge)
    // On a connection that has carried nothing that was refused.
    scene.alice.text.delete(0, 20_000)
    await scene.alice.untilSaved()
    expect(scene.alice.closeCode).toBe(null)
    expect(await scene.hasMet('max-document-bytes')).toBe(2)
    const refusals = (await scrape(scene.server)).value('codraft_refusals_total', {
      code: 'document-too-large',
    })
    expect(refusals).toBe(2)
  })

  test('is told once at four fifths of it, and to those who come then', async () => {
    const scene = await Scene.open({ maxDocumentBytes: '64k' })
    expect(await toldSize(scene.alice)).toBe(null)
    const carol = await scene.comes()
    const stock = await scene.comes({ subprotocols: [], isSyncing: false })
    carol.text.insert(0, 'x'.repeat(53_000))
    await carol.untilSaved()
    carol.text.insert(0, 'y')
    await carol.untilSaved()
    const { bytes, limit } = (await toldSize(scene.alice)) ?? { bytes: 0, limit: 0 }
    expect(limit).toBe(65_536)
    expect(bytes).toBeGreaterThan(53_000)
    expect(scene.alice.count('event')).toBe(1)
    expect(await toldSize(await scene.comes())).toMatchObject({ limit })
    expect(stock.count('event')).toBe(0)
  })

  test('lets one whose content is known come to a full document', async () => {
    const scene = await Scene.open({ maxDocumentBytes: '64k' })
    const carol = await scene.comes()
    carol.text.insert(0, 'x'.repeat(60_000))
    await carol.untilSaved()
    carol.send({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(carol.doc) })
    await carol.untilSaved()
    expect(carol.closeCode).toBe(null)
  })
})

describe('the size of an awareness state', () => {
  test('closes who exceeds it, for good, and nobody sees the state', async () => {
    const scene = await Scene.open({ maxAwarenessBytes: '1k' })
    const mallory = await scene.comes()
    mallory.announce(7, 1, { name: 'é'.repeat(600) })
    expect(await mallory.untilClosed()).toBe(closeCodes.tooLarge)
    await scene.othersGoOn()
    expect(scene.alice.awareness.get(7)?.state ?? null).toBe(null)
    expect(await scene.hasMet('max-awareness-bytes')).toBe(1)
  })

  test('lets pass what is just as long', async () => {
    const scene = await Scene.open({ maxAwarenessBytes: '1k' })
    const carol = await scene.comes()
    carol.announce(7, 1, { name: 'x'.repeat(1024 - '{"name":""}'.length) })
    await scene.alice.until(() => scene.alice.awareness.has(7))
    expect(await scene.hasMet('max-awareness-bytes')).toBe(0)
  })
})

describe('the length of a name', () => {
  test('closes who exceeds it, for good', async () => {
    const scene = await Scene.open({})
    const mallory = new TestClient(`${scene.server.url.replace('http', 'ws')}collab/${'x'.repeat(201)}`)
    expect(await mallory.untilClosed()).toBe(closeCodes.noSuchDocument)
    await scene.othersGoOn()
    expect(await scene.hasClosed(closeCodes.noSuchDocument)).toBe(1)
  })
})

describe('the number of sessions', () => {
  test.each([
    ['in all', 'max-sessions', { maxSessions: '3' }],
    ['of one document', 'max-sessions-per-document', { maxSessionsPerDocument: '2' }],
    ['of one address', 'max-sessions-per-address', { maxSessionsPerAddress: '3' }],
  ] as const)('%s turns away the next until somebody leaves', async (_what, limit, flags) => {
    const scene = await Scene.open(flags)
    const carol = await scene.comes()
    expect(carol.closeCode).toBe(null)
    const dave = await scene.comes()
    expect(await dave.untilClosed()).toBe(closeCodes.tooManySessions)
    expect(dave.received).toEqual([])
    expect(await scene.hasMet(limit)).toBe(1)
    expect(await scene.hasClosed(closeCodes.tooManySessions)).toBe(1)
    await scene.othersGoOn()
    carol.socket.close()
    await carol.untilClosed()
    await expect.poll(async () => (await scene.comes()).closeCode).toBe(null)
  })

  test('of one address goes by what a trusted proxy says', async () => {
    const scene = await Scene.open({ maxSessionsPerAddress: '2', trustProxy: '1' })
    const codesFrom = async (...addresses: string[]): Promise<(number | null)[]> => {
      const codes: (number | null)[] = []
      for (const address of addresses) {
        const headers = { 'x-forwarded-for': `192.0.2.66, ${address}` }
        codes.push((await scene.comes({ headers })).closeCode)
      }
      return codes
    }
    const { tooManySessions } = closeCodes
    const one = '203.0.113.1'
    expect(await codesFrom(one, one, one)).toEqual([null, null, tooManySessions])
    const network = ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1']
    expect(await codesFrom(...network)).toEqual([null, null, tooManySessions, null])
  })

  test('is exact however sessions end', async () => {
    const server = await startServer({ flags: { maxMessageBytes: '64k', maxSessionsPerDocument: '12' } })
    const ends: ((client: TestClient) => void)[] = [
      (client) => client.socket.close(),
      (client) => client.socket.terminate(),
      (client) => networkOf(client).resetAndDestroy(),
      (client) => networkOf(client).end(),
      (client) => client.sendBytes('no message'),
      (client) => client.sendBytes(new Uint8Array(70_000)),
      (client) => void networkOf(client).write(Buffer.of(0xff, 0xff, 0xff)),
      (client) => {
        client.sendBytes(Uint8Array.of(77))
        client.socket.terminate()
      },
    ]
    for (let round = 0; round < 6; round++) {
      const clients = await Promise.all(
        Array.from({ length: 12 }, () => TestClient.connect(server.url, 'doc')),
      )
      // Some before their document is there, and some after.
      if (round % 2 === 0) await Promise.all(clients.map((client) => client.untilReceived('sync-step-2')))
      expect(await (await TestClient.connect(server.url, 'doc')).untilClosed()).toBe(
        closeCodes.tooManySessions,
      )
      clients.forEach((client, i) => ends[(i + round) % ends.length]?.(client))
      await Promise.all(clients.map((client) => client.untilClosed()))
      await expect
        .poll(async () => (await scrape(server)).value('codraft_sessions', { client: 'codraft' }))
        .toBe(0)
    }
  })
})

describe('the number of connections', () => {
  test('leaves those unanswered that come beyond it', async () => {
    const scene = await Scene.open({ maxSessions: '2' })
    const { port, hostname } = new URL(scene.server.url)
    const sockets = Array.from({ length: 1_010 }, () => connect(Number(port), hostname))
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy()
    })
    await Promise.race(
      sockets.map((socket) =>
        once(
          socket.on('error', () => {}),
          'close',
        ),
      ),
    )
    await scene.othersGoOn()
    for (const socket of sockets) socket.destroy()
    await expect.poll(() => scene.hasMet('max-connections').catch(() => 0)).toBeGreaterThan(0)
  })
})

describe('the rate of messages', () => {
  test('slows down who exceeds it, and loses nothing', async () => {
    const scene = await Scene.open({ maxUpdatesPerSecond: '200' })
    const carol = await scene.comes()
    for (let i = 0; i < 500; i++) carol.text.insert(i, 'x')
    await scene.othersGoOn()
    await carol.untilSaved()
    expect(carol.closeCode).toBe(null)
    expect(await scene.hasMet('max-updates-per-second')).toBeGreaterThan(0)
    await scene.alice.until(() => scene.alice.text.toJSON().includes('x'.repeat(500)))
  })

  test('counts what is no update as well', async () => {
    const scene = await Scene.open({ maxUpdatesPerSecond: '50' })
    const mallory = await scene.comes()
    for (let i = 0; i < 120; i++) mallory.send({ type: 'query-awareness' })
    await mallory.until(() => mallory.count('awareness') === 120)
    await scene.othersGoOn()
    expect(await scene.hasMet('max-updates-per-second')).toBeGreaterThan(0)
  })
})

describe('the time that a connection has to become a session', () => {
  test.each([
    ['says nothing', ''],
    ['sends half a request', 'GET /collab/doc HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n'],
  ])('ends one that %s', async (_what, beginning) => {
    const scene = await Scene.open({ authTimeout: '300ms' })
    const { port, hostname } = new URL(scene.server.url)
    const socket = connect(Number(port), hostname)
    socket.write(beginning)
    socket.resume()
    await once(socket, 'close')
    await scene.othersGoOn()
    expect(await scene.hasMet('auth-timeout')).toBe(1)
  })

  test.each([[['codraft.1']], [[]]])('ends a WebSocket of %j that says nothing', async (subprotocols) => {
    const scene = await Scene.open({ authTimeout: '200ms' })
    const mallory = await scene.comes({ isSyncing: false, subprotocols })
    expect(await mallory.untilClosed()).toBe(closeCodes.tooSlow)
    await scene.othersGoOn()
    expect(await scene.hasMet('auth-timeout')).toBe(1)
    expect(await scene.hasClosed(closeCodes.tooSlow)).toBe(1)
  })

  test('ends one whose document does not come, which may come again', async () => {
    const scene = await Scene.open({ authTimeout: '200ms' })
    scene.log.isHeld = true
    const carol = await TestClient.connect(scene.server.url, 'slow to load')
    expect(await carol.untilClosed()).toBe(closeCodes.documentUnavailable)
    expect(await scene.hasMet('auth-timeout')).toBe(1)
    scene.log.release()
    await scene.othersGoOn()
    const again = await TestClient.connect(scene.server.url, 'slow to load')
    await again.untilSaved()
  })
})

describe('the time that a message has to arrive', () => {
  test.each([
    ['a message whose length is promised', Buffer.of(0x82, 0xfe, 0x10, 0x00, 1, 2, 3, 4, 0x82)],
    ['half a header', Buffer.of(0x82)],
    ['the first fragment of a message', Buffer.of(0x02, 0x80, 1, 2, 3, 4)],
  ])('closes who sends %s and no more', async (_what, beginning) => {
    const scene = await Scene.open({ frameTimeout: '400ms' })
    const mallory = await scene.comes()
    networkOf(mallory).write(beginning)
    expect(await mallory.untilClosed()).toBe(closeCodes.tooSlow)
    await scene.othersGoOn()
    expect(await scene.hasMet('frame-timeout')).toBe(1)
    expect(await scene.hasClosed(closeCodes.tooSlow)).toBe(1)
  })

  test('is not that of the server, which may rest from reading meanwhile', async () => {
    const scene = await Scene.open({ frameTimeout: '500ms', maxUpdatesPerSecond: '100' })
    const carol = await scene.comes()
    // More than a second's worth, the last of it longer than what is read at once.
    for (let i = 0; i < 250; i++) carol.text.insert(i, 'x')
    carol.text.insert(250, 'y'.repeat(1_000_000))
    await carol.untilSaved()
    expect(carol.closeCode).toBe(null)
    expect(await scene.hasMet('frame-timeout')).toBe(0)
  })
})

describe('what is kept for a client that does not read', () => {
  test('is bounded; it catches up when it reads again', async () => {
    const scene = await Scene.open({ maxBacklog: '64k' })
    const slow = await scene.comes()
    slow.socket.pause()
    const writesMuch = async (): Promise<number> => {
      scene.alice.text.insert(0, 'x'.repeat(1_000_000))
      await scene.alice.untilSaved()
      return scene.hasMet('max-backlog')
    }
    // The operating system takes some of it.
    await expect.poll(writesMuch, { timeout: 20_000 }).toBe(1)
    expect((await scrape(scene.server)).value('codraft_backlog_bytes')).toBeGreaterThan(65_536)
    await scene.othersGoOn()
    slow.socket.resume()
    await slow.until(() => slow.text.toJSON() === scene.alice.text.toJSON())
    expect(slow.closeCode).toBe(null)
  })
})

describe('what is taken and not on disk', () => {
  test('is bounded: beyond it writers are to come again, and then lose nothing', async () => {
    const scene = await Scene.open({ maxUnsavedBytes: '64k' })
    scene.log.isHeld = true
    const carol = await scene.comes()
    scene.alice.text.insert(0, 'x'.repeat(70_000))
    await carol.until(() => carol.text.length > 0)
    carol.text.insert(0, 'one too many')
    expect(await carol.untilClosed()).toBe(closeCodes.storageFailing)
    expect(carol.acked).toBeLessThan(carol.sent)
    expect(await scene.hasMet('max-unsaved-bytes')).toBe(1)
    const metrics = await scrape(scene.server)
    expect(metrics.value('codraft_unsaved_bytes')).toBeGreaterThan(70_000)
    expect(metrics.value('codraft_oldest_unsaved_seconds')).toBeGreaterThan(0)
    scene.log.release()
    await scene.alice.untilSaved()
    const again = await scene.comes({ doc: carol.doc })
    await again.untilSaved()
    await scene.alice.until(() => scene.alice.text.toJSON().startsWith('one too many'))
    expect(Y.encodeStateVector(again.doc)).toEqual(Y.encodeStateVector(scene.alice.doc))
  })
})
