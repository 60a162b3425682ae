import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { scrape } from './support/scrape.ts'
import { TestClient } from './support/test-client.ts'
import { startServer } from './support/test-server.ts'

const BACKLOG = 64 * 1024
/** What one edit brings: so much that the kernel's buffers are soon full. */
const EDIT = 'x'.repeat(200_000)
const EDITS = 60
/** The longest frame that an edit makes. */
const FRAME = EDIT.length + 1_000

function bytesOfUpdates({ received }: TestClient): number {
  return received.reduce((sum, message) => (message.type === 'update' ? sum + message.update.length : sum), 0)
}

async function joined(url: string): Promise<TestClient> {
  const client = await TestClient.connect(url, 'doc')
  await client.untilReceived('sync-step-2')
  return client
}

describe('a reader that stops in a busy room', () => {
  test('delays nobody, and catches up by one difference, deletions, acks and states included', async () => {
    const server = await startServer({ flags: { maxBacklog: String(BACKLOG) } })
    const [alice, bob, slow] = [await joined(server.url), await joined(server.url), await joined(server.url)]
    slow.text.insert(0, 'mine ')
    await slow.untilSaved()
    slow.socket.pause()
    slow.text.insert(0, 'and more ')
    alice.announce(1, 1, { name: 'Alice' })
    for (let i = 0; i < EDITS; i++) {
      alice.text.insert(alice.text.length, EDIT)
      const whole = alice.text.length
      await bob.until(() => bob.text.length >= whole)
      alice.text.delete(alice.text.length - EDIT.length, EDIT.length - 1)
      const length = alice.text.length
      await bob.until(() => bob.text.length === length)
      const waiting = (await scrape(server)).value('codraft_backlog_bytes') ?? 0
      expect(waiting).toBeLessThan(BACKLOG + FRAME)
    }
    expect(slow.count('update')).toBeLessThan(EDITS)
    slow.socket.resume()
    await slow.until(() => Y.encodeStateVector(slow.doc).join() === Y.encodeStateVector(alice.doc).join())
    await slow.until(() => slow.text.toJSON() === alice.text.toJSON())
    // What it did not read in time came as one difference, without what was deleted meanwhile.
    expect(slow.count('update')).toBeLessThan(bob.count('update'))
    expect(bytesOfUpdates(slow)).toBeLessThan(bytesOfUpdates(bob) - 10 * EDIT.length)
    await slow.untilSaved()
    await slow.until(() => slow.awareness.has(1))
    expect(slow.closeCode).toBeNull()
    expect(slow.text.toJSON()).toBe(bob.text.toJSON())
  })
})
