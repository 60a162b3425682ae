import { execFile } from 'node:child_process'
import { mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { encodeCheckedLine } from '../checked-line.ts'
import { openLevelDocumentLog } from '../level-document-log.ts'
import { documentLogSuite } from './document-log-suite.ts'
import { historyLogSuite } from './history-suite.ts'
import { bytes, failureOf, listedNames, loaded, remembered, words } from './log-language.ts'
import type { LogPlace } from './random-steps.ts'
import { temporaryFolder } from './temporary-folder.ts'

const place = async (): Promise<LogPlace> => {
  const folder = await temporaryFolder()
  return { open: (options) => openLevelDocumentLog(folder, options) }
}

documentLogSuite('LevelDB', { durable: true, place })
historyLogSuite('LevelDB', place)

describe('the data folder', () => {
  test('is made if it is missing, with all above it', async () => {
    const folder = join(await temporaryFolder(), 'var', 'lib')
    const log = await openLevelDocumentLog(folder)
    await log.append('plan', words('a'))
    await log.close()
    expect((await readdir(folder)).toSorted()).toEqual(['documents', 'documents.witness', 'format.json'])
  })

  test('is locked for a second log in this process and in another, also after the first attempt', async () => {
    const folder = await temporaryFolder()
    const log = await openLevelDocumentLog(folder)
    expect(await failureOf(openLevelDocumentLog(folder))).toBe('locked')
    const alias = join(await temporaryFolder(), 'alias')
    await symlink(folder, alias)
    expect(await failureOf(openLevelDocumentLog(alias))).toBe('locked')
    const script = fileURLToPath(new URL('appending-process.ts', import.meta.url))
    const other = promisify(execFile)(process.execPath, ['--import', 'tsx', script, folder], {
      timeout: 10_000,
    })
    await expect(other).rejects.toHaveProperty('stderr', expect.stringContaining("code: 'locked'"))
    await log.close()
    await (await openLevelDocumentLog(folder)).close()
  })

  test('of a newer format is refused with both versions, and is not touched', async () => {
    const folder = await temporaryFolder()
    await (await openLevelDocumentLog(folder)).close()
    await writeFile(
      join(folder, 'format.json'),
      encodeCheckedLine({ format: 'codraft-data', version: 7, ready: true }),
    )
    const opened = openLevelDocumentLog(folder)
    expect(await failureOf(opened)).toBe('unsupported-format')
    await expect(opened).rejects.toThrow(/has format version 7; this Codraft reads versions 1 to 2$/)
  })

  test('of version 1, which knew no history, is carried forward, and its history begins with the snapshot', async () => {
    const folder = await temporaryFolder()
    // Its rows are those of a log that keeps no history.
    const before = await openLevelDocumentLog(folder, { keepHistory: false })
    await before.append('plan', words('a b c'))
    await before.compact('plan', { snapshot: bytes('AC'), through: 3, keep: [2] })
    await before.append('plan', words('d'))
    await before.append('notes', words('a b'))
    await before.close()
    const format = join(folder, 'format.json')
    await writeFile(format, encodeCheckedLine({ format: 'codraft-data', version: 1, ready: true }))

    const log = await openLevelDocumentLog(folder)
    expect(await readFile(format, 'utf8')).toContain('"version":2')
    expect(await remembered(log, 'plan')).toBe('AC@3|2:b 4:d')
    await log.compact('plan', { snapshot: bytes('ABCD'), through: 4, keep: [] })
    await log.compact('notes', { snapshot: bytes('AB'), through: 2, keep: [] })
    expect(await loaded(log, 'plan')).toBe('ABCD@4||4')
    expect(await remembered(log, 'plan')).toBe('AC@3|2:b 4:d')
    expect(await remembered(log, 'notes')).toBe('|1:a 2:b')
    await log.close()
  })

  test('opened without history loses what there is of it with the next compaction', async () => {
    const folder = await temporaryFolder()
    const keeping = await openLevelDocumentLog(folder)
    await keeping.append('plan', words('a b'))
    await keeping.compact('plan', { snapshot: bytes('A'), through: 2, keep: [2] })
    await keeping.close()
    const log = await openLevelDocumentLog(folder, { keepHistory: false })
    await log.append('plan', words('c'))
    await log.compact('plan', { snapshot: bytes('ABC'), through: 3, keep: [] })
    expect(await remembered(log, 'plan')).toBe('ABC@3|')
    expect(await log.historySegments('plan')).toEqual([])
    await log.close()
  })

  test('that holds something else is refused, and is not touched', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'letter.txt'), 'Dear Sir')
    const opened = openLevelDocumentLog(folder)
    expect(await failureOf(opened)).toBe('unsupported-format')
    await expect(opened).rejects.toThrow('is no Codraft data folder: it holds letter.txt and no format.json')
    expect(await readdir(folder)).toEqual(['letter.txt'])
  })

  test('whose store was removed is damaged, and is not made anew', async () => {
    const folder = await temporaryFolder()
    await (await openLevelDocumentLog(folder)).close()
    await rm(join(folder, 'documents'), { recursive: true })
    expect(await failureOf(openLevelDocumentLog(folder))).toBe('damaged')
    expect(await readdir(folder)).toEqual(['documents.witness', 'format.json'])
  })

  test('whose making was interrupted is made', async () => {
    const folder = await temporaryFolder()
    await writeFile(
      join(folder, 'format.json'),
      encodeCheckedLine({ format: 'codraft-data', version: 1, ready: false }),
    )
    await mkdir(join(folder, 'documents'))
    await writeFile(join(folder, 'documents', 'MANIFEST-000001'), '')
    const log = await openLevelDocumentLog(folder)
    expect(await listedNames(log)).toEqual([])
    await log.close()
  })
})

describe('the witness', () => {
  test('stays small however often the same documents are written to', async () => {
    const folder = await temporaryFolder()
    const log = await openLevelDocumentLog(folder)
    const appends = Array.from({ length: 200 }, () => log.append('plan', words('a')))
    await Promise.all(appends)
    for (let i = 0; i < 1500; i++) await log.append('plan', words('a'))
    await log.close()
    expect((await stat(join(folder, 'documents.witness'))).size).toBeLessThan(70_000)
    const lines = (await readFile(join(folder, 'documents.witness'), 'utf8')).trim().split('\n')
    expect(lines.at(-1)).toMatch(/^[0-9a-f]{8} \["plan",\d+,1700\]$/)
  })

  test('is made anew from what is appended when it is gone', async () => {
    const folder = await temporaryFolder()
    const first = await openLevelDocumentLog(folder)
    await first.append('old', words('a'))
    await first.append('plan', words('a'))
    await first.close()
    await rm(join(folder, 'documents.witness'))
    const second = await openLevelDocumentLog(folder)
    expect(await listedNames(second)).toEqual(['old', 'plan'])
    await second.append('plan', words('b'))
    expect(await loaded(second, 'plan')).toBe('|1:a 2:b|2')
    await second.close()
    expect(await readFile(join(folder, 'documents.witness'), 'utf8')).toMatch(/ \["plan",2,2\]\n$/)
  })
})
