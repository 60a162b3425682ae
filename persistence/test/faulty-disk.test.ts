import { mkdir, mkdtemp, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { compileFaultyDisk, faultyDisk, type DiskFault, type FaultyDisk } from './faulty-disk/faulty-disk.ts'
import { Acknowledged, startAppending, type AppendingProcess } from './killed-process.ts'
import { compilePowerCut, powerOn } from './power-cut/power-cut.ts'
import { mountSmallDisk } from './small-disk.ts'
import { temporaryFolder } from './temporary-folder.ts'

const tools = await mkdtemp(join(tmpdir(), 'codraft-faulty-disk-'))
afterAll(() => rm(tools, { recursive: true }))
const library = await compileFaultyDisk(tools)
const powerCut = await compilePowerCut(tools)

/** A process that appends on a disk that can fail, and goes on after failures. */
class Appender {
  readonly disk: FaultyDisk
  readonly #process: AppendingProcess
  readonly #folder: string
  readonly #acknowledged = new Acknowledged()

  constructor(folder: string, env: Readonly<Record<string, string>> = {}) {
    this.#folder = folder
    this.disk = faultyDisk(library ?? '', folder)
    const both = [this.disk.env['LD_PRELOAD'], env['LD_PRELOAD']].filter(Boolean).join(':')
    const all = { ...this.disk.env, ...env, LD_PRELOAD: both }
    this.#process = startAppending(folder, this.#acknowledged, all, { again: true })
  }

  static async start(): Promise<Appender> {
    const appender = new Appender(await newFolder())
    await appender.appendsMore()
    return appender
  }

  /** Resolves once some more appends of every document were acknowledged. */
  async appendsMore(): Promise<void> {
    const before = this.#acknowledged.count()
    await this.#process.until(() => this.#acknowledged.count() >= before + 100)
  }

  /** Resolves once several more attempts have failed. */
  async failsMore(): Promise<void> {
    const before = this.#process.failures.length
    await this.#process.until(() => this.#process.failures.length >= before + 6)
  }

  /** The codes of the failures so far. */
  failures(): string[] {
    return [...new Set(this.#process.failures)]
  }

  async kill(): Promise<void> {
    this.#process.child.kill('SIGKILL')
    await this.#process.ended
  }

  missing(): Promise<string[]> {
    return this.#acknowledged.missingFrom(this.#folder)
  }
}

async function newFolder(): Promise<string> {
  const folder = join(await temporaryFolder(), 'data')
  await mkdir(folder)
  return folder
}

const reason = library === null ? ' (not tested here: it needs Linux and a C compiler, cc)' : ''

describe.skipIf(library === null)(`a disk that fails below LevelDB${reason}`, () => {
  test.each<[string, DiskFault]>([
    ['is full', 'write ENOSPC'],
    ['gets full in the middle of a batch', 'write ENOSPC 5000'],
    ['gets full in the middle of a record', 'write ENOSPC 3'],
    ['has an I/O error in writing', 'write EIO 700'],
    ['has an I/O error in syncing', 'sync EIO'],
    ['is full when it syncs', 'sync ENOSPC'],
  ])('that %s fails appends, and loses nothing; when it is well they succeed again', async (_, fault) => {
    const appender = await Appender.start()
    await appender.disk.becomes(fault)
    await appender.failsMore()
    await appender.disk.becomes()
    await appender.appendsMore()
    await appender.kill()
    expect(appender.failures()).toEqual(['io'])
    expect(await appender.missing()).toEqual([])
  })

  test('that fails for long, each time in another way, loses nothing', async () => {
    const appender = await Appender.start()
    const faults: DiskFault[] = [
      'write ENOSPC',
      'sync EIO',
      'write EIO 100',
      'sync ENOSPC',
      'write ENOSPC 40000',
    ]
    for (const fault of [...faults, ...faults.toReversed()]) {
      await appender.disk.becomes(fault)
      await appender.failsMore()
    }
    await appender.disk.becomes()
    await appender.appendsMore()
    await appender.kill()
    expect(appender.failures()).toEqual(['io'])
    expect(await appender.missing()).toEqual([])
  })

  test('whose process is killed before it is well again loses nothing', async () => {
    const appender = await Appender.start()
    for (const fault of ['sync EIO', 'write ENOSPC 200'] satisfies DiskFault[]) {
      await appender.disk.becomes(fault)
      await appender.failsMore()
      await appender.disk.becomes()
      await appender.appendsMore()
    }
    await appender.disk.becomes('sync EIO')
    await appender.failsMore()
    await appender.kill()
    expect(await appender.missing()).toEqual([])
  })

  test.each<[string, DiskFault]>([
    ['syncing', 'sync hang'],
    ['writing', 'write hang'],
  ])('that hangs in %s delays appends, and neither fails nor loses any', async (_, fault) => {
    const appender = await Appender.start()
    await appender.disk.becomes(fault)
    await appender.disk.hangs()
    await appender.disk.becomes()
    await appender.appendsMore()
    await appender.kill()
    expect(appender.failures()).toEqual([])
    expect(await appender.missing()).toEqual([])
  })

  test('that hangs in syncing has acknowledged nothing of what it hangs in', async () => {
    const appender = await Appender.start()
    await appender.disk.becomes('sync hang')
    await appender.disk.hangs()
    await appender.kill()
    expect(await appender.missing()).toEqual([])
  })

  test('that syncs slowly delays appends, and fails none', async () => {
    const appender = await Appender.start()
    await appender.disk.becomes('sync slow 5')
    await appender.appendsMore()
    await appender.kill()
    expect(appender.failures()).toEqual([])
    expect(await appender.missing()).toEqual([])
  })

  test('whose syncs fail, and which loses what they failed to sync in a power cut, loses nothing acknowledged', async () => {
    const folder = await newFolder()
    const power = await powerOn(powerCut ?? '', folder)
    const appender = new Appender(folder, power.env)
    await appender.appendsMore()
    await appender.disk.becomes('sync EIO')
    await appender.failsMore()
    await appender.disk.becomes()
    await appender.appendsMore()
    await appender.kill()
    await power.cut({ random: Math.random, torn: true })
    expect(await appender.missing()).toEqual([])
  })
})

const disk = await mountSmallDisk(48 * 1024 * 1024)
afterAll(() => disk?.unmount())
const noMount = disk === null ? ' (not tested here: it needs Linux, and the right to mount a tmpfs)' : ''

test.skipIf(disk === null)(
  `a disk that is really full fails appends, and loses nothing${noMount}`,
  async () => {
    const folder = join(disk?.folder ?? '', 'data')
    await mkdir(folder)
    const acknowledged = new Acknowledged()
    const process = startAppending(folder, acknowledged, {}, { again: true })
    await process.until(() => acknowledged.count() >= 100)
    const filler = join(disk?.folder ?? '', 'filler')
    for (let round = 0; round < 3; round++) {
      await expect(writeFile(filler, Buffer.alloc(64 * 1024 * 1024))).rejects.toThrow('ENOSPC')
      const failed = process.failures.length
      await process.until(() => process.failures.length >= failed + 6)
      await unlink(filler)
      const before = acknowledged.count()
      await process.until(() => acknowledged.count() >= before + 100)
    }
    process.child.kill('SIGKILL')
    await process.ended
    expect(new Set(process.failures)).toEqual(new Set(['io']))
    expect(await acknowledged.missingFrom(folder)).toEqual([])
  },
)
