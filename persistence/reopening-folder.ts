import {
  closeDataFolder,
  expectRoom,
  openDataFolder,
  type DataFolder,
  type ReadableFolder,
} from './data-folder.ts'
import type { OpenKeyValueStore } from './key-value-store.ts'
import { PersistenceError } from './persistence-error.ts'

type Status =
  | { readonly is: 'open'; readonly folder: DataFolder }
  /** A write failed: good for reading, and to be opened anew before the next write. */
  | { readonly is: 'doubted'; readonly folder: DataFolder }
  | { readonly is: 'opening'; readonly opened: Promise<DataFolder> }
  /** Opening failed; the next use tries again. */
  | { readonly is: 'shut' }
  | { readonly is: 'closed'; readonly done: Promise<void> }

/**
 * A data folder that is opened anew after a failed write.
 *
 * A failed write leaves LevelDB's log file in a state that it does not know itself: the bytes may or may not be there,
 * and what is written behind a half-written record is lost at the next recovery. Opening anew recovers from the files,
 * writes what it found into new ones, and so settles what is stored.
 */
export class ReopeningFolder implements ReadableFolder {
  readonly #path: string
  readonly #openStore: OpenKeyValueStore
  #status: Status

  private constructor(path: string, openStore: OpenKeyValueStore, folder: DataFolder) {
    this.#path = path
    this.#openStore = openStore
    this.#status = { is: 'open', folder }
  }

  /** Opens the folder; rejects as `openDataFolder` does. */
  static async open(path: string, openStore: OpenKeyValueStore): Promise<ReopeningFolder> {
    return new ReopeningFolder(path, openStore, await openDataFolder(path, openStore))
  }

  /**
   * The folder to write to, opened anew if a write to it has failed; to be asked before each write, by one writer.
   * Rejects as `openDataFolder` does.
   */
  async writable(): Promise<DataFolder> {
    const status = this.#status
    if (status.is !== 'doubted') return this.#readable()
    // As long as the disk is full, reading goes on from the folder as it is: it might not open again.
    await expectRoom(this.#path)
    return this.#status === status ? this.#reopen(status.folder) : this.writable()
  }

  /** Says that a write to this folder failed. */
  doubt(folder: DataFolder): void {
    if (this.#status.is === 'open' && this.#status.folder === folder) this.#status = { is: 'doubted', folder }
  }

  /** Reads from the folder, once more if it was opened anew meanwhile. Rejects as `openDataFolder` and the action do. */
  async read<T>(action: (folder: DataFolder) => Promise<T>): Promise<T> {
    const folder = await this.#readable()
    try {
      return await action(folder)
    } catch (error) {
      if (!(error instanceof PersistenceError) || error.code !== 'closed') throw error
      if (folder === (await this.#readable())) throw error
      return this.read(action)
    }
  }

  /** Lets go of the folder. May be called twice. */
  close(): Promise<void> {
    const status = this.#status
    if (status.is === 'closed') return status.done
    const done = this.#close(status)
    this.#status = { is: 'closed', done }
    return done
  }

  async #close(status: Exclude<Status, { is: 'closed' }>): Promise<void> {
    if (status.is === 'open' || status.is === 'doubted') await closeDataFolder(status.folder)
    if (status.is === 'opening') {
      const folder = await status.opened.catch(() => null)
      if (folder !== null) await closeDataFolder(folder)
    }
  }

  #readable(): Promise<DataFolder> {
    const status = this.#status
    switch (status.is) {
      case 'open':
      case 'doubted':
        return Promise.resolve(status.folder)
      case 'opening':
        return status.opened
      case 'shut':
        return this.#reopen(null)
      case 'closed':
        return Promise.reject(new PersistenceError('closed', 'The log was closed'))
      default:
        return status satisfies never
    }
  }

  #reopen(previous: DataFolder | null): Promise<DataFolder> {
    const opened = this.#openAgain(previous)
    const opening: Status = { is: 'opening', opened }
    this.#status = opening
    opened.then(
      (folder) => {
        if (this.#status === opening) this.#status = { is: 'open', folder }
      },
      () => {
        if (this.#status === opening) this.#status = { is: 'shut' }
      },
    )
    return opened
  }

  async #openAgain(previous: DataFolder | null): Promise<DataFolder> {
    // It failed already: that closing fails too says nothing new, and the lock is let go of either way.
    if (previous !== null) await closeDataFolder(previous).catch(() => {})
    return openDataFolder(this.#path, this.#openStore)
  }
}
