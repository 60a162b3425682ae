import { PersistenceError, type DocumentLog, type LogUpdate } from '../../persistence/index.ts'
import type { Clock } from '../clock.ts'
import { isCovered, type Clocks } from './clocks.ts'
import type { Fold, StoredExtent, WaitingEntry } from './room-document.ts'
import type { UnsavedBudget } from './unsaved-budget.ts'
import type { UpdateContents } from './update-contents.ts'

/** What a document's writer tells its room. */
interface LogWriterEvents {
  /** More is on disk: `savedPosition` has grown. The first of it was taken so many milliseconds ago. */
  onSaved(milliseconds: number): void
  /** An append failed and will be tried again after `retryIn` milliseconds; `attempt` counts failures in a row, from 1. */
  onFailed(error: unknown, attempt: number, retryIn: number): void
  /** What failed is on disk now, with all that was taken meanwhile. */
  onRecovered(): void
  /** An append failed in a way that no further attempt can mend: the document is damaged, or the log closed. */
  onGivenUp(error: unknown): void
}

/** An update that the document has taken. */
export interface TakenUpdate extends LogUpdate {
  /** What it needs if it waits for its dependencies. */
  readonly waitsFor: UpdateContents | null
}

/** What is in the log and not folded into its snapshot. */
interface Tail {
  readonly length: number
  /** The bytes of its updates. */
  readonly bytes: number
}

/** What a writer writes to, and for whom. */
interface LogWriterOptions {
  readonly log: DocumentLog
  readonly documentName: string
  readonly clock: Clock
  readonly stored: StoredExtent
  readonly budget: UnsavedBudget
  readonly events: LogWriterEvents
}

interface Batch {
  readonly updates: readonly TakenUpdate[]
  readonly bytes: number
  /** When its first update was taken. */
  readonly since: number
}

const FIRST_RETRY = 100
const LAST_RETRY = 5_000

/**
 * Appends one document's updates to the log in order, and again as long as that fails: what was taken is saved sooner or
 * later, and nobody need do anything for it. One append is under way at a time; what comes meanwhile is in the next.
 */
export class LogWriter {
  readonly #options: LogWriterOptions
  #waiting: TakenUpdate[] = []
  #waitingBytes = 0
  #waitingSince = 0
  #batch: Batch | null = null
  #failures = 0
  /** Up to which position more has to be on disk before saving counts as mended; null while it does not fail. */
  #failingUntil: number | null = null
  #hasGivenUp = false
  #takenPosition = 0
  #savedPosition = 0
  #idleListeners: (() => void)[] = []
  #lastSequence: number
  #tailLength: number
  #tailBytes: number
  #snapshotBytes: number
  /** Entries that are not to be folded until what they depend on has come. */
  #waitingEntries: readonly WaitingEntry[]

  constructor(options: LogWriterOptions) {
    this.#options = options
    const { stored } = options
    this.#lastSequence = stored.lastSequence
    this.#tailLength = stored.tailLength
    this.#tailBytes = stored.tailBytes
    this.#snapshotBytes = stored.snapshotBytes
    this.#waitingEntries = stored.waiting
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

  /** When the oldest update that is not on disk was taken; null if all are. */
  get unsavedSince(): number | null {
    if (this.#batch !== null) return this.#batch.since
    return this.#waiting.length > 0 ? this.#waitingSince : null
  }

  /** Whether an append failed, and not all that was taken before one succeeded again is on disk yet. */
  get isFailing(): boolean {
    return this.#failingUntil !== null && !this.#hasGivenUp
  }

  /** Whether nothing more will be saved. */
  get hasGivenUp(): boolean {
    return this.#hasGivenUp
  }

  get tail(): Tail {
    return { length: this.#tailLength, bytes: this.#tailBytes }
  }

  /** The size of what is stored, and of what is to be, in bytes of updates. */
  get bytes(): number {
    return this.#snapshotBytes + this.#tailBytes + this.#waitingBytes + (this.#batch?.bytes ?? 0)
  }

  /** The size of the snapshot in the log, in bytes; 0 if there is none. */
  get snapshotBytes(): number {
    return this.#snapshotBytes
  }

  append(updates: readonly TakenUpdate[]): void {
    this.#takenPosition += updates.length
    if (updates.length === 0 || this.#hasGivenUp) return
    if (this.#waiting.length === 0) this.#waitingSince = this.#options.clock.now()
    let bytes = 0
    for (const taken of updates) {
      this.#waiting.push(taken)
      bytes += taken.update.length
    }
    this.#waitingBytes += bytes
    this.#options.budget.take(bytes)
    if (this.#batch === null) void this.#write()
  }

  /** Resolves once everything that was taken is on disk. */
  saved(): Promise<void> {
    if (this.isSaved) return Promise.resolve()
    return new Promise((resolve) => this.#idleListeners.push(resolve))
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      this.#batch = { updates: this.#waiting, bytes: this.#waitingBytes, since: this.#waitingSince }
      this.#waiting = []
      this.#waitingBytes = 0
      this.#waitingSince = this.#options.clock.now()
      let last = await this.#append(this.#batch)
      while (last === null && !this.#hasGivenUp) last = await this.#append(this.#batch)
      // It stays unsaved for good, and says so.
      if (last === null) return
      const { since } = this.#batch
      this.#took(this.#batch, last)
      this.#batch = null
      this.#options.events.onSaved(this.#options.clock.now() - since)
      if (this.#failingUntil !== null && this.#savedPosition >= this.#failingUntil) {
        this.#failingUntil = null
        this.#options.events.onRecovered()
      }
    }
    if (this.isSaved) for (const listener of this.#idleListeners.splice(0)) listener()
  }

  #took({ updates, bytes }: Batch, last: number): void {
    this.#lastSequence = last
    this.#tailLength += updates.length
    this.#tailBytes += bytes
    this.#savedPosition += updates.length
    this.#options.budget.giveBack(bytes)
    const first = last - updates.length + 1
    const waiting = updates.flatMap(({ waitsFor }, i) =>
      waitsFor === null ? [] : [{ sequence: first + i, contents: waitsFor }],
    )
    if (waiting.length > 0) this.#waitingEntries = [...this.#waitingEntries, ...waiting]
  }

  /** Nothing can be done with what waits; that it is unsaved stays known. */
  #giveUp(): void {
    this.#hasGivenUp = true
    this.#options.budget.giveBack((this.#batch?.bytes ?? 0) + this.#waitingBytes)
    this.#waiting = []
    this.#waitingBytes = 0
  }

  /** Resolves with the sequence number of the last of a batch; with null, after a while, if it is to be tried again. */
  async #append(batch: Batch): Promise<number | null> {
    const { log, documentName, clock, events } = this.#options
    try {
      const last = await log.append(documentName, batch.updates)
      if (this.#failures > 0) this.#failingUntil = this.#takenPosition
      this.#failures = 0
      return last
    } catch (error) {
      if (error instanceof PersistenceError && (error.code === 'damaged' || error.code === 'closed')) {
        this.#giveUp()
        events.onGivenUp(error)
        return null
      }
      this.#failures++
      this.#failingUntil = Infinity
      const retryIn = Math.min(FIRST_RETRY * 2 ** (this.#failures - 1), LAST_RETRY)
      events.onFailed(error, this.#failures, retryIn)
      await new Promise<void>((resolve) => clock.after(retryIn, resolve))
      return null
    }
  }

  /**
   * Replaces the tail up to now by a snapshot that holds at least that much, but for what waits for its dependencies.
   * `fold` is called at once.
   */
  async compact(fold: () => Promise<Fold>): Promise<void> {
    const through = this.#lastSequence
    const { length, bytes } = this.tail
    const { snapshot, lacking } = await fold()
    const kept = this.#waitingEntries.filter(
      ({ sequence, contents }) => sequence <= through && !isCovered(contents, lacking),
    )
    const { log, documentName } = this.#options
    await log.compact(documentName, { snapshot, through, keep: kept.map(({ sequence }) => sequence) })
    this.#waitingEntries = [...kept, ...this.#waitingEntries.filter(({ sequence }) => sequence > through)]
    this.#tailLength += kept.length - length
    this.#tailBytes -= bytes
    this.#snapshotBytes = snapshot.length
  }

  /** Says that what an entry brought is poison: it waits for nothing any more, and is folded with the others. */
  forget(poison: UpdateContents): void {
    this.#waitingEntries = this.#waitingEntries.filter(({ contents }) => contents !== poison)
  }

  /** How many entries wait for what the document lacks. */
  waitingFor(lacking: Clocks | null): number {
    return this.#waitingEntries.filter(({ contents }) => !isCovered(contents, lacking)).length
  }
}
