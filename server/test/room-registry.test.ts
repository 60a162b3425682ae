import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomRegistry } from '../sync/room-registry.ts'
import type { RoomSession } from '../sync/room-session.ts'
import { MemoryBudget } from '../sync/memory-budget.ts'
import { UnsavedBudget } from '../sync/unsaved-budget.ts'
import { HeldLog } from './support/held-log.ts'
import { ManualClock } from './support/manual-clock.ts'

const session: RoomSession = {
  id: 's',
  userId: 'u',
  resumeSecret: 'r',
  isStock: true,
  isBacklogged: false,
  isThere: () => Promise.resolve(true),
  send: () => {},
  end: () => {},
}

function updateOf(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('text').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

describe('the rooms of a server', () => {
  let clock: ManualClock
  let log: HeldLog
  let rooms: RoomRegistry

  beforeEach(() => {
    clock = new ManualClock()
    log = new HeldLog()
    rooms = new RoomRegistry({
      log,
      clock,
      logger: pino({ level: 'silent' }),
      unsaved: new UnsavedBudget(Infinity),
      memory: new MemoryBudget(Infinity),
    })
  })

  test('are loaded once, also for those who come while one loads', async () => {
    log.isHeld = true
    const entries = Promise.all([rooms.enter('doc'), rooms.enter('doc')])
    log.release()
    const [first, second] = await entries
    expect(first.room).toBe(second.room)
    expect(log.loads).toBe(1)
  })

  test('stay for a while after everybody has left, and then are let go', async () => {
    const { room, leave } = await rooms.enter('doc')
    leave()
    await clock.advance(10_000)
    const again = await rooms.enter('doc')
    expect(again.room).toBe(room)
    again.leave()
    await clock.advance(60_000)
    expect((await rooms.enter('doc')).room).not.toBe(room)
  })

  test('are not let go while somebody is there again', async () => {
    const { room, leave } = await rooms.enter('doc')
    leave()
    await clock.advance(10_000)
    await rooms.enter('doc')
    leave()
    await clock.advance(600_000)
    expect((await rooms.enter('doc')).room).toBe(room)
    expect(log.loads).toBe(1)
  })

  test('are not let go with anything unsaved, and who comes meanwhile gets the same one', async () => {
    const { room, leave } = await rooms.enter('doc')
    room.join(session)
    room.receive(session, { type: 'update', update: updateOf('kept') })
    room.leave(session)
    log.isBroken = true
    leave()
    await clock.advance(600_000)
    expect(rooms.failing()).toEqual(['doc'])
    const flushed = rooms.flush(5_000)
    await clock.advance(5_000)
    expect(await flushed).toEqual(['doc'])
    const again = await rooms.enter('doc')
    expect(again.room).toBe(room)
    again.leave()
    log.isBroken = false
    await clock.advance(600_000)
    expect(rooms.failing()).toEqual([])
    expect((await rooms.enter('doc')).room).not.toBe(room)
    expect((await log.load('doc')).entries).toHaveLength(1)
  })

  test('are never two of one document, also when somebody comes and leaves while one is slow to be let go', async () => {
    const first = await rooms.enter('doc')
    first.room.join(session)
    first.room.receive(session, { type: 'update', update: updateOf('slow') })
    first.room.leave(session)
    log.isHeld = true
    first.leave()
    await clock.advance(60_000)
    // It is being let go, and waits for the disk.
    const second = await rooms.enter('doc')
    second.leave()
    await clock.advance(60_000)
    log.release()
    await clock.advance(60_000)
    const third = await rooms.enter('doc')
    expect(third.room).not.toBe(first.room)
    await clock.advance(600_000)
    expect((await rooms.enter('doc')).room).toBe(third.room)
  })

  test('that fail to load are tried anew by the next to enter', async () => {
    log.isBroken = true
    await expect(rooms.enter('doc')).rejects.toThrow('broken')
    log.isBroken = false
    await expect(rooms.enter('doc')).resolves.toBeDefined()
  })

  test('fold a long tail when everybody has left', async () => {
    const { room, leave } = await rooms.enter('doc')
    room.join(session)
    for (let i = 0; i < 60; i++) room.receive(session, { type: 'update', update: updateOf(String(i)) })
    room.leave(session)
    leave()
    await clock.advance(60_000)
    const { snapshot, entries } = await log.load('doc')
    expect(entries).toEqual([])
    expect(snapshot?.through).toBe(60)
  })

  test('fold a long tail that a killed server has left as soon as the document is opened', async () => {
    const updates = Array.from({ length: 1_000 }, (_, i) => ({ author: 'u', update: updateOf(String(i)) }))
    await log.append('doc', updates)
    await rooms.enter('doc')
    await clock.advance(1_000)
    expect((await log.load('doc')).snapshot?.through).toBe(1_000)
  })

  test('fold their tails when the server stops, in the time that is left for it', async () => {
    const { room } = await rooms.enter('doc')
    room.join(session)
    for (let i = 0; i < 60; i++) room.receive(session, { type: 'update', update: updateOf(String(i)) })
    const flushed = rooms.flush(5_000)
    await clock.advance(100)
    expect(await flushed).toEqual([])
    const folded = rooms.fold(5_000)
    await clock.advance(1_000)
    await folded
    expect((await log.load('doc')).entries).toEqual([])
    room.receive(session, { type: 'update', update: updateOf('more') })
    log.isHeld = true
    const held = rooms.fold(5_000)
    await clock.advance(5_000)
    await held
    log.release()
  })

  test('that break while they look at what arrived are let go, and the next one is whole', async () => {
    rooms = new RoomRegistry({
      log,
      clock,
      logger: pino({ level: 'silent' }),
      unsaved: new UnsavedBudget(Infinity),
      // Nothing stays in memory that nobody writes to.
      memory: new MemoryBudget(0),
    })
    const { room, leave } = await rooms.enter('doc')
    const ended: string[] = []
    const person = (name: string): RoomSession => {
      const each: RoomSession = {
        ...session,
        id: name,
        userId: name,
        end: (reason) => {
          ended.push(reason)
          room.leave(each)
        },
      }
      return each
    }
    const [alice, bob] = [person('alice'), person('bob')]
    for (const each of [alice, bob]) room.join(each)
    await clock.advance(100)
    const doc = new Y.Doc()
    doc.clientID = 7
    doc.getText('text').insert(0, 'by alice')
    room.receive(alice, { type: 'awareness', entries: [{ clientID: 7, clock: 0, state: '{}' }] })
    room.receive(alice, { type: 'update', update: updateOf('laid to rest') })
    await clock.advance(30_000)
    log.isBroken = true
    room.receive(bob, { type: 'update', update: Y.encodeStateAsUpdate(doc) })
    await clock.advance(100)
    expect(ended).toEqual(['documentUnavailable', 'documentUnavailable'])
    leave()
    log.isBroken = false
    await clock.advance(1_000)
    const next = await rooms.enter('doc')
    expect(next.room).not.toBe(room)
    expect(rooms.unsaved()).toEqual([])
  })
})
