import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openLevelDocumentLog } from '../level-document-log.ts'
import { Acknowledged, appendAndKill, startAppending } from './killed-process.ts'
import { compilePowerCut, powerOn } from './power-cut/power-cut.ts'
import { temporaryFolder } from './temporary-folder.ts'

const cuts = Number(process.env['CODRAFT_KILLS'] ?? 5)
const tools = await mkdtemp(join(tmpdir(), 'codraft-power-cut-'))
afterAll(() => rm(tools, { recursive: true }))
const library = await compilePowerCut(tools)

/** A folder within one that is removed with all that lies beside it. */
async function poweredFolder(): Promise<string> {
  const folder = join(await temporaryFolder(), 'data')
  await mkdir(folder)
  return folder
}

const reason = library === null ? ' (not tested here: they need Linux and a C compiler, cc)' : ''

describe.skipIf(library === null)(`power cuts${reason}`, () => {
  test.each([
    ['all that was not synced is gone', { torn: false }],
    ['a part of what was not synced is there', { torn: true }],
  ])(
    `nothing that was acknowledged is missing after ${cuts} of them at random moments, when %s`,
    async (_, { torn }) => {
      const folder = await poweredFolder()
      const acknowledged = new Acknowledged()
      for (let cut = 0; cut < cuts; cut++) {
        const power = await powerOn(library ?? '', folder)
        await appendAndKill(folder, acknowledged, power.env)
        await power.cut({ random: Math.random, torn })
        expect(await acknowledged.missingFrom(folder)).toEqual([])
      }
    },
    60_000 + cuts * 5_000,
  )

  test('acknowledged entries do go missing on a disk that lies about syncing', async () => {
    const folder = await poweredFolder()
    const log = await openLevelDocumentLog(folder)
    await log.append('document 0', [{ author: 'alice', update: new Uint8Array(1) }])
    await log.close()
    const acknowledged = new Acknowledged()
    const power = await powerOn(library ?? '', folder, { lying: true })
    const { child, firstLine, ended } = startAppending(folder, acknowledged, power.env)
    await firstLine
    child.kill('SIGKILL')
    await ended
    await power.cut({ random: () => 0, torn: false })
    const missing = await acknowledged.missingFrom(folder)
    expect(missing).toHaveLength(acknowledged.count())
  })
})
