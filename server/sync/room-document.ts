import type { DocumentLog, StoredDocument } from '../../persistence/index.ts'
import type { Logger } from 'pino'
import { Answers } from './answers.ts'
import { isCovered, type Clocks } from './clocks.ts'
import type { ApplyResult, IncomingUpdate } from './live-document.ts'
import { DocumentLostError } from './document-host.ts'
import type { DocumentThreads } from './document-threads.ts'
import {
  LoadedDocument,
  UnsoundDocumentError,
  type Fold,
  type KeptDocument,
  type LoadOptions,
  type StatedForm,
} from './loaded-document.ts'
import type { MemoryBudget, MemoryHolder } from './memory-budget.ts'
import { readStored } from './stored-contents.ts'
import type { UpdateContents } from './update-contents.ts'

export type { Fold } from './loaded-document.ts'

/** An entry of the log that waits for what it depends on. */
export interface WaitingEntry {
  readonly sequence: number
  readonly contents: UpdateContents
}

/** How much of a document is stored, as it is when the document is opened. */
export interface StoredExtent {
  /** The size of the snapshot, in bytes; 0 if there is none. */
  readonly snapshotBytes: number
  /** How many entries are not folded into it, and the bytes of their updates. */
  readonly tailLength: number
  readonly tailBytes: number
  /** The sequence number of the last entry ever appended. */
  readonly lastSequence: number
  readonly waiting: readonly WaitingEntry[]
  /** How far the document has each client's structs if anything waits; null if nothing does. */
  readonly lacking: Clocks | null
}

/** What a room's document is opened with. */
export interface RoomDocumentOptions {
  readonly log: DocumentLog
  readonly documentName: string
  readonly logger: Logger
  /** What all documents at rest may take together. */
  readonly memory: MemoryBudget
  /** Where large documents are kept; without it, all are kept in this thread. */
  readonly threads?: DocumentThreads | undefined
}

/**
 * The document of a room, in whatever form it is kept just now:
 *
 * - at rest, as the stored bytes, which is enough for those who join and read;
 * - live, as a `Y.Doc`, from the first change until `rest`;
 * - let go, after `rest` or where memory is short: it is read from the log again when it is next asked for.
 *
 * A large one is kept in another thread, from when it is read.
 *
 * Calls are answered in the order in which they are made, and each sees what those before it did. All reject with a
 * `PersistenceError` if the document cannot be read; the next call tries again. If the thread dies that keeps a live
 * document, all reject from then on with a `DocumentLostError`: what was not answered was not applied, and a new
 * `RoomDocument` is to be opened once everything that was applied is in the log.
 */
export class RoomDocument implements MemoryHolder {
  readonly #options: RoomDocumentOptions
  #loaded: KeptDocument | null = null
  #stored: StoredExtent | null = null
  #form: StatedForm = null
  readonly #answers = new Answers()
  /** Resolves once all calls made so far are answered. */
  #last: Promise<unknown> = Promise.resolve()
  #callsUnderWay = 0
  #isClosed = false

  /** Reads the document; rejects with what the log rejects with. */
  static async open(options: RoomDocumentOptions): Promise<RoomDocument> {
    const document = new RoomDocument(options)
    await document.#load({ isCareful: false })
    document.#noteUse()
    return document
  }

  private constructor(options: RoomDocumentOptions) {
    this.#options = options
  }

  /** How much was stored when the document was opened. */
  get stored(): StoredExtent {
    if (this.#stored === null) throw new Error('the document has not been read')
    return this.#stored
  }

  /** How the document is kept; null while it is empty. */
  form(): StatedForm {
    return this.#loaded === null ? this.#form : this.#loaded.form()
  }

  /** Whether it is in memory as a `Y.Doc`. */
  get isLive(): boolean {
    return this.#loaded?.isLive ?? false
  }

  /**
   * Applies a batch in one Yjs transaction. Unless it `takesNews`, whatever would change the document is turned away
   * with all that follows it from the same source, and nothing changes.
   */
  apply(batch: readonly IncomingUpdate[], options: { readonly takesNews: boolean }): Promise<ApplyResult> {
    let wasLive = false
    return this.#call(
      (document) => {
        wasLive = document.isLive
        return document.apply(batch, options)
      },
      ({ changed }, { isLive }) => {
        if (changed !== null || isLive !== wasLive) this.#answers.clear()
      },
    )
  }

  /** What the document has, not counting what waits for its dependencies. Do not compare vectors from before and after `rest`. */
  stateVector(): Promise<Uint8Array> {
    return this.#call((document) => document.stateVector())
  }

  /**
   * One update that holds what the owner of a state vector lacks, but nothing that waits for its dependencies. Until the
   * document changes, all who ask with the same vector get the same bytes, which are not to be changed.
   */
  diff(stateVector: Uint8Array): Promise<Uint8Array> {
    return this.#call(
      (document) => this.#answers.to(stateVector) ?? document.diff(stateVector),
      (answer, document) =>
        this.#answers.keep(stateVector, answer, document.shares(answer) ? 0 : answer.length),
    )
  }

  /** Rejects if the snapshot would not give the same document again. */
  fold(): Promise<Fold> {
    return this.#call(
      (document) => document.fold(),
      (_, { isLive }) => {
        if (!isLive) this.#answers.clear()
      },
    )
  }

  /**
   * Lets go of the document: it is read from the log again when it is next asked for. To be called only when all that was
   * applied is in the log.
   */
  rest(): void {
    if (this.#callsUnderWay === 0) this.#unload()
    else void this.#queue(() => this.#unload())
  }

  letGo(): void {
    if (this.#callsUnderWay === 0 && !this.isLive) this.#unload()
  }

  /** Lets go of everything. */
  close(): void {
    this.#isClosed = true
    this.#unload()
    this.#options.memory.forget(this)
  }

  /** Has the document do something once it has done all that it was asked to before; `then` follows before anything else. */
  #call<Result>(
    work: (document: KeptDocument) => Result | Promise<Result>,
    then: (result: Result, document: KeptDocument) => void = () => {},
  ): Promise<Result> {
    // At once if it can be, for this is every keystroke.
    if (this.#callsUnderWay === 0 && this.#loaded instanceof LoadedDocument) {
      try {
        const result = work(this.#loaded)
        if (!(result instanceof Promise)) {
          then(result, this.#loaded)
          this.#noteUse()
          return Promise.resolve(result)
        }
      } catch (error) {
        if (!(error instanceof UnsoundDocumentError)) return Promise.reject(toError(error))
      }
    }
    return this.#queue(() => this.#perform(work, then))
  }

  async #queue<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    this.#callsUnderWay++
    const before = this.#last
    const result = before.then(work)
    this.#last = result.catch(() => {})
    try {
      return await result
    } finally {
      this.#callsUnderWay--
      this.#noteUse()
    }
  }

  async #perform<Result>(
    work: (document: KeptDocument) => Result | Promise<Result>,
    then: (result: Result, document: KeptDocument) => void,
  ): Promise<Result> {
    let document = this.#loaded ?? (await this.#load({ isCareful: false }))
    let result: Result
    try {
      result = await work(document)
    } catch (error) {
      // At rest it has nothing that is not in the log: the next call reads it again.
      if (error instanceof DocumentLostError && !document.isLive) this.#unload()
      if (!(error instanceof UnsoundDocumentError)) throw error
      this.#options.logger.warn({ err: error }, 'has to be loaded carefully')
      this.#unload()
      document = await this.#load({ isCareful: true })
      result = await work(document)
    }
    then(result, document)
    return result
  }

  async #load(options: LoadOptions): Promise<KeptDocument> {
    const { log, documentName, logger } = this.#options
    const stored = await log.load(documentName)
    const loaded = await this.#keep(stored, options)
    if (this.#isClosed) {
      loaded.close()
      throw new Error('the document has been closed')
    }
    for (const index of loaded.leftOut) {
      const sequence = stored.entries[index]?.sequence
      logger.error({ sequence }, 'left out a stored update that cannot be integrated')
    }
    this.#loaded = loaded
    this.#stored ??= extentOf(stored, loaded.lacking())
    return loaded
  }

  #keep({ snapshot, entries }: StoredDocument, options: LoadOptions): KeptDocument | Promise<KeptDocument> {
    const updates = {
      snapshot: snapshot?.update ?? null,
      entries: entries.map(({ update }) => update),
    }
    const { threads, documentName } = this.#options
    const bytes = updates.entries.reduce((sum, { length }) => sum + length, updates.snapshot?.length ?? 0)
    return threads !== undefined && bytes >= threads.fromBytes
      ? threads.load(documentName, updates, options)
      : new LoadedDocument(updates, options)
  }

  #unload(): void {
    if (this.#loaded === null) return
    this.#form = this.#loaded.form()
    this.#loaded.close()
    this.#loaded = null
    this.#answers.clear()
    this.#options.memory.hasLetGo(this)
  }

  /** Says how the document is kept now, to be called when it has done something. */
  #noteUse(): void {
    if (this.#loaded === null) return
    const { memory } = this.#options
    if (this.#loaded.isLive) memory.isLive(this)
    else memory.usedAtRest(this, this.#loaded.bytesAtRest + this.#answers.bytes)
  }
}

function extentOf({ snapshot, entries, lastSequence }: StoredDocument, lacking: Clocks | null): StoredExtent {
  return {
    snapshotBytes: snapshot?.update.length ?? 0,
    tailLength: entries.length,
    tailBytes: entries.reduce((bytes, { update }) => bytes + update.length, 0),
    lastSequence,
    waiting: lacking === null ? [] : waitingEntries(entries, lacking),
    lacking,
  }
}

function waitingEntries(entries: StoredDocument['entries'], lacking: Clocks): WaitingEntry[] {
  return entries.flatMap(({ sequence, update }) => {
    const contents = readStored(update)?.contents
    return contents === undefined || isCovered(contents, lacking) ? [] : [{ sequence, contents }]
  })
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error })
}
