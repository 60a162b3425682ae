import { expect, test } from 'vitest'
import { openLevelDocumentLog } from '../level-document-log.ts'
import { Acknowledged, appendAndKill, startAppending } from './killed-process.ts'
import { failureOf } from './log-language.ts'
import { temporaryFolder } from './temporary-folder.ts'

const kills = Number(process.env['CODRAFT_KILLS'] ?? 5)

test(
  `nothing that was acknowledged is missing after ${kills} kills at random moments`,
  async () => {
    const folder = await temporaryFolder()
    const acknowledged = new Acknowledged()
    for (let kill = 0; kill < kills; kill++) {
      await appendAndKill(folder, acknowledged)
      expect(await acknowledged.missingFrom(folder)).toEqual([])
    }
    expect(acknowledged.count()).toBeGreaterThan(0)
  },
  60_000 + kills * 5_000,
)

test('a folder that another process has open is locked, and free once that process is killed', async () => {
  const folder = await temporaryFolder()
  const { child, firstLine, ended } = startAppending(folder, new Acknowledged())
  await firstLine
  expect(await failureOf(openLevelDocumentLog(folder))).toBe('locked')
  child.kill('SIGKILL')
  await ended
  const log = await openLevelDocumentLog(folder)
  expect(await failureOf(openLevelDocumentLog(folder))).toBe('locked')
  await log.close()
})
