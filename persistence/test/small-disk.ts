import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A file system of its own, which is soon full. */
export interface SmallDisk {
  readonly folder: string
  unmount(): Promise<void>
}

/** Mounts a file system of so many bytes in memory; null if that is not allowed here. */
export async function mountSmallDisk(bytes: number): Promise<SmallDisk | null> {
  if (process.platform !== 'linux') return null
  const folder = await mkdtemp(join(tmpdir(), 'codraft-small-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder])
  } catch {
    await rm(folder, { recursive: true })
    return null
  }
  return {
    folder,
    unmount: async () => {
      await run('umount', [folder])
      await rm(folder, { recursive: true })
    },
  }
}
