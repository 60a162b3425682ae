import { readFile, readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DocumentLog } from '../document-log.ts'
import { documentKeys, entryKey, headKey, snapshotKey } from '../keys.ts'
import { openLevelDocumentLog } from '../level-document-log.ts'
import { openLevelStore } from '../level-store.ts'
import { PersistenceError } from '../persistence-error.ts'
import { filesOf, flip, kindsOfFiles, removeRows } from './damage-language.ts'
import { bytes, failureOf, loaded, words } from './log-language.ts'
import { copyOf, sampleFolder, type SampleFolder } from './sample-folder.ts'

interface Outcome {
  /** Documents that are reported damaged; all of them if the folder is. */
  readonly damaged: readonly string[]
  /** What must never be: content that was not acknowledged, other errors, damage that is written over. */
  readonly wrong: readonly string[]
}

/** Opens a folder, and tells how its documents compare with what was acknowledged. */
async function readBack(folder: string, { acknowledged }: SampleFolder): Promise<Outcome> {
  const damaged: string[] = []
  const wrong: string[] = []
  let log: DocumentLog
  try {
    log = await openLevelDocumentLog(folder)
  } catch (error) {
    if (!(error instanceof PersistenceError)) throw error
    if (error.code !== 'damaged') wrong.push(`${error.code}: ${error.message}`)
    return { damaged: [...acknowledged.keys()], wrong }
  }
  for (const [documentName, content] of acknowledged) {
    const result = await loaded(log, documentName).catch(({ message }: Error) => message)
    if (result === content) continue
    damaged.push(documentName)
    const refusal = await failureOf(log.append(documentName, words('over')))
    if (
      refusal !== `damaged: ${documentName}` ||
      (!result.includes(' is damaged') && !result.includes('cannot be read'))
    ) {
      wrong.push(`${documentName} read as ${result}; appending to it: ${refusal}`)
    }
  }
  const names: string[] = []
  const listing = async (): Promise<void> => {
    for await (const name of log.documentNames()) names.push(name)
  }
  const end = await failureOf(listing())
  if (end !== 'none' && end !== 'damaged') wrong.push(`the listing failed: ${end}`)
  for (const documentName of acknowledged.keys()) {
    if (!names.includes(documentName)) wrong.push(`${documentName} is not listed`)
  }
  await log.close()
  return { damaged, wrong }
}

const runs = Number(process.env['CODRAFT_DAMAGES'] ?? 8)

describe.each(kindsOfFiles)('a damaged $kind', ({ is }) => {
  const place = { file: fc.nat(), at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) }

  test('with one byte flipped never makes a document read false', async () => {
    const sample = await sampleFolder()
    await fc.assert(
      fc.asyncProperty(fc.record(place), async ({ file, at, mask }) => {
        const folder = await copyOf(sample.folder)
        const files = (await filesOf(folder)).filter((path) => is.test(path))
        const path = files[file % files.length] ?? ''
        await flip(path, at % (await readFile(path)).length, mask)
        expect((await readBack(folder, sample)).wrong).toEqual([])
        await rm(folder, { recursive: true })
      }),
      { numRuns: runs },
    )
  })

  test('that is cut never makes a document read false', async () => {
    const sample = await sampleFolder()
    await fc.assert(
      fc.asyncProperty(fc.record(place), async ({ file, at }) => {
        const folder = await copyOf(sample.folder)
        const files = (await filesOf(folder)).filter((path) => is.test(path))
        const path = files[file % files.length] ?? ''
        await truncate(path, at % (await readFile(path)).length)
        expect((await readBack(folder, sample)).wrong).toEqual([])
        await rm(folder, { recursive: true })
      }),
      { numRuns: runs },
    )
  })
})

test('a missing file is noticed, if it is not the witness, and all others are kept when the folder does not open', async () => {
  const sample = await sampleFolder()
  const store = (await filesOf(sample.folder)).filter((file) => file.includes('/documents/'))
  const results = await Promise.all(
    store.map(async (file) => {
      const folder = await copyOf(sample.folder)
      await rm(join(folder, file.slice(sample.folder.length)))
      const left = await filesOf(folder)
      const { damaged, wrong } = await readBack(folder, sample)
      const opened = damaged.length < sample.acknowledged.size
      return {
        noticed: damaged.length > 0,
        wrong,
        kept: opened || isDeepStrictEqual(await filesOf(folder), left),
      }
    }),
  )
  expect(results).toEqual(store.map(() => ({ noticed: true, wrong: [], kept: true })))

  await rm(join(sample.folder, 'documents.witness'))
  expect(await readBack(sample.folder, sample)).toEqual({ damaged: [], wrong: [] })
  await rm(join(sample.folder, 'format.json'))
  expect(await failureOf(openLevelDocumentLog(sample.folder))).toBe('unsupported-format')
})

test('a damaged table and a damaged log are kept as they were, beside the store', async () => {
  const sample = await sampleFolder()
  const [table = '', log = ''] = await Promise.all(
    [/ldb$/, /log$/].map(async (is) => (await filesOf(sample.folder)).find((file) => is.test(file))),
  )
  await flip(table, 20, 1)
  await flip(log, 20, 1)
  const originals = await Promise.all([table, log].map((file) => readFile(file)))
  const { damaged, wrong } = await readBack(sample.folder, sample)
  expect({ some: damaged.length > 0, wrong }).toEqual({ some: true, wrong: [] })
  const kept = await readdir(join(sample.folder, 'documents.damaged'))
  const contents = await Promise.all(
    kept.map((name) => readFile(join(sample.folder, 'documents.damaged', name))),
  )
  for (const original of originals) expect(contents.some((content) => content.equals(original))).toBe(true)
})

test('a table whose index is damaged keeps the folder from opening, and everything stays as it was', async () => {
  const { folder } = await sampleFolder()
  const table = (await filesOf(folder)).find((file) => file.endsWith('.ldb')) ?? ''
  // The index ends where the footer of 48 bytes begins, with a trailer of 5.
  await flip(table, (await readFile(table)).length - 48 - 5 - 4, 1)
  const contents = async (): Promise<Buffer[]> =>
    Promise.all((await filesOf(folder)).map((file) => readFile(file)))
  const before = await contents()
  const opened = openLevelDocumentLog(folder)
  expect(await failureOf(opened)).toBe('damaged')
  await expect(opened).rejects.toThrow(`The index of the table ${table} is damaged`)
  expect(await contents()).toEqual(before)
})

describe('a damaged witness', () => {
  test('makes no healthy document unreadable, and is whole again after the next append', async () => {
    const sample = await sampleFolder()
    const path = join(sample.folder, 'documents.witness')
    const { length } = await readFile(path)
    await flip(path, Math.floor(length / 2), 0x10)
    await truncate(path, length - 3)
    expect(await readBack(sample.folder, sample)).toEqual({ damaged: [], wrong: [] })

    const log = await openLevelDocumentLog(sample.folder)
    expect(await log.append('early', words('g'))).toBe(7)
    await log.close()
    await removeRows(sample.folder, [entryKey('early', 7), headKey('early')])
    const again = await openLevelDocumentLog(sample.folder)
    expect(await failureOf(again.load('early'))).toBe('damaged: early')
    await again.close()
  })
})

describe('rows that are missing', () => {
  test.each([
    ['the first entry', 'early', [entryKey('early', 1)], 'missing: entries 1'],
    ['entries in the middle', 'early', [3, 4].map((n) => entryKey('early', n)), 'missing: entries 3-4'],
    ['the last entry', 'early', [entryKey('early', 6)], 'missing: entries 6'],
    ['several', 'long', [5, 6, 7, 60].map((n) => entryKey('long', n)), 'missing: entries 5-7, 60'],
    ['a kept entry', 'folded', [entryKey('folded', 6)], 'missing: entries 6'],
    ['the snapshot', 'folded', [snapshotKey('folded')], 'the snapshot is missing'],
    ['the head', 'early', [headKey('early')], 'the head is missing'],
    [
      'everything',
      'late2',
      [1, 2].map((n) => entryKey('late2', n)).concat(headKey('late2')),
      'were acknowledged',
    ],
  ])('%s is noticed and named', async (_, documentName, keys, message) => {
    const sample = await sampleFolder()
    await removeRows(sample.folder, keys)
    const log = await openLevelDocumentLog(sample.folder)
    await expect(log.load(documentName)).rejects.toThrow(message)
    await log.close()
    expect(await readBack(sample.folder, sample)).toEqual({ damaged: [documentName], wrong: [] })
  })

  test('are noticed by an append to a document that was not loaded', async () => {
    const sample = await sampleFolder()
    await removeRows(sample.folder, [entryKey('long', 30)])
    const log = await openLevelDocumentLog(sample.folder)
    expect(await failureOf(log.append('long', words('z')))).toBe('damaged: long')
    expect(await failureOf(log.compact('long', { snapshot: bytes('z'), through: 1, keep: [] }))).toBe(
      'damaged: long',
    )
    await log.close()
  })
})

test('a row under another key, an older head and an older snapshot are noticed', async () => {
  const sample = await sampleFolder()
  const path = join(sample.folder, 'documents')
  const store = await openLevelStore(path, { create: false })
  const rows = await store.rows(documentKeys('early'))
  const [, first, second] = rows
  await store.close()
  const cases = [
    { documentName: 'early', key: entryKey('early', 1), value: second?.[1] },
    { documentName: 'late1', key: entryKey('late1', 1), value: first?.[1] },
  ]
  for (const { documentName, key, value } of cases) {
    const folder = await copyOf(sample.folder)
    const damagedStore = await openLevelStore(join(folder, 'documents'), { create: false })
    await damagedStore.write([{ type: 'put', key, value: value ?? new Uint8Array() }])
    await damagedStore.close()
    expect(await readBack(folder, sample)).toEqual({ damaged: [documentName], wrong: [] })
  }

  for (const key of [headKey('folded'), snapshotKey('folded')]) {
    const folder = await copyOf(sample.folder)
    const before = await openLevelStore(join(folder, 'documents'), { create: false })
    const old = (await before.rows(documentKeys('folded'))).find((row) => Buffer.compare(row[0], key) === 0)
    await before.close()
    const log = await openLevelDocumentLog(folder)
    await log.append('folded', words('i'))
    await log.compact('folded', { snapshot: new Uint8Array(9), through: 7, keep: [] })
    await log.close()
    const after = await openLevelStore(join(folder, 'documents'), { create: false })
    await after.write([{ type: 'put', key, value: old?.[1] ?? new Uint8Array() }])
    await after.close()
    expect(await readBack(folder, sample)).toEqual({ damaged: ['folded'], wrong: [] })
  }
})
