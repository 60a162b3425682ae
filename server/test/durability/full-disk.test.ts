import { unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { CodraftServer } from '../../../e2e/support/codraft-server.ts'
import { mountSmallDisk } from '../../../persistence/test/small-disk.ts'
import { TestClient } from '../support/test-client.ts'
import { storageNews, type, typeUntil, untilTold } from './storage-news.ts'
import { judge } from './stored-promises.ts'

const DISK_BYTES = 48 * 1024 * 1024

const disk = await mountSmallDisk(DISK_BYTES)
afterAll(() => disk?.unmount())
const noMount = disk === null ? ' (not tested here: it needs Linux, and the right to mount a tmpfs)' : ''

test.skipIf(disk === null)(
  `a server whose disk is really full acks nothing, and saves everything once there is room${noMount}`,
  async () => {
    const server = await CodraftServer.create({ within: disk?.folder ?? '' })
    onTestFinished(() => server.remove())
    await server.start()
    const alice = await TestClient.connect(server.url, 'plan')
    const filler = join(disk?.folder ?? '', 'filler')
    for (let round = 0; round < 2; round++) {
      type(alice)
      await alice.untilSaved()
      await expect(writeFile(filler, Buffer.alloc(DISK_BYTES))).rejects.toThrow('ENOSPC')
      // LevelDB may still have room of its own.
      await typeUntil(alice, () => storageNews(alice).at(-1) === 'failing')
      const { acked } = alice
      type(alice, 'while it is full')
      await alice.roundTrip()
      expect((await fetch(`${server.url}readyz`)).status).toBe(503)
      expect(alice.acked).toBe(acked)
      await unlink(filler)
      await untilTold(alice, 'working')
      await alice.untilSaved()
    }
    await server.signal('SIGKILL')
    const people = [{ documentName: 'plan', connections: [alice] }]
    expect(await judge(server.dataDir, people, { mayRepeat: true })).toMatchObject({ broken: [] })
  },
  60_000,
)
