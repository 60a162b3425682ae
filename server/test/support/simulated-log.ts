import {
  PersistenceError,
  type Compaction,
  type DocumentLog,
  type LogEntry,
  type LogSnapshot,
  type LogUpdate,
  type StoredDocument,
} from '../../../persistence/index.ts'
import type { ManualClock } from './manual-clock.ts'

/** How long one write takes, in milliseconds. */
const WRITE_TIME = 20
/** How long a document takes to be read, and how long where that is slow. */
const LOAD_TIME = 2
const SLOW_LOAD_TIME = 700

/**
 * What the disk does with one document: appends and compactions may fail, though what they bring is stored all the same,
 * or hang until that is over; loads may fail, or be slow.
 */
export interface DiskTrouble {
  readonly appends: 'fine' | 'failing' | 'stored-and-failing' | 'hanging'
  readonly compactions: 'fine' | 'failing' | 'stored-and-failing'
  readonly loads: 'fine' | 'failing' | 'slow'
}

const noTrouble: DiskTrouble = { appends: 'fine', compactions: 'fine', loads: 'fine' }

interface Write {
  readonly kind: 'appends' | 'compactions'
  readonly apply: () => void
  readonly done: () => void
  readonly fail: () => void
  isDue: boolean
}

interface Stored {
  snapshot: LogSnapshot | null
  entries: LogEntry[]
  lastSequence: number
  /** Grows with every change. */
  version: number
  trouble: DiskTrouble
  /** What is under way, oldest first. */
  writes: Write[]
}

/**
 * A log whose writes take time on a manual clock, which fails and hangs as it is told, each document for itself, and whose
 * process can die: then what is under way is stored or lost, as it comes, and nothing that the dead process still asks
 * for is done.
 */
export class SimulatedLog {
  readonly #clock: ManualClock
  readonly #documents = new Map<string, Stored>()
  #generation = 0

  constructor(clock: ManualClock) {
    this.#clock = clock
  }

  #document(name: string): Stored {
    const known = this.#documents.get(name)
    if (known !== undefined) return known
    const stored: Stored = {
      snapshot: null,
      entries: [],
      lastSequence: 0,
      version: 0,
      trouble: noTrouble,
      writes: [],
    }
    this.#documents.set(name, stored)
    return stored
  }

  trouble(name: string): DiskTrouble {
    return this.#document(name).trouble
  }

  setTrouble(name: string, trouble: Partial<DiskTrouble>): void {
    const document = this.#document(name)
    document.trouble = { ...document.trouble, ...trouble }
    this.#proceed(document)
  }

  /** All is well from now on. */
  calm(): void {
    for (const name of this.#documents.keys()) this.setTrouble(name, noTrouble)
  }

  /** How many writes of a document are under way. */
  writesUnderWay(name: string): number {
    return this.#document(name).writes.length
  }

  version(name: string): number {
    return this.#document(name).version
  }

  /** What a document is on the disk now. */
  stored(name: string): StoredDocument {
    const { snapshot, entries, lastSequence } = this.#document(name)
    return { snapshot, entries: [...entries], lastSequence }
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
    const generation = this.#generation
    const time = this.trouble(name).loads === 'slow' ? SLOW_LOAD_TIME : LOAD_TIME
    return new Promise((resolve, reject) => {
      this.#clock.after(time, () => {
        if (generation !== this.#generation) return
        if (this.trouble(name).loads === 'failing') reject(failure(name))
        else resolve(this.stored(name))
      })
    })
  }

  #append(name: string, updates: readonly LogUpdate[]): Promise<number> {
    const document = this.#document(name)
    return this.#write(name, 'appends', () => {
      for (const update of updates) {
        document.lastSequence++
        document.entries.push({ ...update, sequence: document.lastSequence, time: this.#clock.now() })
      }
      return document.lastSequence
    })
  }

  #compact(name: string, { snapshot, through, keep }: Compaction): Promise<void> {
    const document = this.#document(name)
    return this.#write(name, 'compactions', () => {
      const folded = document.snapshot?.through ?? 0
      if (through > document.lastSequence || through < folded)
        throw new RangeError(`through ${through}, of ${folded} to ${document.lastSequence}`)
      document.snapshot = { update: snapshot, through }
      document.entries = document.entries.filter(
        ({ sequence }) => sequence > through || keep.includes(sequence),
      )
    })
  }

  #write<T>(name: string, kind: Write['kind'], apply: () => T): Promise<T> {
    const generation = this.#generation
    const document = this.#document(name)
    return new Promise((resolve, reject) => {
      let result: T
      const write: Write = {
        kind,
        apply: () => {
          result = apply()
          document.version++
        },
        done: () => resolve(result),
        fail: () => reject(failure(name)),
        isDue: false,
      }
      document.writes.push(write)
      this.#clock.after(WRITE_TIME, () => {
        if (generation !== this.#generation) return
        write.isDue = true
        this.#proceed(document)
      })
    })
  }

  /** Ends the writes whose time has come, one at a time, in order. */
  #proceed(document: Stored): void {
    for (;;) {
      const [next] = document.writes
      if (next?.isDue !== true) return
      const trouble = document.trouble[next.kind]
      if (trouble === 'hanging') return
      document.writes.shift()
      if (trouble !== 'failing') next.apply()
      if (trouble === 'fine') next.done()
      else next.fail()
    }
  }

  /** The process dies: of what is under way, the first `survivors` are stored all the same, and nobody hears of any. */
  crash(survivors: number): void {
    this.#generation++
    for (const document of this.#documents.values()) {
      for (const write of document.writes.splice(0).slice(0, survivors)) write.apply()
    }
  }

  async *#documentNames(): AsyncIterable<string> {
    yield* this.#documents.keys()
  }
}

function failure(documentName: string): PersistenceError {
  return new PersistenceError('io', 'the disk is broken', { documentName })
}
