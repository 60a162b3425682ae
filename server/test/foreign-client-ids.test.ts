import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { MemoryDocumentLog } from '../../persistence/index.ts'
import { closeCodes } from '../../protocol/index.ts'
import { ManualClock } from './support/manual-clock.ts'
import { TestClient, type TestClientOptions } from './support/test-client.ts'
import { startServer } from './support/test-server.ts'

const ALICE = 1

/** A client whose document writes under a client id, which its presence tells. */
async function connectAs(
  clientID: number,
  url: string,
  options: TestClientOptions = {},
): Promise<TestClient> {
  const doc = options.doc ?? new Y.Doc()
  doc.clientID = clientID
  const client = await TestClient.connect(url, 'doc', { ...options, doc })
  client.announce(clientID, 0, {})
  return client
}

/** What a document like another would write next under the other's client id. */
function forgedUpdate(doc: Y.Doc): Uint8Array {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  copy.clientID = doc.clientID
  const before = Y.encodeStateVector(copy)
  copy.getText('text').insert(0, 'forged ')
  return Y.encodeStateAsUpdate(copy, before)
}

describe.each([
  ['codraft.1', { subprotocols: ['codraft.1'] }],
  ['stock', { subprotocols: [] }],
])('a %s client', (_kind, options) => {
  test('that writes under the client id of another session is refused, and the other goes on', async () => {
    const { url } = await startServer()
    const alice = await connectAs(ALICE, url)
    alice.text.insert(0, 'mine')
    await alice.untilSaved()
    const mallory = await connectAs(2, url, options)
    await mallory.roundTrip()
    mallory.send({ type: 'update', update: forgedUpdate(alice.doc) })
    expect(await mallory.untilClosed()).toBe(closeCodes.foreignClientId)
    alice.text.insert(4, ' and more')
    await alice.untilSaved()
    const bob = await connectAs(3, url)
    await bob.until(() => bob.text.toJSON() === 'mine and more')
  })

  test('that comes back before its old connection is found dead goes on where it was', async () => {
    const clock = new ManualClock()
    const server = await startServer({ clock })
    const doc = new Y.Doc()
    const before = await connectAs(ALICE, server.url, { ...options, doc })
    await clock.until(before.roundTrip())
    before.socket.pause()
    const after = await connectAs(ALICE, server.url, { ...options, doc })
    doc.getText('text').insert(0, 'written meanwhile')
    const bob = await connectAs(2, server.url)
    await clock.until(bob.until(() => bob.text.toJSON() === 'written meanwhile'))
    expect(after.closeCode).toBeNull()
    await clock.until(server.stop())
  })

  test('may bring what another wrote before that one does', async () => {
    // As after a restart of the server, which had relayed more than it had saved.
    const { url } = await startServer({ log: new MemoryDocumentLog() })
    const aliceDoc = new Y.Doc()
    aliceDoc.clientID = ALICE
    aliceDoc.getText('text').insert(0, 'unsaved')
    const bobDoc = new Y.Doc()
    Y.applyUpdate(bobDoc, Y.encodeStateAsUpdate(aliceDoc))
    const alice = await connectAs(ALICE, url, { doc: aliceDoc, isSyncing: false })
    await alice.until(() => alice.count('sync-step-1') > 0)
    const bob = await connectAs(2, url, { ...options, doc: bobDoc })
    const carol = await connectAs(3, url)
    bobDoc.getText('text').insert(7, ' no more')
    alice.send({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(aliceDoc) })
    await carol.until(() => carol.text.toJSON() === 'unsaved no more')
    expect(bob.closeCode).toBeNull()
  })
})
