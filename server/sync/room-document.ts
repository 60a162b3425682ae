import type { DocumentLog, StoredDocument } from '../../persistence/index.ts'
import type { Logger } from 'pino'
import * as Y from 'yjs'
import { isCovered, type Clocks } from './clocks.ts'
import { LiveDocument, type ApplyResult, type IncomingUpdate } from './live-document.ts'
import { readUpdateContents, type UpdateContents } from './update-contents.ts'

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

/** One update that holds a whole document, but for what waits for its dependencies. */
export interface Fold {
  readonly snapshot: Uint8Array
  /** How far the document has each client's structs if anything waits; null if all is in the snapshot. */
  readonly lacking: Clocks | null
}

/** What a room's document is opened with. */
export interface RoomDocumentOptions {
  readonly log: DocumentLog
  readonly documentName: string
  readonly logger: Logger
}

/**
 * The document of a room, in whatever form it is kept just now. Calls are answered in the order in which they are made,
 * and each sees what those before it did; all reject with a `PersistenceError` if the document cannot be read.
 */
export class RoomDocument {
  readonly stored: StoredExtent
  readonly #live: LiveDocument
  #answers = new Map<string, Uint8Array>()

  /** Reads the document; rejects with what the log rejects with. */
  static async open({ log, documentName, logger }: RoomDocumentOptions): Promise<RoomDocument> {
    return new RoomDocument(await log.load(documentName), logger)
  }

  private constructor({ snapshot, entries, lastSequence }: StoredDocument, logger: Logger) {
    const read = entries.map(({ sequence, update }) => ({
      sequence,
      update,
      contents: readUpdateContents(update),
    }))
    const whole = snapshot === null ? [] : [{ ...snapshot, contents: readUpdateContents(snapshot.update) }]
    this.#live = new LiveDocument([...whole, ...read], {
      onPoison: (index, error) =>
        logger.error({ err: error, index }, 'left out a stored update that is poison'),
    })
    const lacking = this.#live.lacking()
    this.stored = {
      snapshotBytes: snapshot?.update.length ?? 0,
      tailLength: entries.length,
      tailBytes: entries.reduce((bytes, { update }) => bytes + update.length, 0),
      lastSequence,
      waiting: read.filter((entry) => !isCovered(entry.contents, lacking)),
      lacking,
    }
  }

  /** How the document is kept; null while it is empty. */
  form(): { readonly form: string; readonly version: number } | null {
    return this.#live.form()
  }

  /** Whether it is in memory as a `Y.Doc`. */
  get isLive(): boolean {
    return true
  }

  /**
   * Applies a batch in one Yjs transaction. Unless it `takesNews`, whatever would change the document is turned away
   * with all that follows it from the same source, and nothing changes.
   */
  apply(
    batch: readonly IncomingUpdate[],
    { takesNews }: { readonly takesNews: boolean },
  ): Promise<ApplyResult> {
    const result = this.#live.apply(batch, { takesNews })
    if (result.changed !== null) this.#answers.clear()
    return Promise.resolve(result)
  }

  /** What the document has, not counting what waits for its dependencies. */
  stateVector(): Promise<Uint8Array> {
    return Promise.resolve(this.#live.stateVector())
  }

  /**
   * One update that holds what the owner of a state vector lacks, but nothing that waits for its dependencies. Until the
   * document changes, all who ask with the same vector get the same bytes, which are not to be changed.
   */
  diff(stateVector: Uint8Array): Promise<Uint8Array> {
    const key = Buffer.from(stateVector).toString('latin1')
    const answer = this.#answers.get(key) ?? this.#live.diff(stateVector)
    this.#answers.set(key, answer)
    return Promise.resolve(answer)
  }

  /** Rejects if the snapshot would not give the same document again. */
  fold(): Promise<Fold> {
    return Promise.resolve({ snapshot: this.#live.fold(), lacking: this.#live.lacking() })
  }

  /** Lets go of the `Y.Doc`; to be called only when all that was applied is in the log. */
  rest(): void {}

  /** Lets go of everything. */
  close(): void {
    this.#live.close()
  }
}

/** The state vector of an empty document. */
export const EMPTY_STATE_VECTOR: Uint8Array = Y.encodeStateVector(new Map<number, number>())
