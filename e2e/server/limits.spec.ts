import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from '@playwright/test'
import { CodraftServer } from '../support/codraft-server.ts'
import { StockClient } from '../support/stock-client.ts'

/** Resolves with the code with which y-websocket gives up a connection for good. */
async function givenUp({ provider }: StockClient): Promise<number> {
  return new Promise((resolve) => {
    provider.once('closed', ({ code }: { readonly code: number }) => resolve(code))
  })
}

/** Resolves with the code of the next close, after which it may come again. */
async function nextClose({ provider }: StockClient): Promise<number> {
  return new Promise((resolve) => {
    provider.once('connection-close', (event) => resolve(event?.code ?? 0))
  })
}

test.describe("y-websocket's own clients", () => {
  let server: CodraftServer
  const clients: StockClient[] = []
  const start = async (...args: readonly string[]): Promise<void> => {
    server = await CodraftServer.start({ args: ['--log-level', 'error', ...args] })
  }
  const client = (documentName: string): StockClient => {
    const made = new StockClient(server.webSocketUrl, documentName)
    clients.push(made)
    return made
  }
  test.afterEach(async () => {
    for (const each of clients.splice(0)) each.close()
    await server.remove()
  })

  /** Two who write in two documents go on as if nothing had happened. */
  const bystanders = async (): Promise<() => Promise<void>> => {
    const [alice, bob] = [await client('shared').synced(), await client('shared').synced()]
    let closes = 0
    for (const { provider } of [alice, bob]) provider.on('connection-close', () => closes++)
    return async () => {
      alice.text.insert(0, 'still here ')
      await bob.until(() => bob.text.toJSON() === alice.text.toJSON())
      expect(closes).toBe(0)
    }
  }

  test('give up with what is too long for a message', async () => {
    await start('--max-message-bytes', '64k')
    const othersGoOn = await bystanders()
    const mallory = await client('shared').synced()
    const closed = givenUp(mallory)
    mallory.text.insert(0, 'x'.repeat(70_000))
    expect(await closed).toBe(4413)
    await othersGoOn()
  })

  test('give up with what is too long for a state of awareness', async () => {
    await start('--max-awareness-bytes', '1k')
    const othersGoOn = await bystanders()
    const mallory = await client('shared').synced()
    const closed = givenUp(mallory)
    mallory.provider.awareness.setLocalState({ name: 'x'.repeat(2_000) })
    expect(await closed).toBe(4413)
    await othersGoOn()
  })

  test('give up where the document is full', async () => {
    await start('--max-document-bytes', '64k')
    const othersGoOn = await bystanders()
    const mallory = await client('shared').synced()
    const closed = givenUp(mallory)
    mallory.text.insert(0, 'x'.repeat(70_000))
    expect(await closed).toBe(4414)
    await othersGoOn()
  })

  test('come again by themselves where there are too many, and get in when somebody has left', async () => {
    await start('--max-sessions-per-document', '3')
    const othersGoOn = await bystanders()
    const carol = await client('shared').synced()
    const dave = client('shared')
    expect(await nextClose(dave)).toBe(4529)
    await othersGoOn()
    carol.close()
    await dave.synced()
    await othersGoOn()
  })

  test('are not troubled by a request that never ends', async () => {
    await start('--auth-timeout', '300ms')
    const othersGoOn = await bystanders()
    const { port, hostname } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.write('GET /collab/shared HTTP/1.1\r\nHost: x\r\n')
    socket.resume()
    await once(socket, 'close')
    await othersGoOn()
  })

  test('are read more slowly when they write faster than they may, and lose nothing', async () => {
    await start('--max-updates-per-second', '200')
    const othersGoOn = await bystanders()
    const [carol, dave] = [await client('busy').synced(), await client('busy').synced()]
    for (let i = 0; i < 600; i++) carol.text.insert(i, 'x')
    await othersGoOn()
    await dave.until(() => dave.text.length === 600)
  })
})
