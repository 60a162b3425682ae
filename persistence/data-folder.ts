import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { decodeCheckedLine, encodeCheckedLine } from './checked-line.ts'
import { replaceFile, syncFolder } from './durable-files.ts'
import type { KeyValueStore, OpenKeyValueStore } from './key-value-store.ts'
import { PersistenceError } from './persistence-error.ts'
import { Witness } from './witness.ts'

/** The version of everything in a data folder (FORMAT.md); a folder of a higher one is not touched. */
const FORMAT_VERSION = 2

/** The lowest version that is carried forward. Version 1 knew no history; its rows are rows of version 2. */
const OLDEST_VERSION = 1

const FORMAT_FILE = 'format.json'
/** Where LevelDB is, in a data folder. */
export const STORE_FOLDER = 'documents'
/** Where damaged files and rows are kept, in a data folder. */
export const DAMAGE_FOLDER = `${STORE_FOLDER}.damaged`
/** The witness, in a data folder. */
export const WITNESS_FILE = 'documents.witness'
const PROBE_FILE = 'room.probe'

/** LevelDB turns its log, up to 4 MiB and one batch, into a table when it is opened; and the witness may be rewritten. */
const ROOM_BYTES = 12 * 1024 * 1024

/** A data folder that is open: the store, and the witness beside it. */
export interface DataFolder {
  readonly store: KeyValueStore
  readonly witness: Witness
}

/** Where rows are read from: a folder that may be opened anew between two reads. */
export interface ReadableFolder {
  /** Rejects as `openDataFolder` and the action do. */
  read<T>(action: (folder: DataFolder) => Promise<T>): Promise<T>
}

/**
 * Opens a data folder, and makes it if there is none. Rejects with a `PersistenceError`: `locked`,
 * `unsupported-format` (also for a folder that holds something else), `damaged` or `io`.
 */
export async function openDataFolder(folder: string, openStore: OpenKeyValueStore): Promise<DataFolder> {
  try {
    const format = await readFormat(folder)
    const ready = format?.ready === true
    if (!ready) await makeFolder(folder)
    if (ready && !(await namesIn(folder)).includes(STORE_FOLDER)) {
      throw new PersistenceError('damaged', `The folder ${join(folder, STORE_FOLDER)} is missing`)
    }
    // Once a folder is ready a missing store is damage: LevelDB would make an empty one and remove the tables it finds.
    const store = await openStore(join(folder, STORE_FOLDER), { create: !ready })
    try {
      // LevelDB renames its CURRENT without syncing the folder.
      await syncFolder(join(folder, STORE_FOLDER))
      // Before anything is written that an older Codraft would take for damage.
      if (format?.ready !== true || format.version < FORMAT_VERSION)
        await writeFormat(folder, { ready: true })
      return { store, witness: await Witness.open(join(folder, WITNESS_FILE)) }
    } catch (error) {
      await store.close()
      throw error
    }
  } catch (cause) {
    if (cause instanceof PersistenceError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new PersistenceError('io', `Cannot open the data folder ${folder}: ${reason}`, { cause })
  }
}

/** Closes both; the witness first, since the store's lock guards it. */
export async function closeDataFolder({ store, witness }: DataFolder): Promise<void> {
  try {
    await witness.close()
  } finally {
    await store.close()
  }
}

/** Rejects with a `PersistenceError` with the code `io` if the disk does not take what opening the folder may write. */
export async function expectRoom(folder: string): Promise<void> {
  const path = join(folder, PROBE_FILE)
  try {
    // Not synced: file systems set space aside when it is written to.
    await writeFile(path, Buffer.alloc(ROOM_BYTES))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new PersistenceError('io', `Cannot write to the data folder ${folder}: ${reason}`, { cause })
  } finally {
    await rm(path, { force: true })
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await syncFolder(dirname(folder))
  await writeFormat(folder, { ready: false })
  await mkdir(join(folder, STORE_FOLDER), { recursive: true })
  await syncFolder(folder)
}

/** `ready` says that the store was made: before, nothing can have been stored, so making it anew loses nothing. */
async function writeFormat(folder: string, { ready }: { readonly ready: boolean }): Promise<void> {
  const format = { format: 'codraft-data', version: FORMAT_VERSION, ready }
  await replaceFile(join(folder, FORMAT_FILE), encodeCheckedLine(format))
}

/** What the folder says of itself; null for one that is absent or empty. */
async function readFormat(folder: string): Promise<{ version: number; ready: boolean } | null> {
  const files = await namesIn(folder)
  if (!files.includes(FORMAT_FILE)) {
    const foreign = files.find((file) => file !== `${FORMAT_FILE}.new`)
    if (foreign === undefined) return null
    const message = `The folder ${folder} is no Codraft data folder: it holds ${foreign} and no ${FORMAT_FILE}`
    throw new PersistenceError('unsupported-format', message)
  }
  const line = await readFile(join(folder, FORMAT_FILE), 'utf8')
  const format = line.endsWith('\n') ? decodeCheckedLine(line.slice(0, -1)) : undefined
  if (typeof format !== 'object' || format === null || !('version' in format) || !('ready' in format)) {
    throw new PersistenceError('damaged', `The file ${join(folder, FORMAT_FILE)} is damaged`)
  }
  const { version, ready } = format
  if (typeof version !== 'number' || version < OLDEST_VERSION || version > FORMAT_VERSION) {
    const message =
      `The data folder ${folder} has format version ${String(version)}; ` +
      `this Codraft reads versions ${OLDEST_VERSION} to ${FORMAT_VERSION}`
    throw new PersistenceError('unsupported-format', message)
  }
  return { version, ready: ready === true }
}

/** Whether a path is that of a data folder, of any version. */
export async function isDataFolder(path: string): Promise<boolean> {
  return (await namesIn(path)).includes(FORMAT_FILE)
}

/** Makes a damaged format file anew, after it was copied; says whether it had to. Rejects as `openDataFolder` does. */
export async function repairFormat(folder: string, copy: string): Promise<boolean> {
  try {
    await readFormat(folder)
    return false
  } catch (error) {
    if (!(error instanceof PersistenceError) || error.code !== 'damaged') throw error
    await mkdir(dirname(copy), { recursive: true })
    await replaceFile(copy, await readFile(join(folder, FORMAT_FILE)))
    await writeFormat(folder, { ready: true })
    return true
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
