import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { MemoryDocumentLog, type DocumentLog, type HistoryLog } from '../../../persistence/index.ts'
import { readServeConfig } from '../../config.ts'
import { serve, type RunningServer, type ServeOptions } from '../../serve.ts'
import type { Flags } from '../../settings.ts'

/** A server on a port of its own, with a log in memory unless told otherwise; stopped when the test ends. */
export async function startServer(
  options: Partial<ServeOptions> & { log?: DocumentLog & HistoryLog; flags?: Flags } = {},
): Promise<RunningServer> {
  const { log = new MemoryDocumentLog(), flags = {}, ...rest } = options
  const appDir = await temporaryFolder()
  await writeFile(join(appDir, 'index.html'), '<base href="__BASE_PATH__/"><title>Home</title>')
  await writeFile(join(appDir, 'document.html'), '<base href="__BASE_PATH__/"><title>Document</title>')
  await writeFile(join(appDir, 'codraft-editor.js'), 'export {}')
  const config = readServeConfig({ port: '0', ...flags }, {})
  const server = await serve(config, {
    appDir,
    logger: pino({ level: 'silent' }),
    version: '0.0.0',
    openLog: () => Promise.resolve(log),
    ...rest,
  })
  onTestFinished(async () => void (await server.stop()))
  return server
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'codraft-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
