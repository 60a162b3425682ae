import { mkdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BatchReport } from '../batch-writer.ts'
import { openLevelDocumentLog } from '../level-document-log.ts'
import { entryKey } from '../keys.ts'
import { FaultyDisk } from './faulty-store.ts'
import { bytes, failureOf, listedNames, loaded, words } from './log-language.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('a failed batch rejects its appends with its cause, and the next append takes the number that is free', async () => {
  const disk = new FaultyDisk()
  const log = await openLevelDocumentLog(await temporaryFolder(), { openStore: disk.openStore })
  await log.append('plan', words('a'))
  await log.load('notes')
  disk.writes = ['fails']
  const lost = [log.append('plan', words('b')), log.append('notes', words('c'))]
  expect(await failureOf(lost[0] ?? Promise.resolve())).toBe('io: plan')
  expect(await failureOf(lost[1] ?? Promise.resolve())).toBe('io: notes')
  await expect(lost[0]).rejects.toHaveProperty('cause.message', 'Input/output error')
  expect(await log.append('plan', words('d'))).toBe(2)
  expect(await loaded(log, 'plan')).toBe('|1:a 2:d|2')
  expect(await loaded(log, 'notes')).toBe('||0')
  await log.close()
})

test('each batch is reported, with the time that it took, and whether it was written', async () => {
  const disk = new FaultyDisk()
  const reports: BatchReport[] = []
  const log = await openLevelDocumentLog(await temporaryFolder(), {
    openStore: disk.openStore,
    onBatch: (report) => reports.push(report),
  })
  await log.append('plan', words('a'))
  disk.writes = ['fails']
  expect(await failureOf(log.append('plan', words('b')))).toBe('io: plan')
  expect(reports.map(({ isWritten }) => isWritten)).toEqual([true, false])
  for (const { milliseconds } of reports) expect(milliseconds).toBeGreaterThan(0)
  await log.close()
})

test('what a failed batch stored all the same is neither written over nor counted twice', async () => {
  const disk = new FaultyDisk()
  const log = await openLevelDocumentLog(await temporaryFolder(), { openStore: disk.openStore })
  await log.append('plan', words('a'))
  disk.writes = ['fails after storing']
  expect(await failureOf(log.append('plan', words('b')))).toBe('io: plan')
  expect(await log.append('plan', words('b c'))).toBe(4)
  expect(await loaded(log, 'plan')).toBe('|1:a 2:b 3:b 4:c|4')
  await log.close()
})

test('appends that wait behind a failed batch are stored', async () => {
  const disk = new FaultyDisk()
  const log = await openLevelDocumentLog(await temporaryFolder(), {
    openStore: disk.openStore,
    maxBatchBytes: 1,
  })
  for (const name of ['a', 'b', 'c', 'd']) await log.load(name)
  disk.writes = ['succeeds', 'fails', 'succeeds']
  const appends = ['a', 'b', 'c', 'd'].map((name) => log.append(name, words(name)))
  expect((await Promise.allSettled(appends)).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ])
  expect(await listedNames(log)).toEqual(['a', 'c', 'd'])
  await log.close()
})

test('while the folder cannot be opened anew everything fails, and afterwards everything works', async () => {
  const disk = new FaultyDisk()
  const log = await openLevelDocumentLog(await temporaryFolder(), { openStore: disk.openStore })
  await log.append('plan', words('a'))
  disk.writes = ['fails']
  disk.failedOpenings = 2
  expect(await failureOf(log.append('plan', words('b')))).toBe('io: plan')
  expect(await failureOf(log.append('plan', words('b')))).toBe('io: plan')
  expect(await failureOf(log.load('plan'))).toBe('io: plan')
  expect(disk.failedOpenings).toBe(0)
  expect(await log.append('plan', words('b'))).toBe(2)
  expect(await loaded(log, 'plan')).toBe('|1:a 2:b|2')
  await log.close()
})

test('while the disk takes nothing, documents can still be read', async () => {
  const disk = new FaultyDisk()
  const folder = await temporaryFolder()
  const log = await openLevelDocumentLog(folder, { openStore: disk.openStore })
  await log.append('plan', words('a'))
  disk.writes = ['fails']
  // Where the log tries whether there is room it finds a folder.
  await mkdir(join(folder, 'room.probe'))
  for (const word of ['b', 'c']) {
    expect(await failureOf(log.append('plan', words(word)))).toBe('io: plan')
    expect(await loaded(log, 'plan')).toBe('|1:a|1')
  }
  await rmdir(join(folder, 'room.probe'))
  expect(await log.append('plan', words('d'))).toBe(2)
  await log.close()
})

test('closes although the folder cannot be opened anew', async () => {
  const disk = new FaultyDisk()
  const log = await openLevelDocumentLog(await temporaryFolder(), { openStore: disk.openStore })
  disk.writes = ['fails']
  disk.failedOpenings = 9
  const appended = log.append('plan', words('a'))
  const closed = log.close()
  expect(await failureOf(appended)).toBe('io: plan')
  await expect(closed).resolves.toBeUndefined()
})

test('a failed compaction leaves all entries, and can be made again', async () => {
  const disk = new FaultyDisk()
  const log = await openLevelDocumentLog(await temporaryFolder(), { openStore: disk.openStore })
  await log.append('plan', words('a b c'))
  disk.writes = ['fails']
  const compaction = { snapshot: bytes('AB'), through: 2, keep: [] }
  expect(await failureOf(log.compact('plan', compaction))).toBe('io: plan')
  expect(await loaded(log, 'plan')).toBe('|1:a 2:b 3:c|3')
  await log.compact('plan', compaction)
  expect(await loaded(log, 'plan')).toBe('AB@2|3:c|3')
  await log.close()
})

test('damage that comes while a document is in use is not written over', async () => {
  const disk = new FaultyDisk()
  const log = await openLevelDocumentLog(await temporaryFolder(), { openStore: disk.openStore })
  await log.append('plan', words('a b c'))
  disk.hidden.add(Buffer.from(entryKey('plan', 2)).toString('hex'))
  expect(await failureOf(log.load('plan'))).toBe('damaged: plan')
  expect(await failureOf(log.append('plan', words('d')))).toBe('damaged: plan')
  disk.hidden.clear()
  expect(await log.append('plan', words('d'))).toBe(4)
  await log.close()
})

test('everything that is appended in one tick goes into one batch, however many documents it is for', async () => {
  const disk = new FaultyDisk()
  const log = await openLevelDocumentLog(await temporaryFolder(), { openStore: disk.openStore })
  const names = Array.from({ length: 40 }, (_, i) => `document ${i}`)
  for (const name of names) await log.load(name)
  await Promise.all(names.flatMap((name) => [log.append(name, words('a')), log.append(name, words('b'))]))
  expect(disk.batches).toBe(1)
  await log.close()
})

test('a document with much to write delays another by one batch at most', async () => {
  const disk = new FaultyDisk()
  const log = await openLevelDocumentLog(await temporaryFolder(), {
    openStore: disk.openStore,
    maxBatchBytes: 100_000,
  })
  for (const name of ['large', 'small']) await log.load(name)
  const update = new Uint8Array(90_000)
  const large = Array.from({ length: 10 }, () => log.append('large', [{ author: 'alice', update }]))
  await log.append('small', words('a'))
  expect(disk.batches).toBeLessThanOrEqual(2)
  await Promise.all(large)
  expect(disk.batches).toBe(10)
  await log.close()
})

test('numbers stay contiguous and nothing acknowledged is missing through random failures', async () => {
  const fate = fc.constantFrom('fails' as const, 'fails after storing' as const, 'succeeds' as const)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate, { maxLength: 12 }),
      fc.nat(2),
      fc.nat(400),
      async (writes, openings, limit) => {
        const disk = new FaultyDisk()
        const folder = await temporaryFolder()
        const log = await openLevelDocumentLog(folder, {
          openStore: disk.openStore,
          maxBatchBytes: 300 + limit,
          maxKnownDocuments: 1,
        })
        disk.writes = writes
        disk.failedOpenings = openings
        const acknowledged = new Map<string, Map<number, string>>([
          ['a', new Map()],
          ['b', new Map()],
        ])
        for (let round = 0; round < 6; round++) {
          const appends = [...acknowledged].flatMap(([name, numbers]) =>
            [0, 1].map(async (i) => {
              const word = `${round}.${i}`
              numbers.set(await log.append(name, words(word)), word)
            }),
          )
          await Promise.allSettled(appends)
        }
        await log.close()
        const again = await openLevelDocumentLog(folder)
        for (const [name, numbers] of acknowledged) {
          const { entries, lastSequence } = await again.load(name)
          expect(entries.map(({ sequence }) => sequence)).toEqual(
            Array.from({ length: lastSequence }, (_, i) => i + 1),
          )
          for (const [sequence, word] of numbers) expect(entries[sequence - 1]?.update).toEqual(bytes(word))
        }
        await again.close()
      },
    ),
    { numRuns: 20 },
  )
})
