import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { LogWriter } from './log-writer.ts'
import type { RoomDocument } from './room-document.ts'

/** A document that nobody has written to for so long is kept as bytes, in milliseconds. */
const QUIET_TIME = 10_000

/** What a room's upkeep works on. */
interface RoomUpkeepOptions {
  readonly document: RoomDocument
  readonly writer: LogWriter
  readonly clock: Clock
  readonly logger: Logger
  /** How many entries the log may hold beyond the snapshot; a twentieth of it is worth folding when nobody writes. */
  readonly compactAfter: number
  /** Whether all that has come is on disk, and nothing of it waits for its dependencies. */
  readonly isAtPeace: () => boolean
  /** How many entries of the log wait for their dependencies. */
  readonly waiting: () => number
  /** Called when the document is kept as bytes from now on. */
  readonly onRest: () => void
}

/** Keeps a room's document small: folds its log's tail now and then, and lets go of the `Y.Doc` when nobody writes. */
export class RoomUpkeep {
  readonly #options: RoomUpkeepOptions
  #changedAt = 0
  #cancelRest: (() => void) | null = null
  #isCompacting = false
  /** The length of the tail at which to compact next. */
  #compactAt: number

  constructor(options: RoomUpkeepOptions) {
    this.#options = options
    this.#compactAt = options.compactAfter
    // Left by a server that was killed amid much writing: everybody who joins would pay for it.
    if (options.writer.tail.length >= this.#compactAt) options.clock.soon(() => void this.#compact())
  }

  /** Says that the document has changed. */
  changed(): void {
    const { clock } = this.#options
    this.#changedAt = clock.now()
    this.#cancelRest ??= clock.after(QUIET_TIME, () => this.#restWhenQuiet())
  }

  /** Says that more is on disk. */
  saved(): void {
    const { writer, compactAfter } = this.#options
    const { length, bytes } = writer.tail
    // Folding takes as long as the snapshot is large: while much is written it is not to be done at every thousandth
    // keystroke, and when nobody writes any more the tail is folded anyway.
    const isMuch = bytes >= writer.snapshotBytes * 4 || length >= compactAfter * 20
    if (length >= this.#compactAt && isMuch) void this.#compact()
  }

  /** Folds the tail if that spares the next one who opens the document something. */
  async compactIfWorthwhile(): Promise<void> {
    const { writer, compactAfter } = this.#options
    if (writer.tail.length >= compactAfter / 20) await this.#compact()
  }

  /** Folds the log's tail into a snapshot. A failure is logged and costs nothing but the space. */
  async #compact(): Promise<void> {
    const { document, writer, logger, compactAfter, waiting } = this.#options
    const { length } = writer.tail
    // When most of the tail waits for its dependencies, a snapshot would free next to nothing.
    if (this.#isCompacting || length === 0 || waiting() * 2 > length) return
    this.#isCompacting = true
    try {
      await writer.compact(() => document.fold())
    } catch (error) {
      logger.error({ err: error }, 'could not compact the log')
    } finally {
      // Also after a failure, and where nothing could be folded: not at every further save.
      this.#compactAt = writer.tail.length + compactAfter
      this.#isCompacting = false
    }
  }

  #restWhenQuiet(): void {
    const { clock, isAtPeace } = this.#options
    this.#cancelRest = null
    const wait = this.#changedAt + QUIET_TIME - clock.now()
    if (wait <= 0 && isAtPeace() && !this.#isCompacting) void this.#rest()
    else this.#cancelRest = clock.after(Math.max(wait, QUIET_TIME / 10), () => this.#restWhenQuiet())
  }

  async #rest(): Promise<void> {
    const changedAt = this.#changedAt
    await this.compactIfWorthwhile()
    if (changedAt !== this.#changedAt || !this.#options.isAtPeace()) {
      this.#restWhenQuiet()
      return
    }
    this.#options.onRest()
    this.#options.document.rest()
  }

  /** Calls off what was to come. */
  close(): void {
    this.#cancelRest?.()
  }
}
