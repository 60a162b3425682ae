import { mkdtemp, readFile, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { snapshotKey } from '../../persistence/keys.ts'
import { removeRows } from '../../persistence/test/damage-language.ts'
import { openLevelDocumentLog, PersistenceError, type LogUpdate } from '../../persistence/index.ts'
import { compact, compactInWords } from '../compact.ts'
import { ConfigError, readFolderConfig, readInspectConfig } from '../config.ts'
import { inspect, inspectionInWords, isDamaged } from '../inspect.ts'
import { repair, repairInWords } from '../repair.ts'
import { writtenByTwo, Writers } from './support/writers.ts'

const START = Date.parse('2026-11-20T18:00:00Z')

/** A folder with a document that two people have written, one entry a minute, and one that nobody has written much in. */
async function folderOfTwo(): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'codraft-commands-')), 'data')
  onTestFinished(() => rm(join(folder, '..'), { recursive: true, force: true }))
  let time = START
  const log = await openLevelDocumentLog(folder, { clock: () => (time += 60_000) })
  for (const update of writtenByTwo()) await log.append('team/notes', [update])
  await log.append('waits', updateThatWaits())
  await log.close()
  return folder
}

/** A change to a text whose beginning never came. */
function updateThatWaits(): LogUpdate[] {
  const doc = new Y.Doc()
  doc.getText('text').insert(0, 'a')
  const before = Y.encodeStateVector(doc)
  doc.getText('text').insert(1, 'b')
  return [{ author: 'carol', update: Y.encodeStateAsUpdate(doc, before) }]
}

const all = { documentName: null, at: null, showsHistory: false }
const notes = { ...all, documentName: 'team/notes' }

describe('inspect', () => {
  test('shows documents with their entries, snapshots, histories and sizes', async () => {
    const dataDir = await folderOfTwo()
    const before = await inspect({ ...all, dataDir })
    expect(before.documents).toMatchObject([
      {
        documentName: 'team/notes',
        lastSequence: 3,
        entries: 3,
        snapshotThrough: null,
        history: null,
        firstTime: START + 60_000,
        lastTime: START + 180_000,
        fault: null,
        historyFault: null,
      },
      { documentName: 'waits', lastSequence: 1, entries: 1 },
    ])
    expect(before.sizes.store).toBeGreaterThan(0)
    await compact({ dataDir, documentName: null })
    const after = await inspect({ ...all, dataDir })
    expect(after.documents).toMatchObject([
      { entries: 0, snapshotThrough: 3, history: { begins: 0, segments: 1, entries: 3 } },
      { entries: 1, snapshotThrough: null },
    ])
    expect(isDamaged(after)).toBe(false)
    const words = inspectionInWords(after)
    expect(words).toMatch(/^team\/notes +3 +0 +\d+ B +3 in \d+ B +\d+ B +2026-11-20T18:03:00.000Z +none$/m)
  })

  test.each([
    [{ sequence: 1 }, 'Hello'],
    [{ sequence: 2 }, 'Hello world'],
    [{ time: START + 130_000 }, 'Hello world'],
    [{ sequence: 3 }, 'o world'],
  ])('shows the text at %o', async (at, text) => {
    const dataDir = await folderOfTwo()
    await compact({ dataDir, documentName: null })
    const inspection = await inspect({ ...notes, dataDir, at })
    expect(inspection.at?.text).toBe(text)
    expect(inspectionInWords(inspection)).toContain(text)
  })

  test('shows who wrote what, and every entry, where that is asked for', async () => {
    const dataDir = await folderOfTwo()
    const inspection = await inspect({ ...notes, dataDir, at: { sequence: 3 }, showsHistory: true })
    expect(inspection.at?.parts).toEqual([
      { text: 'o', by: { author: 'alice', time: START + 60_000 } },
      { text: ' world', by: { author: 'bob', time: START + 120_000 } },
    ])
    expect(inspection.history?.map(({ sequence, author }) => `${sequence} ${author}`)).toEqual([
      '1 alice',
      '2 bob',
      '3 alice',
    ])
  })

  test('of a folder that is none, a document or a moment that is none, and a folder in use, says so', async () => {
    const dataDir = await folderOfTwo()
    await expect(inspect({ ...all, dataDir: join(dataDir, 'none') })).rejects.toThrow(
      'There is no Codraft data folder',
    )
    await expect(inspect({ ...all, dataDir, documentName: 'nix' })).rejects.toThrow('no document "nix"')
    await expect(inspect({ ...notes, dataDir, at: { sequence: 9 } })).rejects.toThrow('its last is 3')
    const log = await openLevelDocumentLog(dataDir)
    await expect(inspect({ ...all, dataDir })).rejects.toThrow('is in use by another process')
    await expect(compact({ dataDir, documentName: null })).rejects.toBeInstanceOf(PersistenceError)
    await expect(repair({ dataDir, documentName: null })).rejects.toBeInstanceOf(PersistenceError)
    await log.close()
  })

  test('prints no control characters of names and texts', async () => {
    const dataDir = await folderOfTwo()
    const log = await openLevelDocumentLog(dataDir)
    const writers = new Writers(['\u001b[31mred'])
    writers.text('\u001b[31mred').insert(0, 'a\u001b[2Jb')
    await log.append('odd\u0007', writers.takeSent())
    await log.close()
    const inspection = await inspect({
      dataDir,
      documentName: 'odd\u0007',
      at: { sequence: 1 },
      showsHistory: true,
    })
    expect(inspectionInWords(inspection).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})

describe('compact', () => {
  test('folds what was written, keeps what waits, and tells the sizes', async () => {
    const dataDir = await folderOfTwo()
    const summary = await compact({ dataDir, documentName: null })
    expect(summary).toMatchObject({ folded: [{ document: 'team/notes', entries: 3 }], skipped: [] })
    expect(compactInWords(summary)).toMatch(/^Folded 3 entries of 1 documents: .* before, .* now\.$/)
    const log = await openLevelDocumentLog(dataDir)
    const { snapshot, entries } = await log.load('team/notes')
    expect(entries).toEqual([])
    const doc = new Y.Doc()
    Y.applyUpdate(doc, snapshot?.update ?? new Uint8Array())
    expect(doc.getText('text').toJSON()).toBe('o world')
    expect((await log.load('waits')).entries).toHaveLength(1)
    await log.close()
    expect(await compact({ dataDir, documentName: null })).toMatchObject({ folded: [] })
  })

  test('of one document leaves the others, and of none says so', async () => {
    const dataDir = await folderOfTwo()
    expect(await compact({ dataDir, documentName: 'waits' })).toMatchObject({ folded: [] })
    await expect(compact({ dataDir, documentName: 'nix' })).rejects.toThrow('no document "nix"')
  })

  test('makes the store smaller after much was written and folded', async () => {
    const dataDir = await folderOfTwo()
    const log = await openLevelDocumentLog(dataDir)
    const doc = new Y.Doc()
    const updates: LogUpdate[] = []
    doc.on('update', (update: Uint8Array) => updates.push({ author: 'alice', update }))
    for (let i = 0; i < 3000; i++) doc.getText('text').insert(0, `${i}`)
    await log.append('much', updates)
    await log.close()
    const { before, after } = await compact({ dataDir, documentName: null })
    expect(after).toBeLessThan(before / 3)
  })
})

describe('repair', () => {
  test('opens what was damaged, and says what was lost and where it is', async () => {
    const dataDir = await folderOfTwo()
    await compact({ dataDir, documentName: null })
    const files = await readdir(join(dataDir, 'documents'))
    const table = files.find((name) => name.endsWith('.ldb')) ?? ''
    const path = join(dataDir, 'documents', table)
    await truncate(path, Math.floor((await readFile(path)).length / 2))
    expect(isDamaged(await inspect({ ...all, dataDir }))).toBe(true)
    const report = await repair({ dataDir, documentName: null }, () => new Date(START))
    expect(repairInWords(report)).toMatch(
      /^Repaired the folder: .*\n(.*\n)*What was taken out is in .*damaged\.$/,
    )
    expect(await readdir(report.setAsideIn ?? '')).toContain('documents.2026-11-20T18-00-00Z')
    expect(isDamaged(await inspect({ ...all, dataDir }))).toBe(false)
    expect(repairInWords(await repair({ dataDir, documentName: null }))).toBe('Nothing is damaged.')
  })

  test('makes a lost snapshot anew from the history', async () => {
    const dataDir = await folderOfTwo()
    await compact({ dataDir, documentName: 'team/notes' })
    const log = await openLevelDocumentLog(dataDir)
    const whole = await log.load('team/notes')
    await log.close()
    await removeRows(dataDir, [snapshotKey('team/notes')])
    expect(repairInWords(await repair({ dataDir, documentName: null }))).toContain(
      'Repaired "team/notes": nothing was lost.',
    )
    const again = await openLevelDocumentLog(dataDir)
    const [before, after] = [whole, await again.load('team/notes')].map(({ snapshot }) => {
      const doc = new Y.Doc()
      Y.applyUpdate(doc, snapshot?.update ?? new Uint8Array())
      return doc.getText('text').toJSON()
    })
    expect(after).toBe(before)
    await again.close()
  })
})

describe('the configuration of these commands', () => {
  test('is a folder, and if need be a document and a moment', () => {
    expect(readFolderConfig({ data: '/srv/data' }, {})).toEqual({ dataDir: '/srv/data', documentName: null })
    expect(readInspectConfig({ data: '/d', document: 'a/b', at: '12', history: true }, {})).toEqual({
      dataDir: '/d',
      documentName: 'a/b',
      at: { sequence: 12 },
      showsHistory: true,
    })
    expect(readInspectConfig({ document: 'a', at: '2026-11-20T18:00:00Z' }, {}).at).toEqual({ time: START })
  })

  test.each([
    [{ at: '3' }, '--document: "" is no document, and --at and --history are about one'],
    [{ history: true }, '--at and --history are about one'],
    [{ document: 'a', at: 'noon' }, '--at: "noon" is neither the number of an entry nor a time'],
    [{ document: 'a//b' }, '--document: "a//b"'],
  ])('of %o is refused', (flags, message) => {
    expect(() => readInspectConfig(flags, {})).toThrow(ConfigError)
    expect(() => readInspectConfig(flags, {})).toThrow(message)
  })
})
