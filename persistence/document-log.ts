/** What a document's log takes: one update as it arrived, and who sent it. The log keeps the bytes and does not read them. */
export interface LogUpdate {
  /** The id of the user whose session sent it; '' if unknown. */
  readonly author: string
  /** A Yjs update. The caller must not change it until `append` has settled. */
  readonly update: Uint8Array
}

/** One entry of a document's log. */
export interface LogEntry extends LogUpdate {
  /** 1 for a document's first entry, and one more for each further one. */
  readonly sequence: number
  /** When it was appended, in milliseconds since 1970 by the clock that the log was given. */
  readonly time: number
}

/** One update that holds everything that entries up to `through` brought, but for those that were kept. */
export interface LogSnapshot {
  readonly update: Uint8Array
  /** The sequence number of the last entry that it stands for. */
  readonly through: number
}

/** A document as it is stored: apply the snapshot, then the entries, in order. */
export interface StoredDocument {
  readonly snapshot: LogSnapshot | null
  /** Ascending by sequence: first those that the last compaction kept, then everything after the snapshot. */
  readonly entries: readonly LogEntry[]
  /** The sequence number of the last entry ever appended, folded ones included; 0 for a document that was never written to. */
  readonly lastSequence: number
}

/** What a compaction writes. */
export interface Compaction {
  /** One update that holds what the folded entries and the previous snapshot hold. */
  readonly snapshot: Uint8Array
  /** Entries up to this sequence number are folded; it must have been appended, and be no lower than the last compaction's. */
  readonly through: number
  /** Entries among those that stay as they are, since what they depend on has not come yet. */
  readonly keep: readonly number[]
}

/**
 * The updates of documents, in order, on something that survives a crash.
 *
 * An implementation may be shared by several processes, each appending: so a sequence number is the log's to give,
 * and one process sees others' entries only when it loads. All methods reject with a `PersistenceError`; those of a
 * closed log with its code `closed`.
 */
export interface DocumentLog {
  /**
   * Reads a document back: every entry whose `append` has resolved, perhaps a few whose append has not, in order.
   * A document that was never written to is empty, not missing. Rejects with the code `damaged` if anything that was
   * stored is missing, cut or altered; such a document is never returned in part.
   */
  load(documentName: string): Promise<StoredDocument>

  /**
   * Appends updates in their order, all or none, and resolves once they are synced to disk, with the sequence number of
   * the last. Appends to one document are stored in the order of the calls; one of no updates resolves once those before
   * it are settled. Once it has rejected, the updates may or may not be found by a later load; appending them again is the
   * caller's to do and harmless, for Yjs updates are idempotent. A damaged document rejects with the code `damaged`.
   */
  append(documentName: string, updates: readonly LogUpdate[]): Promise<number>

  /**
   * Replaces entries by a snapshot in one atomic step, synced when it resolves. What it folds moves to the document's
   * history, compressed, in the same step. Safe beside appends to the same document, which do not wait for it.
   * Rejects with a `RangeError`, and changes nothing, if `through` or `keep` name what was never appended or is folded already.
   */
  compact(documentName: string, compaction: Compaction): Promise<void>

  /**
   * The names of all documents that were ever written to, damaged ones included, in no order that a caller may rely on.
   * If damage may hide further ones, it gives those that it knows of and then rejects with the code `damaged`.
   */
  documentNames(): AsyncIterable<string>

  /** Resolves once everything that was appended is synced or has rejected, and lets go of the storage. May be called twice. */
  close(): Promise<void>
}
