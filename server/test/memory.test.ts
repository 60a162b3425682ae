import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { MemoryDocumentLog } from '../../persistence/index.ts'
import { MemoryBudget } from '../sync/memory-budget.ts'
import { RoomRegistry } from '../sync/room-registry.ts'
import { UnsavedBudget } from '../sync/unsaved-budget.ts'
import { ManualClock } from './support/manual-clock.ts'
import { ProcessClock } from './support/process-clock.ts'
import { Link } from './support/simulated-link.ts'
import { Peer } from './support/simulated-peer.ts'

const HOURS = Number(process.env['CODRAFT_HOURS'] ?? 2)
/** How many documents are opened, written and left in an hour, each by several people. */
const ROOMS_PER_HOUR = 40
const PEOPLE = 3

const collectGarbage = (() => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
})()

/** What the process holds after a collection, in bytes. */
function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** A server whose rooms are opened, written and left on a manual clock. */
class Day {
  readonly clock = new ManualClock()
  readonly #serverClock = new ProcessClock(this.clock)
  readonly #unsaved = new UnsavedBudget(Infinity)
  readonly #memory = new MemoryBudget(Infinity)
  #log = new MemoryDocumentLog()
  #names = 0
  readonly #registry = new RoomRegistry({
    // What is stored is not to count: each document is forgotten when its room has been let go.
    log: {
      load: (name) => this.#log.load(name),
      append: (name, updates) => this.#log.append(name, updates),
      compact: (name, compaction) => this.#log.compact(name, compaction),
      documentNames: () => this.#log.documentNames(),
      close: () => this.#log.close(),
    },
    clock: this.#serverClock,
    logger: pino({ level: 'silent' }),
    unsaved: this.#unsaved,
    memory: this.#memory,
  })

  async hour(): Promise<void> {
    for (let i = 0; i < ROOMS_PER_HOUR; i++) {
      await this.#room(`document ${this.#names++}`)
      await this.clock.advance(3_600_000 / ROOMS_PER_HOUR)
    }
    this.#log = new MemoryDocumentLog()
  }

  async #room(documentName: string): Promise<void> {
    const peers = Array.from({ length: PEOPLE }, (_, index) => new Peer(1_000 + index, false))
    for (const [index, peer] of peers.entries()) {
      const entry = await this.clock.until(this.#registry.enter(documentName))
      const name = `${documentName}/${index}`
      const watcher = { delivered() {}, sent() {}, ended() {}, violated() {} }
      const link = new Link(name, entry, { isStock: false, userId: name, clock: this.#serverClock, watcher })
      entry.room.join(link)
      peer.connect(link, false)
      peer.appear(name)
    }
    for (let edits = 0; edits < 20; edits++) {
      for (const peer of peers) {
        peer.doc.getText('text').insert(0, 'some words ')
        peer.link?.toPeer.splice(0).forEach((message) => peer.receive(message))
        while (peer.link?.deliverOne() === true);
      }
      await this.clock.advance(100)
    }
    for (const { link } of peers) link?.leave()
  }

  /** What is left of all that. */
  get remains(): unknown {
    const { atRest, live, letGo } = this.#memory.counts
    return { atRest, live, letGo, unsaved: this.#unsaved.bytes, timers: this.#serverClock.pending }
  }
}

test(
  `${HOURS} hours of rooms that open, are written and close leave nothing behind`,
  { timeout: 900_000 },
  async () => {
    const day = new Day()
    await day.hour()
    const before = heapUsed()
    for (let hour = 1; hour < HOURS; hour++) await day.hour()
    const growth = heapUsed() - before
    await day.clock.advance(60_000)
    if (process.env['CODRAFT_HOURS'] !== undefined) console.log({ before, growth })
    expect(day.remains).toEqual({ atRest: 0, live: 0, letGo: 0, unsaved: 0, timers: 0 })
    expect(growth).toBeLessThan(2 * 2 ** 20)
  },
)
