import { describe, expect, test } from 'vitest'
import { closeCodes } from '../../protocol/index.ts'
import { ManualClock } from './support/manual-clock.ts'
import { TestClient } from './support/test-client.ts'
import { startServer } from './support/test-server.ts'

const stock = { subprotocols: [] }

/** A client's state as somebody else sees it. */
function stateOf(clientID: number, seenBy: TestClient): unknown {
  return JSON.parse(seenBy.awareness.get(clientID)?.state ?? 'null')
}

describe('presence', () => {
  test('is told whole to whoever comes, and to all when it changes', async () => {
    const { url } = await startServer()
    const alice = await TestClient.connect(url, 'doc')
    alice.announce(1, 0, { user: { name: 'Alice' } })
    await alice.roundTrip()
    const bob = await TestClient.connect(url, 'doc', stock)
    await bob.until(() => bob.awareness.has(1))
    expect(stateOf(1, bob)).toEqual({ user: { name: 'Alice' }, userId: alice.hello.user.id })
    alice.announce(1, 1, { user: { name: 'Alice B.' } })
    await bob.until(() => bob.awareness.get(1)?.clock === 1)
  })

  test('is told again to whoever asks', async () => {
    const { url } = await startServer()
    const alice = await TestClient.connect(url, 'doc')
    alice.announce(1, 0, {})
    await alice.roundTrip()
    const bob = await TestClient.connect(url, 'doc')
    await bob.until(() => bob.awareness.has(1))
    bob.awareness.clear()
    bob.send({ type: 'query-awareness' })
    await bob.until(() => bob.awareness.has(1))
  })

  test('is answered also when nobody is there', async () => {
    const { url } = await startServer()
    const alice = await TestClient.connect(url, 'doc')
    alice.send({ type: 'query-awareness' })
    await alice.untilReceived('awareness')
    expect(alice.last('awareness')?.entries).toEqual([])
  })

  test('ends with the socket', async () => {
    const { url } = await startServer()
    const alice = await TestClient.connect(url, 'doc')
    const bob = await TestClient.connect(url, 'doc')
    alice.announce(1, 7, {})
    await bob.until(() => bob.awareness.has(1))
    alice.socket.terminate()
    await bob.until(() => bob.awareness.get(1)?.state === null)
    expect(bob.awareness.get(1)?.clock).toBe(8)
  })

  test('of others is nobody’s to change', async () => {
    const { url } = await startServer()
    const alice = await TestClient.connect(url, 'doc')
    const bob = await TestClient.connect(url, 'doc')
    const mallory = await TestClient.connect(url, 'doc')
    alice.announce(1, 0, { name: 'Alice' })
    mallory.announce(2, 0, { name: 'Mallory' })
    await bob.until(() => bob.awareness.size === 2)
    mallory.announce(1, 99, { name: 'forged' })
    mallory.announce(1, 100, null)
    mallory.announce(2, 1, { name: 'done' })
    await bob.until(() => bob.awareness.get(2)?.clock === 1)
    expect(bob.awareness.get(1)?.clock).toBe(0)
    expect(stateOf(1, bob)).toEqual({ name: 'Alice', userId: alice.hello.user.id })
    expect(mallory.closeCode).toBeNull()
  })

  test('of one who comes back beside its own half-open connection is back at once, and stays when that ends', async () => {
    const { url } = await startServer()
    const bob = await TestClient.connect(url, 'doc')
    const alice = await TestClient.connect(url, 'doc')
    alice.announce(1, 0, { at: 'old' })
    await bob.until(() => bob.awareness.has(1))

    const again = await TestClient.connect(url, 'doc', { resume: alice.hello.resume })
    again.announce(1, 1, { at: 'new' })
    await bob.until(() => bob.awareness.get(1)?.clock === 1)
    expect(await alice.untilClosed()).toBe(closeCodes.replaced)
    again.announce(1, 2, { at: 'newer' })
    await bob.until(() => bob.awareness.get(1)?.clock === 2)
    expect(
      bob.received.flatMap((message) => (message.type === 'awareness' ? message.entries : [])),
    ).not.toContainEqual(expect.objectContaining({ clientID: 1, state: null }))
  })

  test('is not taken with a secret that is wrong', async () => {
    const { url } = await startServer()
    const bob = await TestClient.connect(url, 'doc')
    const alice = await TestClient.connect(url, 'doc')
    alice.announce(1, 0, {})
    await bob.until(() => bob.awareness.has(1))
    const mallory = await TestClient.connect(url, 'doc', { resume: 'guess' })
    mallory.announce(1, 5, { forged: true })
    await mallory.roundTrip()
    expect(alice.closeCode).toBeNull()
    alice.announce(1, 1, {})
    await bob.until(() => bob.awareness.get(1)?.clock === 1)
  })

  test('of a stock client that comes back goes to the newer connection', async () => {
    const { url } = await startServer()
    const bob = await TestClient.connect(url, 'doc', stock)
    const alice = await TestClient.connect(url, 'doc', stock)
    alice.announce(1, 3, {})
    await bob.until(() => bob.awareness.has(1))
    const again = await TestClient.connect(url, 'doc', stock)
    again.announce(1, 4, {})
    await bob.until(() => bob.awareness.get(1)?.clock === 4)
    alice.socket.terminate()
    again.announce(1, 5, {})
    await bob.until(() => bob.awareness.get(1)?.clock === 5)
    expect(stateOf(1, bob)).toEqual({ userId: expect.any(String) as string })
  })
})

describe('a connection on which nothing happens', () => {
  test('hears from the server before y-websocket would give it up', async () => {
    const clock = new ManualClock()
    const { url } = await startServer({ clock })
    const alice = await TestClient.connect(url, 'doc')
    const bob = await TestClient.connect(url, 'doc', stock)
    await clock.until(Promise.all([alice.untilReceived('sync-step-2'), bob.untilReceived('sync-step-2')]))
    await clock.advance(25_000)
    await alice.untilReceived('keep-alive')
    await bob.until(() => bob.last('awareness')?.entries.length === 0)
  })

  test('stays while its peer answers, and ends when it does not', async () => {
    const clock = new ManualClock()
    const { url } = await startServer({ clock })
    const alice = await TestClient.connect(url, 'doc')
    alice.announce(1, 0, {})
    const bob = await TestClient.connect(url, 'doc')
    await clock.until(bob.until(() => bob.awareness.has(1)))
    alice.socket.pause()
    for (let i = 0; i < 20 && bob.awareness.get(1)?.state !== null; i++) {
      await clock.advance(5_000)
      await clock.until(bob.roundTrip())
    }
    await clock.until(bob.until(() => bob.awareness.get(1)?.state === null))
    expect(bob.closeCode).toBeNull()
  })
})
