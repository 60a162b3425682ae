import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { TestClient } from './support/test-client.ts'
import { startServer } from './support/test-server.ts'

/** A document in which so much was deleted here and there that saying so takes kilobytes. */
function muchDeleted(): Y.Doc {
  const doc = new Y.Doc()
  const text = doc.getText('text')
  text.insert(0, 'x'.repeat(4_000))
  for (let i = 1_000; i > 0; i--) text.delete(i * 2, 1)
  return doc
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  return copy
}

async function serverWith(doc: Y.Doc): Promise<string> {
  const { url } = await startServer()
  const writer = await TestClient.connect(url, 'doc', { doc: copyOf(doc) })
  await writer.untilSaved()
  return url
}

function deletedIn(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc))
}

describe('one who comes back', () => {
  test('and has everything is not told again what was ever deleted', async () => {
    const doc = muchDeleted()
    const url = await serverWith(doc)
    const back = await TestClient.connect(url, 'doc', { doc: copyOf(doc) })
    await back.untilReceived('sync-step-2')
    expect(back.last('sync-step-2')?.update).toEqual(Uint8Array.of(0, 0))
    await back.untilSaved()
  })

  test('is told what was deleted meanwhile, and no more', async () => {
    const doc = muchDeleted()
    const url = await serverWith(doc)
    const other = await TestClient.connect(url, 'doc', { doc: copyOf(doc) })
    other.doc.getText('text').delete(0, 1)
    await other.untilSaved()
    const back = await TestClient.connect(url, 'doc', { doc: copyOf(doc) })
    await back.untilReceived('sync-step-2')
    expect(back.last('sync-step-2')?.update.length).toBeLessThan(32)
    expect(deletedIn(back.doc)).toEqual(deletedIn(other.doc))
  })

  test('and says nothing of what it has deleted is told everything a moment later', async () => {
    const doc = muchDeleted()
    const url = await serverWith(doc)
    const back = await TestClient.connect(url, 'doc', { isSyncing: false })
    back.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) })
    await back.untilReceived('sync-step-2')
    expect(back.last('sync-step-2')?.update).toEqual(deletedIn(doc))
  })
})
