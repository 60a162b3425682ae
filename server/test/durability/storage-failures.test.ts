import { describe, expect, test } from 'vitest'
import type { DiskFault } from '../../../persistence/test/faulty-disk/faulty-disk.ts'
import { noFaultyDisks, ServerOnFaultyDisk } from './server-on-faulty-disk.ts'
import { storageNews, type, typeUntil, untilTold } from './storage-news.ts'

const MIB = 1024 * 1024

describe.skipIf(noFaultyDisks !== '')(`a server${noFaultyDisks}`, { timeout: 90_000 }, () => {
  test.each<[string, DiskFault[]]>([
    ['whose disk is full', ['write ENOSPC']],
    ['whose disk gets full in the middle of a batch', ['write ENOSPC 700']],
    ['whose disk cannot write', ['write EIO 50']],
    ['whose disk cannot sync', ['sync EIO']],
    ['whose disk neither writes nor syncs', ['write ENOSPC 2000', 'sync EIO']],
  ])(
    '%s says so, acks nothing, relays all the same, and saves everything by itself afterwards',
    async (_, faults) => {
      const server = await ServerOnFaultyDisk.start()
      const alice = await server.join('plan')
      const bob = await server.join('plan')
      const stock = await server.joinStock('plan')
      type(alice)
      await alice.untilSaved()

      await server.diskBecomes(...faults)
      await typeUntil(alice, () => storageNews(alice).length > 0)
      const { acked, sent } = alice
      await untilTold(bob, 'failing')
      expect(await server.readiness()).toEqual({
        status: 503,
        reason: 'the storage does not take what is written in 1 document(s)',
        oldestUnsavedSeconds: expect.any(Number),
      })
      type(alice, 'while it fails')
      await bob.until(() => bob.text.toJSON().endsWith('while it fails'))
      await stock.until(() => stock.text.toJSON().endsWith('while it fails'))
      const carol = await server.join('plan')
      expect(carol.text.toJSON()).toBe(alice.text.toJSON())
      await untilTold(carol, 'failing')
      expect(alice.acked).toBe(acked)
      expect(acked).toBeLessThan(sent)

      await server.diskBecomes()
      // Nobody types any more.
      await alice.untilSaved()
      await Promise.all([alice, bob, carol].map((client) => untilTold(client, 'working')))
      expect(storageNews(alice)).toEqual(['failing', 'working'])
      expect(storageNews(carol)).toEqual(['failing', 'working'])
      expect(await server.readiness()).toEqual({ status: 200 })
      expect(await server.brokenPromises()).toEqual([])
    },
  )

  test('whose disk fails again and again in different ways keeps every promise', async () => {
    const server = await ServerOnFaultyDisk.start()
    const alice = await server.join('plan')
    const bob = await server.join('notes')
    const everything: DiskFault[][] = [['write ENOSPC 100'], ['sync EIO'], ['write EIO'], ['sync ENOSPC'], []]
    for (const faults of everything) {
      await server.diskBecomes(...faults)
      for (const client of [alice, bob]) {
        const before = client.sent
        await typeUntil(client, () => client.sent > before + 40)
      }
    }
    await Promise.all([alice.untilSaved(), bob.untilSaved()])
    expect(await server.brokenPromises()).toEqual([])
  })

  test('that is killed while its disk fails has what it had acked', async () => {
    const server = await ServerOnFaultyDisk.start()
    const alice = await server.join('plan')
    await typeUntil(alice, () => alice.acked > 20)
    await server.diskBecomes('sync EIO')
    await typeUntil(alice, () => storageNews(alice).length > 0)
    expect(await server.brokenPromises()).toEqual([])
    await server.diskBecomes()
    await server.start()
    // What was not acked she still has, and brings.
    const again = await server.join('plan', { doc: alice.doc })
    await again.untilSaved()
    expect((await server.join('plan')).text.toJSON()).toBe(alice.text.toJSON())
  })

  test('whose disk takes 2 s for a sync acks as late, and calls that no failure', async () => {
    const server = await ServerOnFaultyDisk.start()
    const alice = await server.join('plan')
    type(alice)
    await alice.untilSaved()
    await server.diskBecomes('sync slow 2000')
    const started = performance.now()
    type(alice)
    await alice.untilSaved()
    expect(performance.now() - started).toBeGreaterThan(1_990)
    expect(storageNews(alice)).toEqual([])
    expect(await server.readiness()).toEqual({ status: 200 })
    await server.diskBecomes()
    expect(await server.brokenPromises()).toEqual([])
  })

  test('whose disk hangs acks nothing, relays all the same, says that it is not ready, and goes on when the disk does', async () => {
    const server = await ServerOnFaultyDisk.start()
    const alice = await server.join('plan')
    const bob = await server.join('plan')
    type(alice)
    await alice.untilSaved()
    await server.diskBecomes('sync hang')
    const { acked } = alice
    type(alice, 'while it hangs')
    await server.diskHangs()
    await bob.until(() => bob.text.toJSON().endsWith('while it hangs'))
    await server.untilUnready('the storage does not answer')
    expect((await server.join('plan')).text.toJSON()).toBe(alice.text.toJSON())
    expect(alice.acked).toBe(acked)
    await server.diskBecomes()
    await alice.untilSaved()
    expect(await server.readiness()).toEqual({ status: 200 })
    expect(await server.brokenPromises()).toEqual([])
  })

  test.each<[string, DiskFault]>([
    ['is full', 'write ENOSPC'],
    ['cannot sync', 'sync EIO'],
    ['cannot be read', 'read EIO'],
  ])('whose disk %s at its start ends with one line, and starts when the disk is well', async (_, fault) => {
    const server = await ServerOnFaultyDisk.start()
    const alice = await server.join('plan')
    type(alice)
    await alice.untilSaved()
    await server.server.signal('SIGKILL')
    await server.diskBecomes(fault)
    server.server.log = ''
    await expect(server.start()).rejects.toThrow('the server did not start')
    expect(server.server.log).toMatch(/^codraft: .+\n$/)
    await server.diskBecomes()
    await server.start()
    expect((await server.join('plan')).text.toJSON()).toBe('x')
    expect(await server.brokenPromises()).toEqual([])
  })

  test('whose disk cannot be read refuses a document for now, and serves no empty one in its place', async () => {
    const server = await ServerOnFaultyDisk.start()
    const alice = await server.join('plan')
    type(alice)
    await alice.untilSaved()
    await server.server.signal('SIGKILL')
    // Opening the folder makes a table of the log; the second time it is one that LevelDB has not read yet.
    await server.start()
    await server.server.signal('SIGKILL')
    await server.start()
    await server.diskBecomes('read EIO')
    const bob = await server.connect('plan')
    expect(await bob.untilClosed()).toBe(4502)
    expect(bob.count('sync-step-1')).toBe(0)
    await server.diskBecomes()
    expect((await server.join('plan')).text.toJSON()).toBe('x')
    expect(await server.brokenPromises()).toEqual([])
  })

  test('whose disk is full still opens documents that nobody has open', async () => {
    const server = await ServerOnFaultyDisk.start()
    const alice = await server.join('plan')
    type(alice, 'kept')
    await alice.untilSaved()
    await server.server.signal('SIGKILL')
    await server.start()
    const bob = await server.join('notes')
    await server.diskBecomes('write ENOSPC')
    await typeUntil(bob, () => storageNews(bob).length > 0)
    expect((await server.join('plan')).text.toJSON()).toBe('kept')
    await server.diskBecomes()
    await bob.untilSaved()
    expect(await server.brokenPromises()).toEqual([])
  })

  test('whose disk gets full during a compaction loses nothing, and compacts later', async () => {
    const server = await ServerOnFaultyDisk.start('--compact-after', '10')
    const alice = await server.join('plan')
    type(alice, 'large '.repeat(20_000))
    await alice.untilSaved()
    // Room for what is typed, and not for another snapshot.
    await server.diskBecomes('write ENOSPC 60000')
    await typeUntil(alice, () => server.server.log.includes('could not compact the log'))
    await server.diskBecomes()
    await typeUntil(alice, () => alice.sent > 200)
    await alice.untilSaved()
    expect(await server.brokenPromises()).toEqual([])
  })

  test('that is stopped while its disk fails saves and acks everything if the disk recovers in time', async () => {
    const server = await ServerOnFaultyDisk.start('--shutdown-timeout', '20s')
    const alice = await server.join('plan')
    await server.diskBecomes('write ENOSPC')
    await typeUntil(alice, () => storageNews(alice).length > 0)
    const exited = server.server.signal('SIGTERM')
    await server.untilUnready('the server is stopping')
    await server.diskBecomes()
    expect(await exited).toBe(0)
    expect(await alice.untilClosed()).toBe(4503)
    expect(alice.acked).toBe(alice.sent)
    expect(await server.brokenPromises()).toEqual([])
  })

  test('that holds as much unsaved as it may closes who brings more for now, in a bound of memory, and they heal by the next sync', async () => {
    const server = await ServerOnFaultyDisk.start('--max-unsaved-bytes', '1M')
    const alice = await server.join('plan')
    const bob = await server.join('plan')
    type(alice)
    await alice.untilSaved()
    await server.diskBecomes('write ENOSPC')
    const before = await server.server.residentBytes()
    while (alice.closeCode === null) {
      type(alice, 'y'.repeat(200_000))
      await alice.roundTrip()
    }
    expect(alice.closeCode).toBe(4507)
    // Who only reads stays, and reads.
    await bob.roundTrip()
    expect(bob.closeCode).toBeNull()
    for (let attempt = 0; attempt < 20; attempt++) {
      const again = await server.connect('plan', { doc: alice.doc })
      expect(await again.untilClosed()).toBe(4507)
      expect(again.acked).toBe(0)
      type(alice, 'z'.repeat(200_000))
    }
    expect((await server.server.residentBytes()) - before).toBeLessThan(100 * MIB)
    expect(await server.readiness()).toMatchObject({ status: 503 })
    const [stock, otherStock] = [await server.joinStock('notes'), await server.joinStock('notes')]
    stock.text.insert(0, 'from a stock client')

    await server.diskBecomes()
    await untilTold(bob, 'working')
    await otherStock.until(() => otherStock.text.toJSON() === 'from a stock client')
    const healed = await server.join('plan', { doc: alice.doc })
    await healed.untilSaved()
    await bob.roundTrip()
    expect(bob.text.toJSON()).toBe(alice.text.toJSON())
    expect(await server.brokenPromises()).toEqual([])
  })
})
