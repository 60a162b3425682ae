import type { LogEntry } from './document-log.ts'

/** Folded entries that are stored together, compressed. */
export interface HistorySegment {
  /** The lowest sequence number in it. */
  readonly first: number
  /** The highest one. Numbers between may be in other segments, or not folded. */
  readonly last: number
  readonly entries: number
  /** What it takes on disk, in bytes, compressed. */
  readonly bytes: number
  /** The time of its latest entry, in milliseconds since 1970. */
  readonly until: number
}

/** What a document's history begins with, in place of the entries up to `through`. */
export interface HistoryBase {
  /** The sequence number of the last entry that it stands for. */
  readonly through: number
  /** The entries up to `through` that it does not hold, since they were not folded when it was made. */
  readonly without: readonly number[]
  /** The time of the latest entry that it holds, in milliseconds since 1970; null if unknown. */
  readonly time: number | null
  /** One update that holds what those entries brought. */
  readonly update: Uint8Array
  /** Who wrote what of it, as whoever made the base keeps it; the log does not read it. */
  readonly attribution: Uint8Array
}

/** A document's past: apply the base, then the entries, in order. */
export interface DocumentHistory {
  /** Null if the entries begin with the document's first. */
  readonly base: HistoryBase | null
  /** The entries up to the last compaction's `through` that were not folded, ascending. */
  readonly kept: readonly number[]
  /** The sequence number up to which entries are folded, but for the kept ones; 0 if none is. */
  readonly foldedThrough: number
  /** The sequence number of the last entry. */
  readonly lastSequence: number
  /**
   * Every entry after the base, folded or not, ascending. Rejects with a `PersistenceError`: `damaged` if one is missing or
   * altered, or `io` if the history was trimmed meanwhile, so that it has to be read again.
   */
  readonly entries: () => AsyncIterable<LogEntry>
}

/** How much history a document has, in terms of segments. */
export interface HistorySize {
  /** What all segments take, in bytes. */
  readonly bytes: number
  /** The time of the latest entry of the segment that is the oldest by it, in milliseconds since 1970; null if there is none. */
  readonly oldest: number | null
}

/** What a history is trimmed to. */
export interface HistoryTrim {
  /** Entries up to this sequence number leave the history; no segment may lie on both sides of it. */
  readonly through: number
  /**
   * What stands for them from then on: its `through` is that of the trim, and its `without` the entries up to there that
   * are still not folded. Null keeps nothing of the past: then the history begins with the snapshot, whose `through` it must be.
   */
  readonly base: HistoryBase | null
}

/** The past of the documents of a log: what its compactions have folded. Its methods reject as those of a `DocumentLog` do. */
export interface HistoryLog {
  /**
   * Opens a document's past for reading; the entries themselves are read as they are asked for. That of a document that
   * was never written to is empty. Rejects with the code `damaged` if the document or the history's base is.
   */
  history(documentName: string): Promise<DocumentHistory>

  /** How much of a document's past is stored in segments. Costs next to nothing, for asking it of all documents. */
  historySize(documentName: string): Promise<HistorySize>

  /** The segments of a document's past, in the order of their first numbers. */
  historySegments(documentName: string): Promise<readonly HistorySegment[]>

  /**
   * Lets the oldest of a document's past go, in one atomic step. Rejects with a `RangeError`, and changes nothing, if the
   * trim does not fit what is stored: if `through` is not folded or divides a segment, or an entry was folded meanwhile, so
   * that the base lacks it.
   */
  trimHistory(documentName: string, trim: HistoryTrim): Promise<void>
}
