import { describe, expect, test } from 'vitest'
import { closeCodes } from '../../protocol/index.ts'
import { scrape } from './support/scrape.ts'
import { TestClient } from './support/test-client.ts'
import { startServer } from './support/test-server.ts'

describe('/metrics', () => {
  test('says how many sessions there are, of which kind, and how many documents', async () => {
    const server = await startServer()
    for (const [documentName, subprotocols] of [
      ['one', []],
      ['one', ['codraft.1']],
      ['two', ['codraft.1']],
    ] as const) {
      const client = await TestClient.connect(server.url, documentName, { subprotocols })
      await client.untilReceived('sync-step-2')
    }
    const metrics = await scrape(server)
    expect(metrics.value('codraft_sessions', { client: 'stock' })).toBe(1)
    expect(metrics.value('codraft_sessions', { client: 'codraft' })).toBe(2)
    expect(metrics.value('codraft_rooms', { state: 'resting' })).toBe(2)
  })

  test('counts what is written, and how long it takes to reach the others and the disk', async () => {
    const server = await startServer()
    const alice = await TestClient.connect(server.url, 'doc')
    const bob = await TestClient.connect(server.url, 'doc')
    await Promise.all([alice.untilSaved(), bob.untilSaved()])
    const before = await scrape(server)
    const grown = async (name: string): Promise<number> =>
      ((await scrape(server)).value(name) ?? 0) - (before.value(name) ?? 0)
    alice.text.insert(0, 'a')
    await alice.untilSaved()
    await bob.until(() => bob.text.toJSON() === 'a')
    expect(await grown('codraft_updates_received_total')).toBe(1)
    expect(await grown('codraft_updates_sent_total')).toBe(1)
    expect(await grown('codraft_relay_seconds_count')).toBe(1)
    expect(await grown('codraft_save_seconds_count')).toBe(1)
    const metrics = await scrape(server)
    expect(metrics.value('codraft_rooms', { state: 'live' })).toBe(1)
    expect(metrics.value('codraft_unsaved_updates')).toBe(0)
    expect(metrics.value('codraft_oldest_unsaved_seconds')).toBe(0)
  })

  test('counts how sockets closed, and no code that a client made up', async () => {
    const server = await startServer()
    const alice = await TestClient.connect(server.url, 'doc')
    alice.sendBytes('no protocol of ours')
    expect(await alice.untilClosed()).toBe(closeCodes.malformed)
    const bob = await TestClient.connect(server.url, 'doc')
    bob.socket.close(4999)
    await bob.untilClosed()
    await expect
      .poll(async () => (await scrape(server)).value('codraft_closes_total', { code: 'other' }))
      .toBe(1)
    const metrics = await scrape(server)
    expect(metrics.value('codraft_closes_total', { code: '4400' })).toBe(1)
    expect(metrics.value('codraft_closes_total', { code: '4999' })).toBe(undefined)
  })

  test('says what runs, and has a word of help for everything', async () => {
    const server = await startServer()
    const metrics = await scrape(server)
    expect(metrics.value('codraft_build_info', { version: '0.0.0', node: process.version })).toBe(1)
    expect(metrics.value('process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
    expect(metrics.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
    expect(metrics.withoutHelp()).toEqual([])
  })

  test('of one server has nothing of another in the same process', async () => {
    const [one, other] = [await startServer(), await startServer()]
    await (await TestClient.connect(one.url, 'doc')).untilReceived('sync-step-2')
    expect((await scrape(one)).value('codraft_rooms', { state: 'resting' })).toBe(1)
    expect((await scrape(other)).value('codraft_rooms', { state: 'resting' })).toBe(0)
  })

  test('is at a port of its own where the operator wants it there, and only there', async () => {
    const server = await startServer({ flags: { metricsPort: '0' } })
    expect(new URL(server.metricsUrl).port).not.toBe(new URL(server.url).port)
    expect((await scrape(server)).value('codraft_rooms', { state: 'resting' })).toBe(0)
    expect((await fetch(`${server.url}metrics`)).status).toBe(404)
    expect((await fetch(new URL('/', server.metricsUrl))).status).toBe(404)
    await server.stop()
    await expect(scrape(server)).rejects.toThrow('fetch failed')
  })
})
