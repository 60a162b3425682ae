import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { closeCodes, encodeMessage } from '../../protocol/index.ts'
import { HeldLog } from './support/held-log.ts'
import { poisonousUpdate } from './support/poison.ts'
import { TestClient } from './support/test-client.ts'
import { startServer } from './support/test-server.ts'

async function joined(url: string, documentName: string): Promise<TestClient> {
  const client = await TestClient.connect(url, documentName)
  await client.untilReceived('sync-step-2')
  return client
}

describe('a session', () => {
  test('is greeted, asked for what it has, and given what it lacks', async () => {
    const { url } = await startServer()
    const alice = await TestClient.connect(url, 'doc')
    await alice.untilReceived('sync-step-2')
    expect(alice.socket.protocol).toBe('codraft.1')
    expect(alice.received.slice(0, 2).map(({ type }) => type)).toEqual(['hello', 'sync-step-1'])
    expect(alice.hello).toMatchObject({ role: 'editor', document: { form: 'text', version: 1 } })
  })

  test('is told the form of a document that is there, also one that it waited for', async () => {
    const log = new HeldLog()
    const { url } = await startServer({ log })
    const [tree, later] = [await TestClient.connect(url, 'tree'), await TestClient.connect(url, 'later')]
    tree.doc.getXmlFragment('prosemirror').insert(0, [new Y.XmlElement('paragraph')])
    later.doc.transact(() => {
      later.text.insert(0, 'a')
      later.doc.getMap('codraft').set('version', 2)
      later.doc.getMap('codraft').set('form', 'text')
    })
    await Promise.all([tree.untilSaved(), later.untilSaved()])
    const { url: restarted } = await startServer({ log })
    const forms = ['tree', 'later'].map(async (documentName) => {
      const { hello } = await joined(restarted, documentName)
      return hello.document
    })
    expect(await Promise.all(forms)).toEqual([
      { form: 'xml', version: 1 },
      { form: 'text', version: 2 },
    ])
  })

  test('of a stock client hears of plain y-websocket only', async () => {
    const { url } = await startServer()
    const alice = await TestClient.connect(url, 'doc', { subprotocols: [] })
    const bob = await TestClient.connect(url, 'doc')
    alice.text.insert(0, 'a')
    await bob.until(() => bob.text.toJSON() === 'a')
    bob.text.insert(1, 'b')
    await alice.until(() => alice.text.toJSON() === 'ab')
    expect(new Set(alice.received.map(({ type }) => type))).toEqual(
      new Set(['sync-step-1', 'sync-step-2', 'update']),
    )
  })

  test('sees what the others write, and what was written before it came', async () => {
    const { url } = await startServer()
    const alice = await TestClient.connect(url, 'doc')
    const bob = await TestClient.connect(url, 'doc')
    alice.text.insert(0, 'hello')
    await bob.until(() => bob.text.toJSON() === 'hello')
    const carol = await TestClient.connect(url, 'doc')
    await carol.until(() => carol.text.toJSON() === 'hello')
  })

  test('sees nothing of other documents', async () => {
    const { url } = await startServer()
    const alice = await TestClient.connect(url, 'one')
    const bob = await TestClient.connect(url, 'two')
    alice.text.insert(0, 'secret')
    await alice.untilSaved()
    await bob.roundTrip()
    expect(bob.text.toJSON()).toBe('')
  })
})

describe('an ack', () => {
  test('comes only when the log has the update, while others see it at once', async () => {
    const log = new HeldLog()
    const { url } = await startServer({ log })
    const alice = await TestClient.connect(url, 'doc')
    const bob = await TestClient.connect(url, 'doc')
    await alice.untilSaved()
    const before = alice.acked
    log.isHeld = true
    alice.text.insert(0, 'a')
    await bob.until(() => bob.text.toJSON() === 'a')
    await alice.roundTrip()
    expect(alice.acked).toBe(before)
    log.release()
    await alice.until(() => alice.acked === before + 1)
  })

  test('counts a message that changes nothing once what came before it is saved', async () => {
    const log = new HeldLog()
    const { url } = await startServer({ log })
    const alice = await TestClient.connect(url, 'doc')
    const bob = await TestClient.connect(url, 'doc')
    await Promise.all([alice.untilSaved(), bob.untilSaved()])
    log.isHeld = true
    alice.text.insert(0, 'a')
    await bob.until(() => bob.text.toJSON() === 'a')
    const before = bob.acked
    bob.send({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(bob.doc) })
    await bob.roundTrip()
    expect(bob.acked).toBe(before)
    log.release()
    await bob.until(() => bob.acked === before + 1)
  })

  test('comes without another keystroke when a broken disk recovers, and readiness says so meanwhile', async () => {
    const log = new HeldLog()
    const { url } = await startServer({ log })
    const alice = await TestClient.connect(url, 'doc')
    await alice.untilSaved()
    log.isBroken = true
    alice.text.insert(0, 'a')
    await expect.poll(async () => (await fetch(`${url}readyz`)).status).toBe(503)
    expect(alice.acked).toBeLessThan(alice.sent)
    log.isBroken = false
    await alice.untilSaved()
    expect((await fetch(`${url}readyz`)).status).toBe(200)
    expect((await log.load('doc')).entries).toHaveLength(1)
  })

  test('never passes an update whose dependencies are missing, which is asked for and logged', async () => {
    const log = new HeldLog()
    const { url } = await startServer({ log })
    const alice = await TestClient.connect(url, 'doc', { isSyncing: false })
    const [first, second] = twoDependentUpdates()
    alice.send({ type: 'update', update: second })
    await alice.until(() => alice.count('sync-step-1') === 2)
    expect((await log.load('doc')).entries).toHaveLength(1)
    expect(alice.acked).toBe(0)
    alice.send({ type: 'update', update: first })
    await alice.until(() => alice.acked === 2)
  })
})

describe('an update that misses its dependency', () => {
  test('is asked for once, told to nobody, and reaches all when the dependency comes from somebody else', async () => {
    const log = new HeldLog()
    const { url } = await startServer({ log })
    const [first, second] = twoDependentUpdates()
    const bob = await TestClient.connect(url, 'doc', { isSyncing: false })
    bob.send({ type: 'update', update: second })
    await bob.until(() => bob.count('sync-step-1') === 2)

    const alice = await TestClient.connect(url, 'doc')
    await alice.untilSaved()
    alice.text.insert(0, '')
    await alice.roundTrip()
    expect(alice.doc.store.pendingStructs).toBeNull()
    expect((await log.load('doc')).entries).toHaveLength(1)

    // As a stock client would that had it from elsewhere; its own text has what was set free.
    Y.applyUpdate(alice.doc, first)
    await alice.until(() => alice.text.toJSON() === 'ab')
    await bob.until(() => bob.acked === 1)
    expect((await log.load('doc')).entries).toHaveLength(2)
  })
})

/** Two updates of one client, the second of which builds on the first. */
function twoDependentUpdates(): [Uint8Array, Uint8Array] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  doc.getText('text').insert(0, 'a')
  doc.getText('text').insert(1, 'b')
  const [first, second] = updates
  if (first === undefined || second === undefined) throw new Error('two updates were expected')
  return [first, second]
}

describe('what is wrong closes the one who sent it and reaches nobody', () => {
  test.each<[string, Uint8Array | string, number]>([
    ['a text frame', 'hello', closeCodes.malformed],
    ['an unknown type', Uint8Array.of(77), closeCodes.malformed],
    [
      'an update that cannot be decoded',
      encodeMessage({ type: 'update', update: Uint8Array.of(9, 9, 9) }),
      closeCodes.malformed,
    ],
    [
      'a state vector that cannot be decoded',
      encodeMessage({ type: 'sync-step-1', stateVector: Uint8Array.of(9) }),
      closeCodes.malformed,
    ],
    ['an awareness state that is no JSON', Uint8Array.of(1, 5, 1, 7, 1, 1, 0x7b), closeCodes.malformed],
    ['a message that is too long', new Uint8Array(33 * 1024 * 1024), closeCodes.tooLarge],
  ])('%s', async (_what, frame, code) => {
    const log = new HeldLog()
    const { url } = await startServer({ log })
    const alice = await TestClient.connect(url, 'doc')
    const mallory = await TestClient.connect(url, 'doc')
    await Promise.all([alice.untilSaved(), mallory.untilSaved()])
    const heard = alice.received.length
    mallory.sendBytes(frame)
    expect(await mallory.untilClosed()).toBe(code)
    await alice.roundTrip()
    expect(alice.received.slice(heard).map(({ type }) => type)).toEqual(['sync-step-2'])
    expect((await log.load('doc')).entries).toEqual([])
  })

  test('an update that throws while it is integrated is refused, with what its sender sends after it', async () => {
    const log = new HeldLog()
    const { url } = await startServer({ log })
    const alice = await TestClient.connect(url, 'doc')
    const mallory = await TestClient.connect(url, 'doc', { isSyncing: false })
    await alice.untilSaved()
    const [after] = twoDependentUpdates()
    mallory.send({ type: 'update', update: poisonousUpdate() })
    mallory.send({ type: 'update', update: after })
    alice.text.insert(0, 'kept')
    expect(await mallory.untilClosed()).toBe(closeCodes.unappliable)
    expect(mallory.last('refused')).toMatchObject({ index: 1, code: 'unappliable' })
    expect(mallory.acked).toBe(0)
    await alice.untilSaved()
    const bob = await TestClient.connect(url, 'doc')
    await bob.until(() => bob.text.toJSON() === 'kept')
    expect((await log.load('doc')).entries).toHaveLength(1)
  })

  test('a resume that is not the first message', async () => {
    const { url } = await startServer()
    const mallory = await TestClient.connect(url, 'doc')
    await mallory.roundTrip()
    mallory.send({ type: 'resume', secret: 'x' })
    expect(await mallory.untilClosed()).toBe(closeCodes.malformed)
  })

  test.each([
    ['a name that is not legal', 'collab/a%00b', closeCodes.noSuchDocument],
    ['no name', 'collab/', closeCodes.noSuchDocument],
  ])('%s', async (_what, path, code) => {
    const { url } = await startServer()
    const client = new TestClient(`${url.replace('http', 'ws')}${path}`)
    expect(await client.untilClosed()).toBe(code)
  })

  test('a client of a version that is not known here is told so under its own subprotocol', async () => {
    const { url } = await startServer()
    const client = await TestClient.connect(url, 'doc', { subprotocols: ['codraft.7', 'chat'] })
    expect(client.socket.protocol).toBe('codraft.7')
    expect(await client.untilClosed()).toBe(closeCodes.clientTooOld)
  })

  test('an upgrade elsewhere finds nothing', async () => {
    const { url } = await startServer()
    const client = new TestClient(`${url.replace('http', 'ws')}other/doc`)
    expect(await client.untilClosed()).toBe(1006)
  })
})

describe('a document that cannot be loaded', () => {
  test('refuses whoever comes, is never served empty, and is tried again', async () => {
    const log = new HeldLog()
    const { url } = await startServer({ log })
    const alice = await TestClient.connect(url, 'first')
    await alice.untilSaved()
    log.isBroken = true
    const bob = await TestClient.connect(url, 'doc')
    expect(await bob.untilClosed()).toBe(closeCodes.documentUnavailable)
    expect(bob.received).toEqual([])
    log.isBroken = false
    const carol = await TestClient.connect(url, 'doc')
    await carol.untilReceived('sync-step-2')
  })

  test('is loaded once however many come at once', async () => {
    const log = new HeldLog()
    const { url } = await startServer({ log })
    const clients = await Promise.all(Array.from({ length: 20 }, () => TestClient.connect(url, 'doc')))
    await Promise.all(clients.map((client) => client.untilReceived('sync-step-2')))
    expect(log.loads).toBe(1)
  })

  test('loses nothing of what is sent while it loads', async () => {
    const log = new HeldLog()
    const { url } = await startServer({ log })
    log.isHeld = true
    const alice = await TestClient.connect(url, 'doc')
    alice.text.insert(0, 'early')
    log.release()
    await alice.untilSaved()
    const bob = await TestClient.connect(url, 'doc')
    await bob.until(() => bob.text.toJSON() === 'early')
  })
})
