import { BatchWriter, type BatchReport } from './batch-writer.ts'
import type { Compaction, DocumentLog, LogUpdate, StoredDocument } from './document-log.ts'
import { documentNamesIn } from './document-names.ts'
import type { DocumentHistory, HistoryLog, HistorySegment, HistorySize, HistoryTrim } from './history.ts'
import { readSegments } from './history-changes.ts'
import { HistoryReader } from './history-reader.ts'
import type { OpenKeyValueStore } from './key-value-store.ts'
import { documentKeys } from './keys.ts'
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
  /**
   * Whether compactions keep what they fold as history; default true. With false a compaction also removes what there is of
   * the document's history.
   */
  readonly keepHistory?: boolean
  /** Told how the writing of each synced batch went; by default nobody is. */
  readonly onBatch?: (report: BatchReport) => void
}

const defaults: Required<LevelDocumentLogOptions> = {
  clock: Date.now,
  openStore: openLevelStore,
  maxBatchBytes: 4 * 1024 * 1024,
  maxKnownDocuments: 10_000,
  keepHistory: true,
  onBatch: () => {},
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
): Promise<DocumentLog & HistoryLog> {
  const settings = { ...defaults, ...options }
  return new LevelDocumentLog(await ReopeningFolder.open(folder, settings.openStore), settings)
}

class LevelDocumentLog implements DocumentLog, HistoryLog {
  readonly #folder: ReopeningFolder
  readonly #writer: BatchWriter
  readonly #history: HistoryReader
  readonly #clock: () => number
  #closed: Promise<void> | null = null

  constructor(folder: ReopeningFolder, settings: Required<LevelDocumentLogOptions>) {
    this.#folder = folder
    this.#writer = new BatchWriter(folder, settings)
    this.#history = new HistoryReader(folder)
    this.#clock = settings.clock
  }

  async load(documentName: string): Promise<StoredDocument> {
    documentKeys(documentName)
    this.#assertOpen()
    return this.#writer.read(documentName)
  }

  async append(documentName: string, updates: readonly LogUpdate[]): Promise<number> {
    this.#assertOpen()
    return this.#writer.append(documentName, updates, this.#clock())
  }

  async compact(documentName: string, compaction: Compaction): Promise<void> {
    documentKeys(documentName)
    this.#assertOpen()
    await this.#writer.compact(documentName, compaction)
  }

  async historySize(documentName: string): Promise<HistorySize> {
    documentKeys(documentName)
    this.#assertOpen()
    return this.#history.size(documentName)
  }

  async historySegments(documentName: string): Promise<readonly HistorySegment[]> {
    documentKeys(documentName)
    this.#assertOpen()
    return readSegments(this.#folder, documentName)
  }

  async history(documentName: string): Promise<DocumentHistory> {
    documentKeys(documentName)
    this.#assertOpen()
    return this.#history.read(documentName)
  }

  async trimHistory(documentName: string, trim: HistoryTrim): Promise<void> {
    documentKeys(documentName)
    this.#assertOpen()
    await this.#writer.trimHistory(documentName, trim)
  }

  async *documentNames(): AsyncGenerator<string, void, undefined> {
    this.#assertOpen()
    for await (const documentName of documentNamesIn(this.#folder)) {
      yield documentName
      this.#assertOpen()
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
