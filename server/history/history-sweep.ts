import { PersistenceError, type DocumentLog, type HistoryLog } from '../../persistence/index.ts'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { retain, type Retention } from './retention.ts'

/** How long after one sweep the next begins, in milliseconds, and how long after the start the first one does. */
const BETWEEN_SWEEPS = 60 * 60 * 1000
const FIRST_SWEEP_AFTER = 60 * 1000

/** How long a sweep rests between two documents, in milliseconds, so that nobody notices it. */
const BETWEEN_DOCUMENTS = 5

/** What a sweep needs. */
export interface HistorySweepOptions {
  readonly log: DocumentLog & HistoryLog
  readonly retention: Retention
  readonly clock: Clock
  /** Milliseconds since 1970; by default the system's. */
  readonly timeOfDay?: () => number
  readonly logger: Logger
}

/**
 * Bounds the history of all documents, one after the other, whether or not anyone opens them again. For a document with
 * nothing to let go that is one read.
 */
export class HistorySweep {
  readonly #options: HistorySweepOptions
  #isStopped = false
  /** Ends the present pause; null while something is done. */
  #wake: (() => void) | null = null
  readonly #ended: Promise<void>

  /** Starts to sweep now and then, until `stop`. */
  constructor(options: HistorySweepOptions) {
    this.#options = options
    const { age, bytes } = options.retention
    this.#ended = age === Infinity && bytes === Infinity ? Promise.resolve() : this.#run()
  }

  /** Resolves once nothing more is done. May be called twice. */
  stop(): Promise<void> {
    this.#isStopped = true
    this.#wake?.()
    return this.#ended
  }

  async #run(): Promise<void> {
    await this.#pause(FIRST_SWEEP_AFTER)
    while (!this.#isStopped) {
      await this.#sweep()
      await this.#pause(BETWEEN_SWEEPS)
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    if (this.#isStopped) return
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(milliseconds, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
    this.#wake = null
  }

  async #sweep(): Promise<void> {
    const { log, logger } = this.#options
    try {
      for await (const documentName of log.documentNames()) {
        if (this.#isStopped) return
        await this.#retain(documentName)
        await this.#pause(BETWEEN_DOCUMENTS)
      }
    } catch (error) {
      // The log may have been closed meanwhile.
      if (this.#isStopped) return
      logger.error({ err: error }, 'could not look through the documents to bound their history')
    }
  }

  /** A failure is logged and costs nothing but the space, until the next sweep. */
  async #retain(documentName: string): Promise<void> {
    const { log, retention, timeOfDay = Date.now, logger } = this.#options
    try {
      const bytes = await retain(log, documentName, retention, timeOfDay())
      if (bytes > 0) logger.info({ documentName, bytes }, 'let go of old history')
    } catch (error) {
      if (this.#isStopped) return
      const isKnown = error instanceof PersistenceError || error instanceof RangeError
      if (isKnown) logger.warn({ documentName, err: error }, 'could not bound the history of a document')
      else logger.error({ documentName, err: error }, 'failed in bounding the history of a document')
    }
  }
}
