import { BatchWriter } from './batch-writer.ts'
import type { Compaction, DocumentLog, LogUpdate, StoredDocument } from './document-log.ts'
import type { OpenKeyValueStore } from './key-value-store.ts'
import { decodeRowKey, documentKeys, DOCUMENT_KEYS } from './keys.ts'
import { openLevelStore } from './level-store.ts'
import { PersistenceError } from './persistence-error.ts'
import { ReopeningFolder } from './reopening-folder.ts'

/** How a log on disk is opened. */
export interface LevelDocumentLogOptions {
  /** Milliseconds since 1970, for the entries' time; default `Date.now`. */
  readonly clock?: () => number
  /** What keeps the rows; default LevelDB. */
  readonly openStore?: OpenKeyValueStore
  /** The size above which a batch takes no further append, in bytes; default 4 MiB. One append may be larger alone. */
  readonly maxBatchBytes?: number
  /** How many documents the log knows the last sequence number of without reading; default 10,000. */
  readonly maxKnownDocuments?: number
}

const defaults: Required<LevelDocumentLogOptions> = {
  clock: Date.now,
  openStore: openLevelStore,
  maxBatchBytes: 4 * 1024 * 1024,
  maxKnownDocuments: 10_000,
}

/**
 * Opens the document log in a data folder, which is made if there is none. One process at a time has it open.
 *
 * Names of documents are any well-formed Unicode of up to 200 bytes; another one throws a `RangeError` or `TypeError`.
 * Rejects with a `PersistenceError`: `locked`, `unsupported-format` (also for a folder that holds something else),
 * `damaged` if the store as a whole cannot be read, or `io`.
 */
export async function openLevelDocumentLog(
  folder: string,
  options: LevelDocumentLogOptions = {},
): Promise<DocumentLog> {
  const settings = { ...defaults, ...options }
  return new LevelDocumentLog(await ReopeningFolder.open(folder, settings.openStore), settings)
}

class LevelDocumentLog implements DocumentLog {
  readonly #folder: ReopeningFolder
  readonly #writer: BatchWriter
  readonly #clock: () => number
  #closed: Promise<void> | null = null

  constructor(folder: ReopeningFolder, settings: Required<LevelDocumentLogOptions>) {
    this.#folder = folder
    this.#writer = new BatchWriter(folder, settings)
    this.#clock = settings.clock
  }

  async load(documentName: string): Promise<StoredDocument> {
    documentKeys(documentName)
    this.#assertOpen()
    return this.#writer.read(documentName)
  }

  async append(documentName: string, updates: readonly LogUpdate[]): Promise<number> {
    documentKeys(documentName)
    this.#assertOpen()
    return this.#writer.append(documentName, updates, this.#clock())
  }

  async compact(documentName: string, compaction: Compaction): Promise<void> {
    documentKeys(documentName)
    this.#assertOpen()
    await this.#writer.compact(documentName, compaction)
  }

  async *documentNames(): AsyncGenerator<string, void, undefined> {
    this.#assertOpen()
    const claimed = new Set(await this.#folder.read(async ({ witness }) => witness.documentNames()))
    yield* claimed
    // One document's rows after the other's are skipped; each step is short, so that a slow caller holds nothing open.
    let range = DOCUMENT_KEYS
    while (true) {
      this.#assertOpen()
      const key = await this.#folder.read(({ store }) => store.firstKey(range))
      if (key === null) return
      const row = decodeRowKey(key)
      if (row !== null && !claimed.has(row.documentName)) yield row.documentName
      // A key of no document is stepped over; whose row it was, the witness or that document's other rows tell.
      const from = row === null ? Buffer.concat([key, Uint8Array.of(0)]) : documentKeys(row.documentName).to
      range = { from, to: DOCUMENT_KEYS.to }
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    await this.#writer.idle()
    await this.#folder.close()
  }

  #assertOpen(): void {
    if (this.#closed !== null) throw new PersistenceError('closed', 'The log was closed')
  }
}
