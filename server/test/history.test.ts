import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { firstItem } from '../../document/text-form/index.ts'
import {
  MemoryDocumentLog,
  openLevelDocumentLog,
  type DocumentLog,
  type HistoryLog,
  type LogUpdate,
} from '../../persistence/index.ts'
import { Attribution } from '../history/attribution.ts'
import { authoredText } from '../history/authored-text.ts'
import { HistorySweep } from '../history/history-sweep.ts'
import { makeBase } from '../history/make-base.ts'
import { rebuild } from '../history/rebuild.ts'
import { retain } from '../history/retention.ts'
import { ManualClock } from './support/manual-clock.ts'
import { poisonousUpdate } from './support/poison.ts'
import { compact, writtenByTwo, Writers } from './support/writers.ts'

type Log = DocumentLog & HistoryLog

/** A document as it was at a moment, each author's characters in a row: `alice:Hel bob:lo`. */
async function past(log: Log, moment?: Parameters<typeof rebuild>[2]): Promise<string> {
  const { state } = await rebuild(log, 'plan', moment)
  let line = ''
  let writer: string | null = null
  for (const { text, by } of authoredText(state.doc, state.attribution)) {
    const author = by?.author ?? '?'
    line += author === writer ? text : `${writer === null ? '' : ' '}${author}:${text}`
    writer = author
  }
  return line
}

/** A log with what two people have written: three entries, at the times 1000, 2000 and 3000. */
async function logOfTwo(): Promise<Log> {
  let time = 0
  const log = new MemoryDocumentLog({ clock: () => (time += 1000) })
  for (const update of writtenByTwo()) await log.append('plan', [update])
  return log
}

describe('a document of the past', () => {
  test('is as it was after an entry, and after all that were there at a time', async () => {
    const log = await logOfTwo()
    for (const moment of [{ sequence: 1 }, { time: 1000 }, { time: 1999 }]) {
      expect(await past(log, moment)).toBe('alice:Hello')
    }
    for (const moment of [{ sequence: 2 }, { time: 2000 }]) {
      expect(await past(log, moment)).toBe('alice:Hello bob: world')
    }
    expect(await past(log)).toBe('alice:o bob: world')
    expect(await past(log, { time: 9e15 })).toBe('alice:o bob: world')
    expect(await past(log, { time: 1 })).toBe('')
    expect(await rebuild(log, 'plan', { time: 2500 })).toMatchObject({ sequence: 2, time: 2000 })
  })

  test('knows when each character was written', async () => {
    const { state } = await rebuild(await logOfTwo(), 'plan')
    expect(authoredText(state.doc, state.attribution)).toEqual([
      { text: 'o', by: { author: 'alice', time: 1000 } },
      { text: ' world', by: { author: 'bob', time: 2000 } },
    ])
  })

  test('has writing by whoever brought it first, however often others send it again', async () => {
    const log = new MemoryDocumentLog()
    const writers = new Writers(['alice', 'bob'])
    writers.text('alice').insert(0, 'one ')
    writers.hear('bob', 'alice')
    writers.sendAll('bob')
    writers.text('alice').insert(4, 'two ')
    writers.hear('bob', 'alice')
    const [first, all, second] = writers.takeSent()
    writers.sendAll('bob')
    const again = writers.takeSent()
    for (const update of [first, all, ...again, second]) {
      await log.append('plan', update === undefined ? [] : [update])
    }
    expect(await past(log)).toBe('alice:one  bob:two ')
  })

  test('that was never, or is no longer kept, is refused with what there is', async () => {
    const log = await logOfTwo()
    await expect(past(log, { sequence: 4 })).rejects.toThrow('has no entry 4: its last is 3')
    await compact(log, 'plan', 1)
    await retain(log, 'plan', { age: 1, bytes: 1e9 }, 3000)
    await expect(past(log, { sequence: 1 })).rejects.toThrow(
      'begins with entry 2, of 1970-01-01T00:00:02.000Z',
    )
    await expect(past(log, { time: 1000 })).rejects.toThrow('begins with entry 2')
    expect(await past(log, { time: 2000 })).toBe('alice:Hello bob: world')
  })

  test('leaves out an update that Yjs cannot integrate, and keeps all others', async () => {
    const log = await logOfTwo()
    await log.append('plan', [{ author: 'mallory', update: poisonousUpdate() }])
    await log.append('plan', [{ author: 'mallory', update: new Uint8Array([255, 255]) }])
    const writers = new Writers(['alice', 'bob', 'carol'])
    writers.text('carol').insert(0, 'x')
    await log.append('plan', writers.takeSent())
    expect(await past(log)).toMatch(/^(alice:o bob: world carol:x|carol:x alice:o bob: world)$/)
  })

  test('of blocks has a line for each', async () => {
    const log = new MemoryDocumentLog()
    const doc = new Y.Doc()
    const fragment = doc.getXmlFragment('prosemirror')
    for (const text of ['one', 'two']) {
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText(text)])
      fragment.push([paragraph])
    }
    await log.append('plan', [{ author: 'alice', update: Y.encodeStateAsUpdate(doc) }])
    expect(await past(log)).toBe('alice:one ?:\n alice:two')
  })
})

describe('attribution', () => {
  test('keeps the first author of each clock, whatever overlaps with it', () => {
    const attribution = new Attribution()
    attribution.add(1, { start: 2, end: 4 }, { author: 'a', time: 1 })
    attribution.add(1, { start: 6, end: 8 }, { author: 'b', time: 2 })
    attribution.add(1, { start: 0, end: 10 }, { author: 'c', time: 3 })
    const clocks = Array.from({ length: 11 }, (_, clock) => attribution.of(1, clock)?.author ?? '?')
    expect(clocks.join('')).toBe('ccaaccbbcc?')
    const condensed = Attribution.decode(attribution.encode())
    expect(Array.from({ length: 11 }, (_, clock) => condensed.of(1, clock)?.author ?? '?')).toEqual(clocks)
    expect(condensed.of(1, 0)?.time).toBeNull()
    expect(condensed.of(2, 0)).toBeNull()
  })

  test('of another form is refused', () => {
    expect(() => Attribution.decode(new TextEncoder().encode('{"version":2}'))).toThrow('unknown form')
  })
})

/** A log of a document with eight segments of one long entry each, one a second. */
async function logOfSegments(): Promise<Log> {
  let time = 0
  const log = new MemoryDocumentLog({ clock: () => time })
  const writers = new Writers(['alice'])
  for (let i = 0; i < 8; i++) {
    time += 1000
    writers.text('alice').insert(0, `${i}`.repeat(100))
    await log.append('plan', writers.takeSent())
    await compact(log, 'plan', 0)
  }
  return log
}

describe('retention', () => {
  test('lets go what is too old, and no more', async () => {
    const log = await logOfSegments()
    await retain(log, 'plan', { age: 3500, bytes: Infinity }, 9000)
    expect((await log.historySegments('plan')).map(({ until }) => until)).toEqual([6000, 7000, 8000])
    expect((await past(log)).length).toBe('alice:'.length + 800)
    expect(await retain(log, 'plan', { age: 3500, bytes: Infinity }, 9000)).toBe(0)
  })

  test('lets the oldest of what is too much go, and no more', async () => {
    const log = await logOfSegments()
    const sizes = (await log.historySegments('plan')).map((segment) => segment.bytes)
    const bytes = sizes.slice(4).reduce((sum, size) => sum + size, 0)
    const before = await log.historySize('plan')
    expect(await retain(log, 'plan', { age: Infinity, bytes }, 9000)).toBe(before.bytes - bytes)
    expect((await log.historySegments('plan')).map(({ until }) => until)).toEqual([5000, 6000, 7000, 8000])
    expect(await past(log)).toBe(`alice:${[7, 6, 5, 4, 3, 2, 1, 0].map((i) => `${i}`.repeat(100)).join('')}`)
  })

  test.each([
    { age: 0, bytes: Infinity },
    { age: Infinity, bytes: 0 },
  ])('of nothing lets all of it go: %o', async (retention) => {
    const log = await logOfSegments()
    await retain(log, 'plan', retention, 9000)
    expect(await log.historySize('plan')).toEqual({ bytes: 0, oldest: null })
    expect((await past(log)).length).toBe('?:'.length + 800)
  })

  test('is applied to all documents in turn, now and then, until it is stopped', async () => {
    let now = 1000
    const log = new MemoryDocumentLog({ clock: () => now })
    const clock = new ManualClock()
    for (const name of ['a', 'b', 'c']) {
      const writers = new Writers(['alice'])
      writers.text('alice').insert(0, name)
      await log.append(name, writers.takeSent())
      await compact(log, name, 0)
    }
    const logger = pino({ level: 'silent' })
    const retention = { age: 5000, bytes: Infinity }
    const sweep = new HistorySweep({ log, retention, clock, timeOfDay: () => now, logger })
    const sizes = (): Promise<number[]> =>
      Promise.all(['a', 'b', 'c'].map(async (name) => (await log.historySize(name)).bytes))
    await clock.advance(120_000)
    expect(Math.min(...(await sizes()))).toBeGreaterThan(0)
    now = 9000
    await clock.advance(3_600_000)
    expect(await sizes()).toEqual([0, 0, 0])
    await sweep.stop()
    await sweep.stop()
    await clock.advance(9_000_000)
  })

  test('makes the base of a large document in a thread of its own, and the same one', async () => {
    const writers = new Writers(['alice', 'bob'])
    for (let i = 0; i < 60; i++) {
      writers.text('alice').insert(0, 'long '.repeat(4000))
      writers.hear('bob', 'alice')
      writers.text('bob').insert(0, `${i} `)
      writers.hear('alice', 'bob')
    }
    const updates = writers.takeSent().map((update) => ({ ...update, time: 1 }))
    const base = await makeBase({ beginning: null, updates })
    const doc = new Y.Doc()
    Y.applyUpdate(doc, base.update)
    expect(doc.getText('text').toJSON()).toBe(writers.text('alice').toJSON())
    expect(Attribution.decode(base.attribution).of(1001, 0)?.author).toBe('bob')
  })
})

const names = ['alice', 'bob', 'carol']
const someone = fc.constantFrom(...names)
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ is: fc.constant('write'), name: someone, at: fc.nat(), length: fc.nat(4) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ is: fc.constant('delete'), name: someone, at: fc.nat(), length: fc.nat(6) }),
  },
  { weight: 5, arbitrary: fc.record({ is: fc.constant('hear'), name: someone, from: someone }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('sendAll'), name: someone }) },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('arrive'), order: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('compact'), leave: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('trim'), bytes: fc.nat(300), age: fc.nat(20) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What every character's author must be, in the simplest way: of each clock the entry that had it first. */
function plainReplay(entries: readonly LogUpdate[]): string {
  const doc = new Y.Doc()
  const authors = new Map<string, string>()
  for (const { author, update } of entries) {
    for (const { id, length } of Y.decodeUpdate(update).structs.filter((one) => !(one instanceof Y.Skip))) {
      for (let i = 0; i < length; i++) {
        const clock = `${id.client}:${id.clock + i}`
        if (!authors.has(clock)) authors.set(clock, author)
      }
    }
    Y.applyUpdate(doc, update)
  }
  const characters: string[] = []
  for (let item = firstItem(doc.getText('text')); item !== null; item = item.right) {
    const { id, content, deleted } = item
    if (deleted || !(content instanceof Y.ContentString)) continue
    for (let i = 0; i < content.str.length; i++) {
      characters.push(`${authors.get(`${id.client}:${id.clock + i}`)}:${content.str.charAt(i)}`)
    }
  }
  return characters.join(' ')
}

async function characterwise(log: Log, sequence: number): Promise<string> {
  const { state } = await rebuild(log, 'plan', { sequence })
  return authoredText(state.doc, state.attribution)
    .flatMap(({ text, by }) => text.split('').map((character) => `${by?.author}:${character}`))
    .join(' ')
}

/** Does the steps, and compares every state that is still kept with a plain replay of everything that arrived. */
async function runSteps(
  steps: readonly Step[],
  openLog: (clock: () => number) => Promise<Log>,
): Promise<void> {
  let now = 0
  const log = await openLog(() => now++)
  const writers = new Writers(names)
  const arrived: LogUpdate[] = []
  let onTheWay: LogUpdate[] = []
  for (const one of steps) {
    switch (one.is) {
      case 'write': {
        const text = writers.text(one.name)
        text.insert(one.at % (text.length + 1), 'abcdef'.slice(0, one.length + 1))
        break
      }
      case 'delete': {
        const text = writers.text(one.name)
        const at = one.at % (text.length + 1)
        text.delete(at, Math.min(one.length, text.length - at))
        break
      }
      case 'hear':
        writers.hear(one.name, one.from)
        break
      case 'sendAll':
        writers.sendAll(one.name)
        break
      case 'arrive': {
        onTheWay.push(...writers.takeSent())
        // One may be late, so that what comes before it misses it.
        const late = onTheWay.splice(one.order, one.order === 0 ? 0 : 1)
        for (const update of onTheWay) await log.append('plan', [update])
        arrived.push(...onTheWay)
        onTheWay = late
        break
      }
      case 'compact':
        await compact(log, 'plan', one.leave)
        break
      case 'trim':
        await retain(log, 'plan', { bytes: one.bytes + 1, age: one.age + 1 }, now)
        break
      default:
        throw new TypeError(`No step is ${String(one satisfies never)}`)
    }
  }
  const { base, lastSequence } = await log.history('plan')
  expect(lastSequence).toBe(arrived.length)
  for (let sequence = Math.max(1, base?.through ?? 1); sequence <= lastSequence; sequence++) {
    expect(await characterwise(log, sequence)).toBe(plainReplay(arrived.slice(0, sequence)))
  }
  await log.close()
}

describe('every state that is kept, and the author of every character in it, is that of a plain replay', () => {
  const runs = Number(process.env['CODRAFT_RUNS'] ?? 300)

  test('in memory, through random writing, compactions and trims', async () => {
    const run = fc.asyncProperty(fc.array(step, { maxLength: 60 }), (steps) =>
      runSteps(steps, async (clock) => new MemoryDocumentLog({ clock })),
    )
    await expect(fc.assert(run, { numRuns: runs / 3 })).resolves.toBeUndefined()
  })

  test('on disk, through random writing, compactions and trims', async () => {
    const run = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const folder = await mkdtemp(join(tmpdir(), 'codraft-history-'))
      onTestFinished(() => rm(folder, { recursive: true, force: true }))
      await runSteps(steps, (clock) => openLevelDocumentLog(folder, { clock }))
    })
    await expect(fc.assert(run, { numRuns: runs / 20 })).resolves.toBeUndefined()
  })
})
