import { expect, test } from '@playwright/test'
import { CodraftServer } from '../support/codraft-server.ts'
import { StockClient } from '../support/stock-client.ts'

let server: CodraftServer
const clients: StockClient[] = []

test.beforeEach(async () => {
  server = await CodraftServer.start()
})
test.afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await server.remove()
})

async function join(documentName = 'doc'): Promise<StockClient> {
  const client = new StockClient(server.webSocketUrl, documentName)
  clients.push(client)
  return client.synced()
}

test.describe('y-websocket’s unmodified client', () => {
  test('writes with others and converges', async () => {
    const all = await Promise.all([join(), join(), join()])
    for (const [i, client] of all.entries()) for (let n = 0; n < 50; n++) client.text.insert(0, String(i))
    await Promise.all(all.map((client) => client.until(() => client.text.length === 150)))
    expect(new Set(all.map((client) => client.text.toJSON())).size).toBe(1)
  })

  test('sees who is there, and that they left', async () => {
    const [alice, bob] = await Promise.all([join(), join()])
    alice.provider.awareness.setLocalStateField('user', { name: 'Alice' })
    const { awareness } = bob.provider
    await expect
      .poll(() => awareness.getStates().get(alice.doc.clientID))
      .toEqual({ user: { name: 'Alice' }, userId: expect.any(String) as unknown })
    const carol = await join()
    await expect
      .poll(() => carol.provider.awareness.getStates().get(alice.doc.clientID))
      .toEqual({ user: { name: 'Alice' }, userId: expect.any(String) as unknown })
    alice.provider.destroy()
    await expect.poll(() => awareness.getStates().has(alice.doc.clientID)).toBe(false)
  })

  test('comes back by itself after a restart, and what was written meanwhile merges', async () => {
    const [alice, bob] = await Promise.all([join(), join()])
    alice.text.insert(0, 'before ')
    await bob.until(() => bob.text.toJSON() === 'before ')
    await server.signal('SIGTERM')
    alice.text.insert(7, 'alice ')
    bob.text.insert(7, 'bob ')
    await server.start()
    await Promise.all([alice, bob].map((client) => client.until(() => client.text.length === 17)))
    expect(alice.text.toJSON()).toBe(bob.text.toJSON())
  })

  test('is told for good that a document’s name is not legal', async () => {
    const client = new StockClient(server.webSocketUrl, 'a%00b')
    clients.push(client)
    const closed = await new Promise<{ code: number }>((resolve) => client.provider.once('closed', resolve))
    expect(closed.code).toBe(4404)
  })
})
