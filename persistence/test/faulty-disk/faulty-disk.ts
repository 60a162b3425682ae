import { rename, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { existsSync } from 'node:fs'
import { compilePreloadLibrary } from '../preload-library.ts'

/** What a disk may do. A failing write may let some bytes pass before, so that it fails in the middle of what is written. */
export type DiskFault =
  | `write ${'ENOSPC' | 'EIO'}`
  | `write ${'ENOSPC' | 'EIO'} ${number}`
  | `sync ${'ENOSPC' | 'EIO'}`
  | `read EIO`
  | `${'write' | 'sync' | 'read'} slow ${number}`
  | `${'write' | 'sync' | 'read'} hang`

/** A folder on a disk that fails when told to, for a process that is started with its environment, such as the built server. */
export interface FaultyDisk {
  /** To be added to the environment of the process under test; it may be joined with that of a power cut. */
  readonly env: Readonly<Record<string, string>>
  /** From now on the disk has these faults, at most one for writes, one for syncs and one for reads; with none it is well. */
  becomes(...faults: readonly DiskFault[]): Promise<void>
  /** Resolves once a call hangs. */
  hangs(): Promise<void>
}

/** Compiles the library of faulty disks into a folder; null if that cannot be done here. */
export function compileFaultyDisk(folder: string): Promise<string | null> {
  return compilePreloadLibrary(new URL('faulty-disk.c', import.meta.url), folder)
}

/** Makes the disk of a folder, given by its absolute path, one that can fail. What switches it is kept beside the folder. */
export function faultyDisk(library: string, folder: string): FaultyDisk {
  const control = `${folder}.faults`
  return {
    env: { LD_PRELOAD: library, FAULTY_DISK_FOLDER: folder, FAULTY_DISK_CONTROL: control },
    becomes: async (...faults) => {
      await writeFile(`${control}.new`, faults.map((fault) => `${fault}\n`).join(''))
      await rename(`${control}.new`, control)
    },
    hangs: async () => {
      while (!existsSync(`${control}.hanging`)) await delay(5)
    },
  }
}
