import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  compileFaultyDisk,
  faultyDisk,
  type FaultyDisk,
} from '../../persistence/test/faulty-disk/faulty-disk.ts'
import { CodraftServer } from '../support/codraft-server.ts'
import { converged } from '../support/person.ts'
import { expect, test as base } from '../support/test.ts'

const NOT_SAVED = 'Not saved – the server cannot write to its disk'

/** The server's disk, which fails when it is told to. */
const test = base.extend<{ disk: FaultyDisk }, { library: string | null }>({
  library: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'codraft-e2e-'))
      await use(await compileFaultyDisk(folder))
      await rm(folder, { recursive: true })
    },
    { scope: 'worker' },
  ],
  server: async ({ library }, use) => {
    test.skip(library === null, 'failing disks need Linux and a C compiler, cc')
    const server = await CodraftServer.start({
      args: ['--max-unsaved-bytes', '64k'],
      env: (dataDir) => faultyDisk(library ?? '', dataDir).env,
    })
    await use(server)
    await server.remove()
  },
  disk: async ({ library, server }, use) => use(faultyDisk(library ?? '', server.dataDir)),
})

test('while the disk fails the page says so at once, and when it is well that everything is saved, by itself', async ({
  alice,
  bob,
  disk,
}) => {
  await alice.text.click()
  await alice.type('saved ')
  await alice.saved()
  await disk.becomes('write ENOSPC')
  await alice.type('written while it fails')
  await expect(alice.saveState).toHaveText(NOT_SAVED)
  await expect(alice.saveState).toHaveAttribute('data-save-state', 'unsaved')
  // Work goes on, and nothing is unsaved of who has only read.
  await converged([alice, bob], ([line]) => line === 'saved written while it fails')
  await expect(bob.saveState).toHaveText('Saved')
  await disk.becomes()
  await expect(alice.saveState).toHaveText('Saved')
  await converged([alice, bob], ([line]) => line === 'saved written while it fails')
})

test('what is written when the server takes no more is kept in the page, and saved by itself afterwards', async ({
  alice,
  bob,
  disk,
}) => {
  await disk.becomes('sync EIO')
  await alice.text.click()
  await alice.insert('much '.repeat(20_000))
  await expect(alice.saveState).toHaveText(NOT_SAVED)
  await alice.insert('and more')
  await expect(alice.saveState).toHaveText(NOT_SAVED)
  await disk.becomes()
  await alice.saved()
  await converged([alice, bob], ([line = '']) => line.endsWith('much and more'))
})
