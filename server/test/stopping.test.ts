import { describe, expect, test } from 'vitest'
import { closeCodes } from '../../protocol/index.ts'
import type { Flags } from '../settings.ts'
import type { RunningServer } from '../serve.ts'
import { HeldLog } from './support/held-log.ts'
import { TestClient } from './support/test-client.ts'
import { startServer } from './support/test-server.ts'

/** A server whose storage is the test's to break, with somebody who has written what is saved. */
async function start(flags: Flags = {}): Promise<{ server: RunningServer; log: HeldLog; alice: TestClient }> {
  const log = new HeldLog()
  const server = await startServer({ log, flags })
  const alice = await TestClient.connect(server.url, 'doc')
  alice.text.insert(0, 'saved')
  await alice.untilSaved()
  return { server, log, alice }
}

async function readiness({ url }: RunningServer): Promise<unknown> {
  const response = await fetch(`${url}readyz`)
  return { status: response.status, body: await response.json() }
}

describe('a server that stops', () => {
  test('saves everything, acks it, and tells its clients to come back', async () => {
    const { server, log, alice } = await start()
    log.isHeld = true
    alice.text.insert(0, 'last words')
    await alice.roundTrip()
    const stopped = server.stop()
    log.release()
    expect(await stopped).toEqual({ unsaved: [], isStorageClosed: true })
    expect(await alice.untilClosed()).toBe(closeCodes.goingAway)
    expect(alice.acked).toBe(alice.sent)
  })

  test('takes nobody new, and says why, while it saves', async () => {
    const { server, log, alice } = await start()
    log.isHeld = true
    alice.text.insert(0, 'last words')
    await alice.roundTrip()
    const stopped = server.stop()
    const bob = await TestClient.connect(server.url, 'doc')
    expect(await bob.untilClosed()).toBe(closeCodes.goingAway)
    expect(await readiness(server)).toMatchObject({
      status: 503,
      body: { reason: 'the server is stopping', oldestUnsavedSeconds: expect.any(Number) as number },
    })
    log.release()
    await stopped
  })

  test('saves what still arrives while it saves', async () => {
    const { server, log, alice } = await start()
    log.isHeld = true
    alice.text.insert(0, 'a')
    await alice.roundTrip()
    const stopped = server.stop()
    alice.text.insert(0, 'b')
    await alice.roundTrip()
    log.release()
    expect(await stopped).toEqual({ unsaved: [], isStorageClosed: true })
    expect(alice.acked).toBe(alice.sent)
  })

  test('does not send all its clients away at once', async () => {
    const { server } = await start()
    const clients = await Promise.all(
      Array.from({ length: 100 }, () => TestClient.connect(server.url, 'doc')),
    )
    await Promise.all(clients.map((client) => client.untilSaved()))
    const stopped = server.stop()
    await Promise.race(clients.map((client) => client.untilClosed()))
    expect(clients.filter(({ closeCode }) => closeCode === null).length).toBeGreaterThan(50)
    // Those who are still there are still served.
    const last = clients.at(-1)
    last?.text.insert(0, 'while others leave')
    await stopped
    expect(new Set(clients.map(({ closeCode }) => closeCode))).toEqual(new Set([closeCodes.goingAway]))
    expect(last?.acked).toBe(last?.sent)
  })

  test.each(['hangs', 'fails'] as const)(
    'ends in its time while the storage %s, and names what is not saved',
    async (trouble) => {
      const { server, log, alice } = await start({ shutdownTimeout: '400ms' })
      if (trouble === 'hangs') log.isHeld = true
      else log.isBroken = true
      alice.text.insert(0, 'lost?')
      await alice.roundTrip()
      const bob = await TestClient.connect(server.url, 'other')
      expect(server.unsaved()).toEqual(['doc'])
      expect(await server.stop()).toEqual({ unsaved: ['doc'], isStorageClosed: false })
      for (const client of [alice, bob]) {
        // Bob's document cannot be loaded either.
        expect([closeCodes.goingAway, closeCodes.documentUnavailable]).toContain(await client.untilClosed())
      }
      expect(alice.acked).toBeLessThan(alice.sent)
      log.isBroken = false
      log.release()
    },
  )

  test('cuts off who does not answer that it is closed', async () => {
    const { server, alice } = await start({ shutdownTimeout: '400ms' })
    alice.socket.pause()
    expect(await server.stop()).toEqual({ unsaved: [], isStorageClosed: true })
  })

  test('stops once, however often it is told to', async () => {
    const { server } = await start()
    expect(server.stop()).toBe(server.stop())
    await server.stop()
  })
})

describe('readiness', () => {
  test('names the reason and the age of the oldest unsaved edit while storage fails, and ends with that', async () => {
    const { server, log, alice } = await start()
    expect(await readiness(server)).toEqual({ status: 200, body: { status: 'ready' } })
    log.isBroken = true
    alice.text.insert(0, 'a')
    await expect
      .poll(() => readiness(server))
      .toEqual({
        status: 503,
        body: {
          status: 'unready',
          reason: 'the storage does not take what is written in 1 document(s)',
          oldestUnsavedSeconds: expect.any(Number) as number,
        },
      })
    log.isBroken = false
    await alice.untilSaved()
    expect(await readiness(server)).toEqual({ status: 200, body: { status: 'ready' } })
  })
})
