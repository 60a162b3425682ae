import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UnsavedChanges } from '../../collaboration/unsaved-changes.ts'

function connected(): UnsavedChanges {
  const changes = new UnsavedChanges()
  changes.opened()
  changes.sentSyncStep2(false)
  changes.acked(1)
  return changes
}

function change(changes: UnsavedChanges): void {
  changes.made()
  changes.sentUpdate()
}

describe('unsaved changes', () => {
  it('are counted one by one, and saved by a cumulative ack', () => {
    const changes = connected()
    change(changes)
    change(changes)
    change(changes)
    expect(changes.unsaved).toBe(3)
    expect(changes.acked(3)).toBe(true)
    expect(changes.unsaved).toBe(1)
    expect(changes.acked(4)).toBe(true)
    expect(changes.unsaved).toBe(0)
  })

  it('confirm what this client brought at its ack, or at once if it was nothing', () => {
    const changes = new UnsavedChanges()
    expect(changes.isConfirmed).toBe(false)
    changes.opened()
    changes.sentUpdate()
    changes.sentSyncStep2(false)
    changes.sentSyncStep2(true)
    changes.acked(1)
    expect(changes.isConfirmed).toBe(false)
    changes.acked(2)
    expect(changes.isConfirmed).toBe(true)
    changes.closed()
    changes.opened()
    expect(changes.isConfirmed).toBe(false)
    changes.sentSyncStep2(true)
    expect(changes.isConfirmed).toBe(true)
  })

  it('do not care for an ack that says nothing new', () => {
    const changes = connected()
    change(changes)
    changes.acked(2)
    change(changes)
    expect(changes.acked(2)).toBe(false)
    expect(changes.acked(0)).toBe(false)
    expect(changes.unsaved).toBe(1)
  })

  it('made offline are saved by the ack of the sync step 2', () => {
    const changes = new UnsavedChanges()
    changes.made()
    changes.made()
    changes.opened()
    changes.sentSyncStep2(false)
    expect(changes.unsaved).toBe(2)
    changes.acked(1)
    expect(changes.unsaved).toBe(0)
  })

  it('made offline are not saved by the ack of an update that came before the sync step 2', () => {
    const changes = new UnsavedChanges()
    changes.made()
    changes.opened()
    change(changes)
    changes.acked(1)
    expect(changes.unsaved).toBe(2)
    changes.sentSyncStep2(false)
    changes.acked(2)
    expect(changes.unsaved).toBe(0)
  })

  it('that were sent and not acked are unsaved after a reconnect', () => {
    const changes = connected()
    change(changes)
    changes.closed()
    changes.opened()
    expect(changes.acked(0)).toBe(false)
    expect(changes.unsaved).toBe(1)
    changes.sentSyncStep2(false)
    changes.acked(1)
    expect(changes.unsaved).toBe(0)
  })

  it('that were not sent are not saved by the ack of a later one', () => {
    const changes = connected()
    changes.made()
    change(changes)
    changes.acked(2)
    expect(changes.unsaved).toBe(2)
  })

  it('that were sent in another order than made are saved by the ack of the last', () => {
    const changes = connected()
    changes.made()
    changes.made()
    changes.sentUpdate()
    changes.acked(2)
    expect(changes.unsaved).toBe(2)
    changes.sentUpdate()
    changes.acked(3)
    expect(changes.unsaved).toBe(0)
  })

  it('refuse an ack of what was never sent', () => {
    expect(() => connected().acked(2)).toThrow(RangeError)
  })

  it('are never fewer than what a server has not on disk', () => {
    const action = fc.constantFrom(
      'edit',
      'edit',
      'open',
      'close',
      'step 1 arrives',
      'server stores',
      'ack',
      'server dies',
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const changes = new UnsavedChanges()
        /** A server that has changes in memory, some of them also on disk. */
        const server = { memory: new Set<number>(), disk: new Set<number>() }
        let made = 0
        let connection: {
          asked: boolean
          readonly messages: (readonly number[])[]
          stored: number
          acked: number
        } | null = null
        for (const what of actions) {
          if (what === 'edit') {
            made++
            changes.made()
            if (connection !== null) {
              connection.messages.push([made])
              server.memory.add(made)
              changes.sentUpdate()
            }
          } else if (what === 'open' && connection === null) {
            connection = { asked: false, messages: [], stored: 0, acked: 0 }
            changes.opened()
          } else if (what === 'close' && connection !== null) {
            connection = null
            changes.closed()
          } else if (what === 'step 1 arrives' && connection !== null && !connection.asked) {
            connection.asked = true
            const missing = Array.from({ length: made }, (_, i) => i + 1).filter((n) => !server.memory.has(n))
            connection.messages.push(missing)
            for (const n of missing) server.memory.add(n)
            changes.sentSyncStep2(false)
          } else if (what === 'server stores' && connection !== null) {
            for (const n of server.memory) server.disk.add(n)
            connection.stored = connection.messages.length
          } else if (what === 'ack' && connection !== null && connection.acked < connection.stored) {
            connection.acked++
            changes.acked(connection.acked)
          } else if (what === 'server dies') {
            server.memory.clear()
            for (const n of server.disk) server.memory.add(n)
            if (connection !== null) changes.closed()
            connection = null
          }
          expect(changes.unsaved).toBeGreaterThanOrEqual(made - server.disk.size)
          expect(changes.unsaved).toBeLessThanOrEqual(made)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
