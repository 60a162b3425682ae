import { cp } from 'node:fs/promises'
import { openLevelDocumentLog } from '../level-document-log.ts'
import { bytes, loaded, words } from './log-language.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A data folder with documents of every kind, and what each of them is acknowledged to hold. */
export interface SampleFolder {
  readonly folder: string
  /** Lines of `describeDocument` by document name. */
  readonly acknowledged: ReadonlyMap<string, string>
}

/**
 * Makes a data folder whose LevelDB holds rows both in tables and in its log: short documents and long ones, with and
 * without a snapshot and kept entries, some written to before the tables were made, some after, some in both times.
 */
export async function sampleFolder(): Promise<SampleFolder> {
  const folder = await temporaryFolder()
  let log = await openLevelDocumentLog(folder)
  await log.append('early', words('a b c d e f'))
  await log.append('both', words('a b c'))
  await log.append('folded', words('a b c d e f g'))
  await log.compact('folded', { snapshot: bytes('ACDE'), through: 5, keep: [2] })
  for (let i = 0; i < 60; i++) await log.append('long', words(`${'x'.repeat(200)}${i}`))
  for (let round = 0; round < 3; round++) {
    await log.close()
    log = await openLevelDocumentLog(folder)
    await log.append('both', words('d e'))
    await log.append('long', words('y'.repeat(500)))
    await log.append(`late${round}`, words('a b'))
  }
  await log.append('folded', words('h'))
  await log.compact('folded', { snapshot: bytes('ABCDEFG'), through: 7, keep: [6] })
  await log.append('both', words('f'))
  const acknowledged = new Map<string, string>()
  for await (const name of log.documentNames()) acknowledged.set(name, await loaded(log, name))
  await log.close()
  return { folder, acknowledged }
}

/** A copy of a folder, to be damaged. */
export async function copyOf(folder: string): Promise<string> {
  const copy = await temporaryFolder()
  await cp(folder, copy, { recursive: true })
  return copy
}
