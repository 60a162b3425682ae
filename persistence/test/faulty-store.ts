import type { KeyValueStore, OpenKeyValueStore } from '../key-value-store.ts'
import { openLevelStore } from '../level-store.ts'
import { PersistenceError } from '../persistence-error.ts'

/** LevelDB on a disk that fails when told to. */
export class FaultyDisk {
  /** What becomes of the next writes, first to last; after them the disk is well. */
  writes: ('fails' | 'fails after storing' | 'succeeds')[] = []
  /** How many of the next openings fail. */
  failedOpenings = 0
  /** Keys that reading does not find, in hexadecimal. */
  readonly hidden = new Set<string>()
  /** How many batches were written. */
  batches = 0

  readonly openStore: OpenKeyValueStore = async (folder, options) => {
    if (this.failedOpenings > 0) {
      this.failedOpenings--
      throw new PersistenceError('io', 'No space left on device')
    }
    return this.#faulty(await openLevelStore(folder, options))
  }

  #faulty(store: KeyValueStore): KeyValueStore {
    let failed = false
    return {
      rows: async (range, limit) =>
        (await store.rows(range, limit)).filter(
          ([key]) => !this.hidden.has(Buffer.from(key).toString('hex')),
        ),
      keys: async (range) =>
        (await store.keys(range)).filter((key) => !this.hidden.has(Buffer.from(key).toString('hex'))),
      firstKey: (range) => store.firstKey(range),
      write: async (changes) => {
        if (failed) throw new Error('A store whose write failed was written to again')
        const fate = this.writes.shift() ?? 'succeeds'
        this.batches++
        if (fate !== 'fails') await store.write(changes)
        if (fate === 'succeeds') return
        failed = true
        throw new PersistenceError('io', 'Input/output error', { cause: new Error('EIO') })
      },
      compact: () => store.compact(),
      close: () => store.close(),
    }
  }
}
