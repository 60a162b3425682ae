import { cp, realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AbstractLevelDOWN } from 'abstract-leveldown'
import levelup, { type LevelUp } from 'levelup'
import type { KeyRange } from './keys.ts'
import type { KeyValueStore, Row, RowChange } from './key-value-store.ts'
import { containDamage } from './level-files.ts'
import { PersistenceError } from './persistence-error.ts'

// @types/leveldown's default export is not callable under nodenext, and no other declaration fits.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const leveldown = createRequire(import.meta.url)('leveldown') as Leveldown

/** What leveldown has beyond what its declared base knows. */
interface Level extends AbstractLevelDOWN<Buffer, Buffer> {
  compactRange(from: Buffer, to: Buffer, callback: (error: unknown) => void): void
}

interface Leveldown {
  (location: string): Level
  repair(location: string, callback: (error: unknown) => void): void
}

/**
 * How many bytes of rows an iterator fetches at a time. leveldown's default of 16 KiB costs a thread switch each; a megabyte of
 * keystrokes holds the event loop for 15,000 callbacks in a row.
 */
const READ_AHEAD_BYTES = 128 * 1024

/**
 * The folders that this process has open. LevelDB's own table of them is of no use: to look into it, it opens and closes
 * the lock file, and closing any descriptor of a file gives up all of the process's POSIX locks on it.
 */
const openFolders = new Set<string>()

/**
 * Opens LevelDB in a folder, through leveldown under levelup. This module is the only one that touches either, so
 * that a successor with the same files (classic-level) changes nothing else. While it is open nothing else in this
 * process may open the file LOCK in it, not even to copy it: that would unlock the folder for other processes.
 */
export async function openLevelStore(
  folder: string,
  { create }: { readonly create: boolean },
): Promise<KeyValueStore> {
  const path = await realpath(folder)
  if (openFolders.has(path)) throw lockedError(folder)
  openFolders.add(path)
  try {
    if (!create) await containDamage(folder, `${folder}.damaged`, () => expectUnlocked(folder))
    // Uncompressed: updates are mostly incompressible, and what is stored can be checked by its own bytes.
    const level = await openLevel(folder, { createIfMissing: create, compression: false })
    return new LevelStore(level, () => openFolders.delete(path))
  } catch (error) {
    openFolders.delete(path)
    throw error
  }
}

/** LevelDB, opened: levelup for everything, and what is below it for batches. */
interface OpenLevel {
  readonly db: LevelUp
  readonly raw: Level
}

/**
 * Has LevelDB make a folder readable that it does not open: from the tables and logs that it can read it makes an index anew.
 * Before, the whole folder is copied to `copy`, and what LevelDB could end the process over is taken out. Rejects with a
 * `PersistenceError`, `locked` if another one has the folder open.
 */
export async function repairLevelStore(folder: string, copy: string): Promise<void> {
  const path = await realpath(folder)
  if (openFolders.has(path)) throw lockedError(folder)
  openFolders.add(path)
  try {
    // LevelDB's repair does not look for itself.
    await expectUnlocked(folder)
    await cp(folder, copy, { recursive: true, errorOnExist: true })
    await containDamage(folder, `${folder}.damaged`, async () => {}, { removesTables: true })
    await new Promise<void>((resolve, reject) => {
      leveldown.repair(folder, (cause) => {
        if (cause === undefined || cause === null) resolve()
        else
          reject(new PersistenceError('damaged', `Cannot repair ${folder}: ${messageOf(cause)}`, { cause }))
      })
    })
  } finally {
    openFolders.delete(path)
  }
}

function openLevel(folder: string, options: Record<string, boolean>): Promise<OpenLevel> {
  return new Promise((resolve, reject) => {
    const raw = leveldown(folder)
    const db: LevelUp = levelup(raw, options, (error) => {
      if (error === undefined || error === null) resolve({ db, raw })
      else reject(openError(error, folder))
    })
  })
}

/** Rejects if another one has the store open. LevelDB takes its lock first, and then this option makes it stop. */
async function expectUnlocked(folder: string): Promise<void> {
  try {
    const { db } = await openLevel(folder, { createIfMissing: false, errorIfExists: true })
    await db.close()
  } catch (error) {
    if (error instanceof PersistenceError && error.code === 'locked') throw error
  }
}

/** LevelDB behind the guards that it needs: use after `close` ends the process in raw leveldown. */
class LevelStore implements KeyValueStore {
  readonly #db: LevelUp
  readonly #raw: Level
  readonly #onClosed: () => void
  readonly #underWay = new Set<Promise<unknown>>()
  #closed: Promise<void> | null = null

  constructor({ db, raw }: OpenLevel, onClosed: () => void) {
    this.#db = db
    this.#raw = raw
    this.#onClosed = onClosed
  }

  rows(range: KeyRange, { maxBytes = Infinity }: { readonly maxBytes?: number } = {}): Promise<Row[]> {
    return this.#run(() => readRows(this.#db, range, { highWaterMark: READ_AHEAD_BYTES }, maxBytes))
  }

  keys(range: KeyRange): Promise<Uint8Array[]> {
    return this.#run(async () => {
      const rows = await readRows(this.#db, range, { values: false, highWaterMark: READ_AHEAD_BYTES })
      return rows.map(([key]) => key)
    })
  }

  firstKey(range: KeyRange): Promise<Uint8Array | null> {
    return this.#run(async () => {
      const [first] = await readRows(this.#db, range, { limit: 1, values: false })
      return first === undefined ? null : first[0]
    })
  }

  write(changes: readonly RowChange[]): Promise<void> {
    return this.#run(
      () =>
        new Promise((resolve, reject) => {
          // A chained batch of leveldown's own: 0.6 µs of the main thread a row, where levelup's array of changes, copied and
          // checked twice on its way, takes 2.
          const batch = this.#raw.batch()
          for (const change of changes) {
            if (change.type === 'put') batch.put(toBuffer(change.key), toBuffer(change.value))
            else batch.del(toBuffer(change.key))
          }
          batch.write({ sync: true }, (cause: unknown) => {
            if (cause === undefined || cause === null) resolve()
            else reject(new PersistenceError('io', `Cannot write to storage: ${messageOf(cause)}`, { cause }))
          })
        }),
    )
  }

  compact(): Promise<void> {
    // Behind the guard: after closing it would end the process, levelup's too.
    return this.#run(
      () =>
        new Promise((resolve, reject) => {
          this.#raw.compactRange(Buffer.alloc(0), Buffer.alloc(1, 0xff), (cause: unknown) => {
            if (cause === undefined || cause === null) resolve()
            else reject(new PersistenceError('io', `Cannot compact storage: ${messageOf(cause)}`, { cause }))
          })
        }),
    )
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#underWay)
    await this.#db.close()
    this.#onClosed()
  }

  async #run<T>(action: () => Promise<T>): Promise<T> {
    if (this.#closed !== null) throw new PersistenceError('closed', 'The store was closed')
    const running = action()
    this.#underWay.add(running)
    try {
      return await running
    } finally {
      this.#underWay.delete(running)
    }
  }
}

interface ReadOptions {
  readonly limit?: number
  readonly values?: boolean
  readonly highWaterMark?: number
}

/** Reads through one iterator, which sees the store as it was when it was made. */
async function readRows(
  db: LevelUp,
  range: KeyRange,
  options: ReadOptions,
  maxBytes = Infinity,
): Promise<Row[]> {
  const iterator = db.iterator({ gte: toBuffer(range.from), lt: toBuffer(range.to), ...options })
  const rows: Row[] = []
  let bytes = 0
  try {
    // Callbacks, since a promise for each row would take longer than all else.
    await new Promise<void>((resolve, reject) => {
      const next = (error: Error | null | undefined, key: unknown, value: unknown): void => {
        if (error) {
          reject(readError(error))
          return
        }
        if (!Buffer.isBuffer(key)) {
          resolve()
          return
        }
        const row: Row = [key, Buffer.isBuffer(value) ? value : Buffer.alloc(0)]
        rows.push(row)
        bytes += row[1].length
        if (bytes < maxBytes) iterator.next(next)
        else resolve()
      }
      iterator.next(next)
    })
    return rows
  } finally {
    await new Promise<void>((resolve) => {
      iterator.end(() => resolve())
    })
  }
}

/** The same bytes as a Buffer: leveldown stores a plain `Uint8Array` as its text, "1,2,3". */
function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

// LevelDB's statuses reach us as text only (leveldb/util/status.cc).

function openError(cause: Error, folder: string): PersistenceError {
  if (/IO error: lock /.test(cause.message)) return lockedError(folder, { cause })
  if (/Corruption: |No such file|create_if_missing/.test(cause.message)) {
    const message = `The folder ${folder} is damaged, and was left as it is: ${cause.message}`
    return new PersistenceError('damaged', message, { cause })
  }
  return new PersistenceError('io', `Cannot open the folder ${folder}: ${cause.message}`, { cause })
}

function lockedError(folder: string, options?: ErrorOptions): PersistenceError {
  return new PersistenceError('locked', `The folder ${folder} is in use by another process or log`, options)
}

function readError(cause: Error): PersistenceError {
  // "Invalid argument" is what reading beyond the end of a cut table file gives.
  const damaged = /Corruption: |No such file|Invalid argument/.test(cause.message)
  return new PersistenceError(damaged ? 'damaged' : 'io', `Cannot read from storage: ${cause.message}`, {
    cause,
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
