// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Client, synced } from './connected-client.ts'
import { FakeServer } from './fake-server.ts'

describe('a connection in a page', () => {
  let server: FakeServer
  let client: Client
  const stored = new Y.Doc()

  beforeEach(async () => {
    server = await FakeServer.start()
    client = new Client(server)
    await synced(server, client, stored)
  })

  afterEach(async () => {
    client.close()
    await server.close()
  })

  it('is lost when the network goes, and tries at once when it is back', async () => {
    window.dispatchEvent(new Event('offline'))
    expect(client.connection.status).toEqual({ kind: 'connecting', attempt: 1 })
    client.timers.pass(29_999)
    expect(client.connection.status).toEqual({ kind: 'connecting', attempt: 1 })
    window.dispatchEvent(new Event('online'))
    await synced(server, client, stored)
  })

  it('tries at once when the page is seen again', async () => {
    window.dispatchEvent(new Event('offline'))
    document.dispatchEvent(new Event('visibilitychange'))
    await synced(server, client, stored)
    expect(client.connection.status.kind).toBe('synced')
  })

  it('waits no longer than ever for the next time once it is back', async () => {
    window.dispatchEvent(new Event('offline'))
    client.connection.retry()
    const session = await synced(server, client, stored)
    session.terminate()
    await client.untilStatus('connecting')
    client.timers.pass(1_000)
    await synced(server, client, stored)
  })

  it('no longer listens once closed', () => {
    client.connection.close()
    window.dispatchEvent(new Event('online'))
    window.dispatchEvent(new Event('offline'))
    expect(client.connection.status).toEqual({ kind: 'closed' })
  })
})
