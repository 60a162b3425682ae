import { PersistenceError, type DocumentLog, type LogUpdate } from '../../persistence/index.ts'
import type { Clock } from '../clock.ts'

/** What a document's writer tells its room. */
export interface LogWriterEvents {
  /** More is on disk: `savedPosition` has grown. */
  onSaved(): void
  /** An append failed and will be tried again after `retryIn` milliseconds; `attempt` counts failures in a row, from 1. */
  onFailed(error: unknown, attempt: number, retryIn: number): void
  /** An append failed in a way that no further attempt can mend: the document is damaged, or the log closed. */
  onGivenUp(error: unknown): void
}

/** One entry that is in the log and not yet folded into a snapshot. */
export interface TailEntry {
  readonly sequence: number
  readonly update: Uint8Array
}

const FIRST_RETRY = 100
const LAST_RETRY = 5_000

/**
 * Appends one document's updates to the log in order, and again as long as that fails: what was taken is saved sooner or
 * later, and nobody need do anything for it. One append is under way at a time; what comes meanwhile is in the next.
 */
export class LogWriter {
  readonly #log: DocumentLog
  readonly #documentName: string
  readonly #clock: Clock
  readonly #events: LogWriterEvents
  #waiting: LogUpdate[] = []
  #isWriting = false
  #failures = 0
  #hasGivenUp = false
  #takenPosition = 0
  #savedPosition = 0
  #idleListeners: (() => void)[] = []
  #tail: TailEntry[]

  constructor(
    log: DocumentLog,
    documentName: string,
    clock: Clock,
    tail: readonly TailEntry[],
    events: LogWriterEvents,
  ) {
    this.#log = log
    this.#documentName = documentName
    this.#clock = clock
    this.#tail = [...tail]
    this.#events = events
  }

  /** How many updates were taken. */
  get takenPosition(): number {
    return this.#takenPosition
  }

  /** How many of them are on disk, synced. */
  get savedPosition(): number {
    return this.#savedPosition
  }

  get isSaved(): boolean {
    return this.#savedPosition === this.#takenPosition
  }

  /** Whether the last append failed and will be tried again; what was taken since is in memory only. */
  get isFailing(): boolean {
    return this.#failures > 0 && !this.#hasGivenUp
  }

  /** Whether nothing more will be saved. */
  get hasGivenUp(): boolean {
    return this.#hasGivenUp
  }

  /** What is in the log and not in its snapshot, oldest first. */
  get tail(): readonly TailEntry[] {
    return this.#tail
  }

  append(updates: readonly LogUpdate[]): void {
    if (updates.length === 0) return
    this.#waiting.push(...updates)
    this.#takenPosition += updates.length
    if (!this.#isWriting) void this.#write()
  }

  /** Resolves once everything that was taken is on disk. */
  saved(): Promise<void> {
    if (this.isSaved) return Promise.resolve()
    return new Promise((resolve) => this.#idleListeners.push(resolve))
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0 && !this.#hasGivenUp) {
      const batch = this.#waiting
      this.#waiting = []
      const last = await this.#append(batch)
      if (last === null) {
        this.#waiting = [...batch, ...this.#waiting]
        continue
      }
      batch.forEach(({ update }, i) => this.#tail.push({ sequence: last - batch.length + 1 + i, update }))
      this.#savedPosition += batch.length
      this.#events.onSaved()
    }
    this.#isWriting = false
    if (this.isSaved) for (const listener of this.#idleListeners.splice(0)) listener()
  }

  /** Resolves with the sequence number of the last of a batch; with null, after a while, if it is to be tried again. */
  async #append(batch: readonly LogUpdate[]): Promise<number | null> {
    try {
      const last = await this.#log.append(this.#documentName, batch)
      this.#failures = 0
      return last
    } catch (error) {
      if (error instanceof PersistenceError && (error.code === 'damaged' || error.code === 'closed')) {
        this.#hasGivenUp = true
        this.#events.onGivenUp(error)
        return null
      }
      this.#failures++
      const retryIn = Math.min(FIRST_RETRY * 2 ** (this.#failures - 1), LAST_RETRY)
      this.#events.onFailed(error, this.#failures, retryIn)
      await new Promise<void>((resolve) => this.#clock.after(retryIn, resolve))
      return null
    }
  }

  /** Replaces the tail up to now, but for what is to be kept, by a snapshot that holds at least that much. */
  async compact(snapshot: Uint8Array, keep: ReadonlySet<number>): Promise<void> {
    const through = this.#tail.at(-1)?.sequence
    if (through === undefined) return
    await this.#log.compact(this.#documentName, { snapshot, through, keep: [...keep] })
    this.#tail = this.#tail.filter(({ sequence }) => sequence > through || keep.has(sequence))
  }
}
