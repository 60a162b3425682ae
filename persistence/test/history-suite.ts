import { describe, expect, test } from 'vitest'
import type { DocumentLog, LogEntry, LogUpdate } from '../document-log.ts'
import type { HistoryBase, HistoryLog } from '../history.ts'
import { bytes, failureOf, loaded, remembered, words } from './log-language.ts'
import type { LogPlace } from './random-steps.ts'

/** What every `HistoryLog` must do; `place` makes a new, empty one. */
export function historyLogSuite(where: string, place: () => Promise<LogPlace>): void {
  let time = 1000.5
  const open = async (): Promise<DocumentLog & HistoryLog> => (await place()).open({ clock: () => time++ })

  /** With a document: a and b in one segment, d in another, c kept, e after the snapshot. */
  const openFolded = async (): Promise<DocumentLog & HistoryLog> => {
    const log = await open()
    await log.append('plan', words('a b c d e'))
    await log.compact('plan', { snapshot: bytes('AB'), through: 2, keep: [] })
    await log.compact('plan', { snapshot: bytes('ABD'), through: 4, keep: [3] })
    return log
  }

  describe(`the history of the log in ${where}`, () => {
    test('of a document that was never written to is empty', async () => {
      const log = await open()
      expect(await remembered(log, 'plan')).toBe('|')
      expect(await log.historySize('plan')).toEqual({ bytes: 0, oldest: null })
      expect(await log.historySegments('plan')).toEqual([])
      await log.close()
    })

    test('has every entry whether or not it is folded, in order, and as it was appended', async () => {
      const log = await open()
      const updates: LogUpdate[] = ['älice', '', 'bob', 'älice'].map((author, i) => ({
        author,
        update: new Uint8Array(i),
      }))
      for (const update of updates) await log.append('plan', [update])
      const before = await entriesOf(log, 'plan')
      await log.compact('plan', { snapshot: bytes('ABC'), through: 3, keep: [2] })
      await log.append('plan', words('e'))
      const after = await entriesOf(log, 'plan')
      expect(after.slice(0, 4)).toEqual(before)
      expect(before.map(({ author, update }) => ({ author, update }))).toEqual(updates)
      expect(after).toHaveLength(5)
      await log.close()
    })

    test('says what is folded and what is not', async () => {
      const log = await open()
      await log.append('plan', words('a b c d'))
      await log.compact('plan', { snapshot: bytes('AC'), through: 3, keep: [2] })
      expect(await log.history('plan')).toMatchObject({
        base: null,
        kept: [2],
        foldedThrough: 3,
        lastSequence: 4,
      })
      await log.close()
    })

    test('takes kept entries that are folded later in at their places', async () => {
      const log = await open()
      await log.append('plan', words('a b c d e'))
      await log.compact('plan', { snapshot: bytes('AE'), through: 5, keep: [2, 3, 4] })
      await log.append('plan', words('f g'))
      await log.compact('plan', { snapshot: bytes('ACEF'), through: 6, keep: [2, 4] })
      await log.compact('plan', { snapshot: bytes('ABCDEFG'), through: 7, keep: [] })
      expect(await remembered(log, 'plan')).toBe('|1:a 2:b 3:c 4:d 5:e 6:f 7:g')
      expect(await loaded(log, 'plan')).toBe('ABCDEFG@7||7')
      await log.close()
    })

    test('is read to its end beside appends and compactions', async () => {
      const log = await open()
      await log.append('plan', words('a b c d'))
      await log.compact('plan', { snapshot: bytes('AB'), through: 2, keep: [] })
      const { entries } = await log.history('plan')
      const read: number[] = []
      for await (const { sequence } of entries()) {
        read.push(sequence)
        const last = await log.append('plan', words('x'))
        await log.compact('plan', { snapshot: bytes('S'), through: last, keep: [] })
      }
      expect(read).toEqual([1, 2, 3, 4])
      await log.close()
    })

    test('of very many entries is kept in several segments of bounded size', async () => {
      const log = await open()
      const count = 10_000
      await log.append(
        'plan',
        Array.from({ length: count }, (_, i) => ({ author: `author ${i % 3}`, update: longUpdate(i) })),
      )
      await log.compact('plan', { snapshot: bytes('S'), through: count, keep: [] })
      const segments = await log.historySegments('plan')
      expect(segments.length).toBeGreaterThan(2)
      expect(segments.reduce((sum, { entries }) => sum + entries, 0)).toBe(count)
      expect(Math.max(...segments.map(({ first, last }) => last - first))).toBeLessThan(4096)
      expect(segments.slice(1).map(({ first }) => first)).toEqual(
        segments.slice(0, -1).map(({ last }) => last + 1),
      )
      const entries = await entriesOf(log, 'plan')
      expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: count }, (_, i) => i + 1))
      for (const i of [0, 4095, 4096, 9999]) {
        expect(entries[i]).toMatchObject({ author: `author ${i % 3}`, update: longUpdate(i) })
      }
      await log.close()
    })

    test('tells its size, and the time up to which the oldest part of it reaches', async () => {
      const log = await open()
      time = 100
      await log.append('plan', words('a'))
      time = 200
      await log.append('plan', words('b'))
      await log.compact('plan', { snapshot: bytes('AB'), through: 2, keep: [] })
      time = 300
      await log.append('plan', words('c'))
      await log.compact('plan', { snapshot: bytes('ABC'), through: 3, keep: [] })
      const segments = await log.historySegments('plan')
      expect(segments).toMatchObject([
        { first: 1, last: 2, entries: 2, until: 200 },
        { first: 3, last: 3, entries: 1, until: 300 },
      ])
      const bytesInAll = segments.reduce((sum, segment) => sum + segment.bytes, 0)
      expect(await log.historySize('plan')).toEqual({ bytes: bytesInAll, oldest: 200 })
      await log.close()
    })

    describe('trimmed', () => {
      test('begins with the base, and keeps what that does not hold', async () => {
        const log = await openFolded()
        await log.trimHistory('plan', { through: 4, base: base(4, { without: [3] }) })
        expect(await remembered(log, 'plan')).toBe('B4@4|3:c 5:e')
        expect((await log.history('plan')).base).toEqual(base(4, { without: [3] }))
        expect(await log.historySize('plan')).toEqual({ bytes: 0, oldest: null })
        await log.compact('plan', { snapshot: bytes('ABCDE'), through: 5, keep: [] })
        expect(await remembered(log, 'plan')).toBe('B4@4|3:c 5:e')
        await log.trimHistory('plan', { through: 5, base: base(5, { time: null }) })
        expect(await remembered(log, 'plan')).toBe('B5@5|')
        expect(await loaded(log, 'plan')).toBe('ABCDE@5||5')
        await log.close()
      })

      test('in part keeps the later segments', async () => {
        const log = await openFolded()
        await log.trimHistory('plan', { through: 2, base: base(2) })
        expect(await remembered(log, 'plan')).toBe('B2@2|3:c 4:d 5:e')
        await log.close()
      })

      test('without a base begins with the snapshot, and goes on from there', async () => {
        const log = await openFolded()
        await log.trimHistory('plan', { through: 4, base: null })
        expect(await remembered(log, 'plan')).toBe('ABD@4|3:c 5:e')
        await log.compact('plan', { snapshot: bytes('ABCDE'), through: 5, keep: [] })
        expect(await remembered(log, 'plan')).toBe('ABD@4|3:c 5:e')
        await log.close()
      })

      test.each([
        ['through what is not folded', { through: 5, base: base(5) }],
        ['through nothing', { through: 0, base: base(0) }],
        ['amid a segment', { through: 1, base: base(1) }],
        ['without a base, to less than the snapshot', { through: 2, base: null }],
        ['to a base through another entry', { through: 4, base: base(2, { without: [3] }) }],
        ['to a base that is said to hold what is not folded', { through: 4, base: base(4) }],
      ])('%s is refused, and changes nothing', async (_, trim) => {
        const log = await openFolded()
        await expect(log.trimHistory('plan', trim)).rejects.toThrow(RangeError)
        expect(await remembered(log, 'plan')).toBe('|1:a 2:b 3:c 4:d 5:e')
        await expect(log.trimHistory('empty', trim)).rejects.toThrow(RangeError)
        await log.close()
      })

      test('is refused once an entry that the base lacks was folded', async () => {
        const log = await openFolded()
        const trim = { through: 4, base: base(4, { without: [3] }) }
        const folded = log.compact('plan', { snapshot: bytes('ABCD'), through: 4, keep: [] })
        await expect(log.trimHistory('plan', trim)).rejects.toThrow('not folded are none')
        await folded
        expect(await remembered(log, 'plan')).toBe('|1:a 2:b 3:c 4:d 5:e')
        await log.close()
      })
    })

    test('is not read once the log is closed', async () => {
      const log = await open()
      await log.close()
      expect(await failureOf(log.history('plan'))).toBe('closed')
      expect(await failureOf(log.historySize('plan'))).toBe('closed')
      expect(await failureOf(log.trimHistory('plan', { through: 1, base: null }))).toBe('closed')
    })
  })
}

async function entriesOf(log: HistoryLog, documentName: string): Promise<LogEntry[]> {
  const entries: LogEntry[] = []
  for await (const entry of (await log.history(documentName)).entries()) entries.push(entry)
  return entries
}

/** A base through an entry. */
function base(through: number, rest: Partial<HistoryBase> = {}): HistoryBase {
  const update = bytes(`B${through}`)
  return { through, without: [], time: 7.5, update, attribution: bytes('alice'), ...rest }
}

function longUpdate(i: number): Uint8Array {
  return bytes(`${i} ${'x'.repeat(200)}`)
}
