import { readFile, readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DocumentLog, LogEntry } from '../document-log.ts'
import type { HistoryLog } from '../history.ts'
import { entryKey, headKey, historyBaseKey, historySegmentKeys, snapshotKey } from '../keys.ts'
import { openLevelDocumentLog } from '../level-document-log.ts'
import { openLevelStore } from '../level-store.ts'
import { Maintenance, type RepairReport } from '../maintenance.ts'
import type { Folding } from '../repair-document.ts'
import { filesOf, flip, kindsOfFiles, removeRows } from './damage-language.ts'
import { bytes, failureOf, listedNames, loaded, remembered, words } from './log-language.ts'
import { copyOf, sampleFolder } from './sample-folder.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Folds words into one, and authors into a line. */
const folding: Folding = {
  fold: async (beginning, entries) => ({
    update: joined(beginning?.update, entries, ({ update }) => new TextDecoder().decode(update)),
    attribution: joined(beginning?.attribution, entries, ({ author }) => author.charAt(0)),
  }),
}

function joined(
  before: Uint8Array | undefined,
  entries: readonly LogEntry[],
  word: (entry: LogEntry) => string,
): Uint8Array {
  return bytes(new TextDecoder().decode(before ?? new Uint8Array()) + entries.map(word).join(''))
}

function repair(folder: string, stamp = 'first'): Promise<RepairReport> {
  return Maintenance.repair(folder, folding, stamp)
}

/** What a repair says that was lost of a document; null if it did not touch it. */
function lostOf({ documents }: RepairReport, name: string): string | null {
  return documents.find(({ documentName }) => documentName === name)?.lost.join('; ') ?? null
}

/** A folder with one document: a and c in the history, b kept, d and e after the snapshot. */
async function folderOfOne(): Promise<string> {
  const folder = await temporaryFolder()
  const log = await openLevelDocumentLog(folder)
  await log.append('plan', words('a b c d e'))
  await log.compact('plan', { snapshot: bytes('AC'), through: 3, keep: [2] })
  await log.append('other', words('x'))
  await log.close()
  return folder
}

async function withLog<T>(folder: string, use: (log: DocumentLog & HistoryLog) => Promise<T>): Promise<T> {
  const log = await openLevelDocumentLog(folder)
  try {
    return await use(log)
  } finally {
    await log.close()
  }
}

async function keysOfSegments(folder: string): Promise<Uint8Array[]> {
  const store = await openLevelStore(join(folder, 'documents'), { create: false })
  const keys = await store.keys(historySegmentKeys('plan'))
  await store.close()
  return keys
}

/** Alters the value of a row behind the log's back. */
async function alterRow(folder: string, key: Uint8Array): Promise<void> {
  const store = await openLevelStore(join(folder, 'documents'), { create: false })
  await store.write([{ type: 'put', key, value: bytes('altered') }])
  await store.close()
}

describe('a repair', () => {
  test('of what is not damaged does nothing', async () => {
    const folder = await folderOfOne()
    expect(await repair(folder)).toEqual({ setAsideIn: null, folder: [], documents: [] })
    expect(await readdir(folder)).not.toContain('documents.damaged')
  })

  test('makes no folder where there is none', async () => {
    const folder = await temporaryFolder()
    expect(await failureOf(repair(join(folder, 'none')))).toBe('unsupported-format')
    expect(await failureOf(Maintenance.open(folder))).toBe('unsupported-format')
    expect(await readdir(folder)).toEqual([])
  })

  test('of a folder that is in use is refused', async () => {
    const folder = await folderOfOne()
    await withLog(folder, async () => expect(await failureOf(repair(folder))).toBe('locked'))
  })

  test.each([
    ['an entry', [entryKey('plan', 4)], 'entries 4', 'AC@5|2:b 5:e|5'],
    ['the last entry', [entryKey('plan', 5)], 'entries 5', 'AC@5|2:b 4:d|5'],
    ['a kept entry', [entryKey('plan', 2)], 'entries 2', 'AC@5|4:d 5:e|5'],
    ['the head', [headKey('plan')], '', 'AC@3|2:b 4:d 5:e|5'],
    ['the snapshot', [snapshotKey('plan')], '', 'ac@3|2:b 4:d 5:e|5'],
    ['head and snapshot', [headKey('plan'), snapshotKey('plan')], '', 'ac@3|2:b 4:d 5:e|5'],
    [
      'everything else',
      [headKey('plan'), snapshotKey('plan'), ...[2, 4].map((n) => entryKey('plan', n))],
      'entries 4',
      'ac@5|5:e|5',
    ],
  ])('where %s is missing keeps all that is there', async (_, keys, lost, content) => {
    const folder = await folderOfOne()
    await removeRows(folder, keys)
    expect(lostOf(await repair(folder), 'plan')).toContain(lost)
    await withLog(folder, async (log) => {
      expect(await loaded(log, 'plan')).toBe(content)
      expect(await loaded(log, 'other')).toBe('|1:x|1')
      await remembered(log, 'plan')
      expect(await log.append('plan', words('f'))).toBe(6)
    })
    expect((await repair(folder, 'second')).documents).toEqual([])
  })

  test('keeps the history where only what is not folded is damaged and nothing of it is lost', async () => {
    const folder = await folderOfOne()
    await removeRows(folder, [headKey('plan'), snapshotKey('plan')])
    expect(lostOf(await repair(folder), 'plan')).toBe('')
    await withLog(folder, async (log) => {
      expect(await remembered(log, 'plan')).toBe('|1:a 2:b 3:c 4:d 5:e')
      await log.compact('plan', { snapshot: bytes('ACD'), through: 4, keep: [2] })
      expect(await remembered(log, 'plan')).toBe('|1:a 2:b 3:c 4:d 5:e')
    })
  })

  test.each([
    ['missing', removeRows],
    ['altered', (folder: string, keys: readonly Uint8Array[]) => alterRow(folder, keys[0] ?? bytes(''))],
  ])('begins a history anew of which a part is %s, and opens the document', async (_, damage) => {
    const folder = await folderOfOne()
    await withLog(folder, (log) => log.compact('plan', { snapshot: bytes('ACD'), through: 4, keep: [2] }))
    const [first] = await keysOfSegments(folder)
    await damage(folder, [first ?? bytes('')])
    const before = await Maintenance.open(folder)
    expect(await before.survey('plan')).toMatchObject({
      fault: null,
      historyFault: 'of the entries up to 4, 2 are missing',
    })
    await before.close()
    const report = await repair(folder)
    expect(lostOf(report, 'plan')).toBe('its history up to now, but for who wrote what is there')
    await withLog(folder, async (log) => {
      expect(await loaded(log, 'plan')).toBe('ACD@4|2:b 5:e|5')
      expect(await remembered(log, 'plan')).toBe('ACD@4|2:b 5:e')
      expect((await log.history('plan')).base?.attribution).toEqual(bytes('a'))
    })
    const aside = await readFile(join(report.setAsideIn ?? '', 'rows.first.jsonl'), 'utf8')
    expect(aside).toContain(`"sequence":4,"time":`)
    expect((await repair(folder, 'second')).documents).toEqual([])
  })

  test('begins a history anew whose base is altered', async () => {
    const folder = await folderOfOne()
    const base = { through: 3, without: [2], time: 1, update: bytes('B'), attribution: bytes('xy') }
    await withLog(folder, (log) => log.trimHistory('plan', { through: 3, base }))
    await alterRow(folder, historyBaseKey('plan'))
    await withLog(folder, async (log) => expect(await failureOf(log.history('plan'))).toBe('damaged: plan'))
    await repair(folder)
    await withLog(folder, async (log) => {
      expect(await loaded(log, 'plan')).toBe('AC@3|2:b 4:d 5:e|5')
      expect(await remembered(log, 'plan')).toBe('AC@3|2:b 4:d 5:e')
    })
  })

  test('puts what cannot be read aside, as it was', async () => {
    const folder = await folderOfOne()
    await alterRow(folder, entryKey('plan', 4))
    const { setAsideIn } = await repair(folder)
    const lines = (await readFile(join(setAsideIn ?? '', 'rows.first.jsonl'), 'utf8')).trim().split('\n')
    expect(lines.map((line): unknown => JSON.parse(line))).toContainEqual({
      document: 'plan',
      key: Buffer.from(entryKey('plan', 4)).toString('hex'),
      value: Buffer.from('altered').toString('base64'),
    })
  })

  test('of a document of which nothing is left opens it, and says so', async () => {
    const folder = await folderOfOne()
    await removeRows(folder, [entryKey('other', 1), headKey('other')])
    expect(lostOf(await repair(folder), 'other')).toBe('entries 1')
    await withLog(folder, async (log) => expect(await loaded(log, 'other')).toBe('@1||1'))
  })
})

test('a table that LevelDB opens and cannot read is set aside, and the rest is kept', async () => {
  const sample = await sampleFolder()
  const table = (await filesOf(sample.folder)).find((path) => path.endsWith('.ldb'))
  await truncate(table ?? '', 0)
  const before = await Maintenance.open(sample.folder)
  expect((await before.survey('early')).fault).toContain('Invalid argument')
  await before.close()
  const report = await repair(sample.folder)
  expect(report.folder).toEqual([expect.stringContaining("LevelDB's index was made anew")])
  expect(await readdir(report.setAsideIn ?? '')).toContain('documents.first')
  await withLog(sample.folder, async (log) => {
    for (const name of sample.acknowledged.keys()) await log.append(name, words('z'))
  })
})

const runs = Math.ceil(Number(process.env['CODRAFT_DAMAGES'] ?? 8) / 3)

describe.each(kindsOfFiles)('after a repair of a damaged $kind', ({ is }) => {
  const damage = fc.record({
    file: fc.nat(),
    at: fc.nat(),
    mask: fc.integer({ min: 0, max: 255 }),
  })

  test('every document opens, with what it had or less, and nothing more is to be repaired', async () => {
    const sample = await sampleFolder()
    await fc.assert(
      fc.asyncProperty(damage, async ({ file, at, mask }) => {
        const folder = await copyOf(sample.folder)
        const files = (await filesOf(folder)).filter((path) => is.test(path))
        const path = files[file % files.length] ?? ''
        const place = at % (await readFile(path)).length
        // A mask that changes nothing stands for a cut.
        if (mask === 0) await truncate(path, place)
        else await flip(path, place, mask)
        const report = await repair(folder)
        const touched = new Set(report.documents.map(({ documentName }) => documentName))
        await withLog(folder, async (log) => {
          expect(await listedNames(log)).toEqual([...sample.acknowledged.keys()].toSorted())
          for (const [name, content] of sample.acknowledged) {
            const now = await loaded(log, name)
            const isAsBefore = touched.has(name) || report.folder.length > 0 || now === content
            expect(isAsBefore).toBe(true)
            const had = new Set((content.split('|')[1] ?? '').split(' '))
            // What was folded may be an entry again where an old table has come back.
            const isKnown = (entry: string): boolean => had.has(entry) || name === 'folded'
            expect(
              (now.split('|')[1] ?? '').split(' ').filter((entry) => entry !== '' && !isKnown(entry)),
            ).toEqual([])
            await remembered(log, name)
            await log.append(name, words('z'))
          }
        })
        expect((await repair(folder, 'second')).documents).toEqual([])
        await rm(folder, { recursive: true })
      }),
      { numRuns: runs },
    )
  })
})
