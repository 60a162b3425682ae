import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import {
  compileFaultyDisk,
  faultyDisk,
  type FaultyDisk,
} from '../../persistence/test/faulty-disk/faulty-disk.ts'
import { CodraftServer } from '../support/codraft-server.ts'
import { CountingClient } from '../support/stock-client.ts'

/** A server on a disk that fails when told to, with a client whose first words are saved. */
interface Scene {
  readonly server: CodraftServer
  readonly disk: FaultyDisk
  readonly client: CountingClient
}

let folder: string
let library: string | null
let scene: Scene

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codraft-e2e-'))
  library = await compileFaultyDisk(folder)
})
test.afterAll(() => rm(folder, { recursive: true, force: true }))

test.beforeEach(async () => {
  test.skip(library === null, 'there is no C compiler, or this is not Linux')
  const server = await CodraftServer.start({
    args: ['--shutdown-timeout', '1s', '--log-level', 'error'],
    env: (dataDir) => faultyDisk(library ?? '', dataDir).env,
  })
  const disk = faultyDisk(library ?? '', server.dataDir)
  const client = await new CountingClient(server.webSocketUrl, 'team/notes').synced()
  client.text.insert(0, 'saved')
  await client.saved()
  scene = { server, disk, client }
})
test.afterEach(async () => {
  scene.client.close()
  await scene.server.remove()
})

const NAMED = 'codraft: stopped with changes that could not be saved in "team/notes"'

/** What a server finds in the folder that starts on it when the disk is well again. */
async function found(): Promise<string> {
  const { server, client } = scene
  client.close()
  await server.start()
  const fresh = await new CountingClient(server.webSocketUrl, 'team/notes').synced()
  const text = fresh.text.toJSON()
  fresh.close()
  return text
}

test('a disk that is well: everything is saved, and the exit code is 0', async () => {
  const { server, client } = scene
  client.text.insert(0, 'also ')
  expect(await server.exit('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(await found()).toBe('also saved')
})

test('a slow disk: everything is saved, and the exit code is 0', async () => {
  const { server, disk, client } = scene
  await disk.becomes('sync slow 200')
  client.text.insert(0, 'also ')
  expect(await server.exit('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(await found()).toBe('also saved')
})

for (const fault of ['write ENOSPC', 'sync EIO'] as const) {
  test(`a disk with ${fault}: the exit code is 1, and what is not saved is named`, async () => {
    const { server, disk, client } = scene
    await disk.becomes(fault)
    client.text.insert(0, 'lost? ')
    await expect.poll(async () => (await fetch(`${server.url}readyz`)).status).toBe(503)
    const metrics = await (await fetch(`${server.url}metrics`)).text()
    expect(metrics).toMatch(/^codraft_log_write_failures_total [1-9]/m)
    expect(metrics).toMatch(/^codraft_log_write_seconds_count [1-9]/m)
    expect(await server.exit('SIGTERM')).toEqual({ code: 1, signal: null })
    expect(server.log).toContain(NAMED)
    expect(server.log).toContain('"documents":["team/notes"]')
    expect(client.acked).toBeLessThan(client.sent)
    await disk.becomes()
    expect(await found()).toContain('saved')
  })
}

test('a disk that hangs: it ends in its time all the same, by force', async () => {
  const { server, disk, client } = scene
  await disk.becomes('sync hang')
  client.text.insert(0, 'lost? ')
  await disk.hangs()
  expect(await server.exit('SIGTERM')).toEqual({ code: null, signal: 'SIGKILL' })
  expect(server.log).toContain(NAMED)
  await disk.becomes()
  expect(await found()).toContain('saved')
})

test('a second SIGTERM ends it at once, and names what is not saved', async () => {
  const { server, disk, client } = scene
  await disk.becomes('sync EIO')
  client.text.insert(0, 'lost? ')
  await expect.poll(async () => (await fetch(`${server.url}readyz`)).status).toBe(503)
  expect(await server.exit('SIGTERM', 'SIGTERM')).toEqual({ code: 1, signal: null })
  expect(server.log).toContain(NAMED)
})

test('one Ctrl-C that arrives twice is one', async () => {
  const { server, client } = scene
  client.text.insert(0, 'also ')
  expect(await server.exit('SIGINT', 'SIGINT')).toEqual({ code: 0, signal: null })
  expect(await found()).toBe('also saved')
})
