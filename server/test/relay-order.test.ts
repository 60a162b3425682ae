import { pino } from 'pino'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { decodeServerMessage } from '../../protocol/index.ts'
import { MemoryBudget } from '../sync/memory-budget.ts'
import { RoomRegistry } from '../sync/room-registry.ts'
import type { RoomSession } from '../sync/room-session.ts'
import { UnsavedBudget } from '../sync/unsaved-budget.ts'
import { messagesIn } from './support/frame-messages.ts'
import { HeldLog } from './support/held-log.ts'
import { ManualClock } from './support/manual-clock.ts'

/** Somebody in a room, with what they are told: `update` as the text that they have then, `awareness` as its states. */
class Person implements RoomSession {
  readonly id: string
  readonly userId: string
  readonly resumeSecret: string
  readonly isStock = false
  readonly isBacklogged = false
  readonly told: string[] = []
  readonly doc = new Y.Doc()

  constructor(name: string) {
    this.id = this.userId = this.resumeSecret = name
  }

  isThere(): Promise<boolean> {
    return Promise.resolve(true)
  }

  send(frame: Parameters<RoomSession['send']>[0]): void {
    for (const message of messagesIn(frame).map((bytes) => decodeServerMessage(bytes))) {
      if (message.type === 'update') {
        Y.applyUpdate(this.doc, message.update)
        this.told.push(this.doc.getText('text').toJSON())
      } else if (message.type === 'awareness') {
        for (const { state } of message.entries)
          this.told.push(`caret ${String(JSON.parse(state ?? '{}').at)}`)
      }
    }
  }

  end(): void {
    this.told.push('ended')
  }
}

test('a caret does not overtake the text that it stands in, however long that takes to be merged', async () => {
  const clock = new ManualClock()
  const log = new HeldLog()
  const rooms = new RoomRegistry({
    log,
    clock,
    logger: pino({ level: 'silent' }),
    unsaved: new UnsavedBudget(Infinity),
    // A document that nobody writes to is read from the disk again at the next keystroke.
    memory: new MemoryBudget(0),
  })
  const { room } = await rooms.enter('doc')
  const [alice, bob] = [new Person('alice'), new Person('bob')]
  for (const each of [alice, bob]) room.join(each)
  await clock.advance(100)
  const doc = new Y.Doc()
  const text = doc.getText('text')
  doc.on('update', (update: Uint8Array) => room.receive(alice, { type: 'update', update }))
  const caret = (at: number): void => {
    const entries = [{ clientID: doc.clientID, clock: at, state: JSON.stringify({ at }) }]
    room.receive(alice, { type: 'awareness', entries })
  }
  log.isHeld = true
  text.insert(0, 'a')
  caret(1)
  await clock.advance(20)
  text.insert(1, 'b')
  caret(2)
  await clock.advance(20)
  log.release()
  await clock.advance(100)
  expect(bob.told).toEqual(['a', 'caret 1', 'ab', 'caret 2'])
})
