import type {
  Compaction,
  DocumentLog,
  LogEntry,
  LogSnapshot,
  LogUpdate,
  StoredDocument,
} from '../../../persistence/index.ts'
import type { ManualClock } from './manual-clock.ts'

/** How long one write takes, in milliseconds. */
const WRITE_TIME = 20

interface Stored {
  snapshot: LogSnapshot | null
  entries: LogEntry[]
  lastSequence: number
}

/**
 * A log whose writes take time on a manual clock and whose process can die: then what is under way is stored or lost,
 * as it comes, and nothing that the dead process still asks for is done.
 */
export class SimulatedLog {
  readonly #clock: ManualClock
  readonly #documents = new Map<string, Stored>()
  /** What is under way, oldest first. */
  #writes: { apply: () => void; done: () => void }[] = []
  #generation = 0

  constructor(clock: ManualClock) {
    this.#clock = clock
  }

  #document(name: string): Stored {
    const known = this.#documents.get(name) ?? { snapshot: null, entries: [], lastSequence: 0 }
    this.#documents.set(name, known)
    return known
  }

  /** The log as a process has it that starts now, until the next crash. */
  open(): DocumentLog {
    const generation = this.#generation
    const whileAlive = <T>(ask: () => Promise<T>): Promise<T> =>
      generation === this.#generation ? ask() : new Promise(() => {})
    return {
      load: (name) => whileAlive(() => this.#load(name)),
      append: (name, updates) => whileAlive(() => this.#append(name, updates)),
      compact: (name, compaction) => whileAlive(() => this.#compact(name, compaction)),
      documentNames: () => this.#documentNames(),
      close: () => Promise.resolve(),
    }
  }

  #load(name: string): Promise<StoredDocument> {
    const { snapshot, entries, lastSequence } = this.#document(name)
    return Promise.resolve({ snapshot, entries: [...entries], lastSequence })
  }

  #append(name: string, updates: readonly LogUpdate[]): Promise<number> {
    return this.#write(() => {
      const document = this.#document(name)
      for (const update of updates) {
        document.lastSequence++
        document.entries.push({ ...update, sequence: document.lastSequence, time: this.#clock.now() })
      }
      return document.lastSequence
    })
  }

  #compact(name: string, { snapshot, through, keep }: Compaction): Promise<void> {
    return this.#write(() => {
      const document = this.#document(name)
      document.snapshot = { update: snapshot, through }
      document.entries = document.entries.filter(
        ({ sequence }) => sequence > through || keep.includes(sequence),
      )
    })
  }

  #write<T>(apply: () => T): Promise<T> {
    const generation = this.#generation
    return new Promise((resolve) => {
      let result: T
      const write = {
        apply: () => {
          result = apply()
        },
        done: () => resolve(result),
      }
      this.#writes.push(write)
      this.#clock.after(WRITE_TIME, () => {
        if (generation !== this.#generation) return
        // One write at a time, in order; this one is the oldest.
        this.#writes.shift()
        write.apply()
        write.done()
      })
    })
  }

  /** The process dies: of what is under way, the first `survivors` are stored all the same, and nobody hears of any. */
  crash(survivors: number): void {
    for (const write of this.#writes.slice(0, survivors)) write.apply()
    this.#writes = []
    this.#generation++
  }

  async *#documentNames(): AsyncIterable<string> {
    yield* this.#documents.keys()
  }
}
