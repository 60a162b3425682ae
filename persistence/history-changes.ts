import { setImmediate } from 'node:timers/promises'
import type { ReadableFolder } from './data-folder.ts'
import type { Compaction, LogEntry } from './document-log.ts'
import { compactHead } from './head.ts'
import type { HistoryBase, HistorySegment, HistoryTrim } from './history.ts'
import { encodeSegment, segmentGroupsOf } from './history-segment.ts'
import { checkTrim } from './history-trim.ts'
import type { RowChange } from './key-value-store.ts'
import {
  decodeRowKey,
  entryKeys,
  entryKeysOf,
  historyBaseKey,
  historyBaseKeys,
  historySegmentKey,
  historySegmentKeys,
  snapshotKey,
  snapshotKeys,
} from './keys.ts'
import { damagedDocument } from './persistence-error.ts'
import {
  decodeEntry,
  decodeHistoryBase,
  decodeSnapshot,
  encodeHistoryBase,
  encodeHistorySegment,
  encodeSnapshot,
  rowChecksum,
  type StoredHead,
  type StoredHistory,
} from './rows.ts'

/** A change of a document's past, ready to be written in one batch. */
export interface PreparedChange {
  readonly changes: readonly RowChange[]
  /** What of the head becomes different. */
  readonly head: Partial<StoredHead>
  /** About how many bytes it adds to a batch. */
  readonly bytes: number
}

/** What a head says of an empty past. */
export const emptyHistory: StoredHistory = { segments: 0, bytes: 0, oldest: null, baseChecksum: 0 }

/** How many bytes of entries are read at a time: a thousand keystrokes, which take the main thread some milliseconds. */
const PAGE_BYTES = 64 * 1024

/**
 * Prepares a compaction: folded entries move to segments, and the snapshot is replaced. Reads and compresses; appends to
 * the document may go on meanwhile, other changes of its past must not. Rejects with a `RangeError` as
 * `DocumentLog.compact` does, or with a `PersistenceError` with the code `damaged` if what is to be folded cannot be read.
 */
export async function prepareCompaction(
  folder: ReadableFolder,
  documentName: string,
  before: StoredHead,
  compaction: Compaction,
  { keepHistory }: { readonly keepHistory: boolean },
): Promise<PreparedChange> {
  const { head, folded } = compactHead(before, compaction)
  const changes = entryKeysOf(documentName, folded).map((key): RowChange => ({ type: 'del', key }))
  const past = keepHistory
    ? await foldIntoHistory(folder, documentName, before, folded)
    : { changes: await removeHistory(folder, documentName, before), history: null }
  for (const change of past.changes) changes.push(change)
  const key = snapshotKey(documentName)
  const value = encodeSnapshot(key, { through: compaction.through, update: compaction.snapshot })
  changes.push({ type: 'put', key, value })
  return {
    changes,
    head: {
      through: head.through,
      kept: head.kept,
      snapshotChecksum: rowChecksum(value),
      history: past.history,
    },
    bytes: bytesOf(changes),
  }
}

/** Prepares a trim. Rejects with a `RangeError` as `DocumentLog.trimHistory` does. */
export async function prepareTrim(
  folder: ReadableFolder,
  documentName: string,
  before: StoredHead,
  { through, base }: HistoryTrim,
): Promise<PreparedChange> {
  const stored = await readBase(folder, documentName, before)
  const segments = await readSegments(folder, documentName)
  checkTrim({ through, base }, before, before.history === null ? 0 : (stored?.through ?? 0), segments)
  if (base === null) {
    const changes = await removeHistory(folder, documentName, before)
    return { changes, head: { history: null }, bytes: bytesOf(changes) }
  }
  const changes: RowChange[] = []
  let history = emptyHistory
  for (const segment of segments) {
    if (segment.last > through) history = withSegment(history, segment)
    else changes.push({ type: 'del', key: historySegmentKey(documentName, segment) })
  }
  const row = await encodeBase(documentName, base)
  changes.push({ type: 'put', ...row })
  return {
    changes,
    head: { history: { ...history, baseChecksum: rowChecksum(row.value) } },
    bytes: bytesOf(changes),
  }
}

/** The segments of a document, by their first sequence number. */
export async function readSegments(folder: ReadableFolder, documentName: string): Promise<HistorySegment[]> {
  const keys = await folder.read(({ store }) => store.keys(historySegmentKeys(documentName)))
  return keys.flatMap((key) => {
    const row = decodeRowKey(key)
    return row?.kind === 'history-segment' ? [row.segment] : []
  })
}

/**
 * What a document's history begins with, which is the snapshot where nothing of the past is stored; null if it begins with
 * the first entry. Rejects with a `PersistenceError` with the code `damaged`.
 */
export async function readBase(
  folder: ReadableFolder,
  documentName: string,
  { history, through, kept }: StoredHead,
): Promise<HistoryBase | null> {
  if (history === null) {
    if (through === 0) return null
    const [row] = await folder.read(({ store }) => store.rows(snapshotKeys(documentName)))
    const snapshot = row === undefined ? null : decodeSnapshot(...row)
    if (snapshot === null) throw damagedDocument(documentName, 'the snapshot is missing or altered')
    const { update } = snapshot
    return { through, without: kept, time: null, update, attribution: new Uint8Array() }
  }
  if (history.baseChecksum === 0) return null
  const [row] = await folder.read(({ store }) => store.rows(historyBaseKeys(documentName)))
  const base = row === undefined ? null : await decodeHistoryBase(...row)
  if (row === undefined || base === null || rowChecksum(row[1]) !== history.baseChecksum) {
    throw damagedDocument(documentName, 'the base of its history is missing or altered')
  }
  return base
}

async function foldIntoHistory(
  folder: ReadableFolder,
  documentName: string,
  before: StoredHead,
  folded: readonly number[],
): Promise<{ changes: RowChange[]; history: StoredHistory }> {
  const changes: RowChange[] = []
  let history = before.history ?? emptyHistory
  if (before.history === null) {
    // Nothing before the snapshot is known, of a document from before there were histories or after they were not kept.
    const base = await readBase(folder, documentName, before)
    if (base !== null) {
      const row = await encodeBase(documentName, base)
      changes.push({ type: 'put', ...row })
      history = { ...history, baseChecksum: rowChecksum(row.value) }
    }
  }
  const keptBefore = folded.filter((sequence) => sequence <= before.through)
  for (const sequences of [keptBefore, folded.slice(keptBefore.length)]) {
    for await (const entries of segmentGroupsOf(readEntries(folder, documentName, sequences))) {
      const row = await encodeEntries(documentName, entries)
      changes.push({ type: 'put', key: row.key, value: row.value })
      history = withSegment(history, row.segment)
    }
  }
  return { changes, history }
}

/** Encodes the row of a segment. The entries are ascending, and few enough for one (`segmentGroups`). */
async function encodeEntries(
  documentName: string,
  entries: readonly LogEntry[],
): Promise<{ key: Uint8Array; value: Uint8Array; segment: HistorySegment }> {
  const content = await encodeSegment(entries)
  const segment: HistorySegment = {
    first: entries[0]?.sequence ?? 0,
    last: entries.at(-1)?.sequence ?? 0,
    entries: entries.length,
    bytes: content.length,
    until: Math.max(...entries.map(({ time }) => time)),
  }
  const key = historySegmentKey(documentName, segment)
  return { key, value: encodeHistorySegment(key, content), segment }
}

/** Encodes the row of a base. */
export async function encodeBase(
  documentName: string,
  base: HistoryBase,
): Promise<{ key: Uint8Array; value: Uint8Array }> {
  const key = historyBaseKey(documentName)
  return { key, value: await encodeHistoryBase(key, base) }
}

/** What a head says of a history with one more segment. */
export function withSegment(history: StoredHistory, segment: HistorySegment): StoredHistory {
  return {
    ...history,
    segments: history.segments + 1,
    bytes: history.bytes + segment.bytes,
    oldest: Math.min(history.oldest ?? Infinity, segment.until),
  }
}

async function removeHistory(
  folder: ReadableFolder,
  documentName: string,
  { history }: StoredHead,
): Promise<RowChange[]> {
  if (history === null) return []
  const segments = await readSegments(folder, documentName)
  const keys = segments.map((segment) => historySegmentKey(documentName, segment))
  return [historyBaseKey(documentName), ...keys].map((key) => ({ type: 'del', key }))
}

/** Reads entries that are stored singly, ascending, some at a time, and lets others have their turn between. */
async function* readEntries(
  folder: ReadableFolder,
  documentName: string,
  sequences: readonly number[],
): AsyncGenerator<readonly LogEntry[], void, undefined> {
  const last = sequences.at(-1) ?? 0
  for (let next = 0; next < sequences.length;) {
    const range = entryKeys(documentName, sequences[next] ?? 0, last)
    const rows = await folder.read(({ store }) => store.rows(range, { maxBytes: PAGE_BYTES }))
    const entries: LogEntry[] = []
    if (rows.length === 0) throw damagedDocument(documentName, `entry ${sequences[next]} is missing`)
    for (const [key, value] of rows) {
      const row = decodeRowKey(key)
      const wanted = sequences[next] ?? Infinity
      // Kept entries lie between those that are folded.
      if (row?.kind !== 'entry' || row.sequence < wanted) continue
      if (row.sequence > wanted) throw damagedDocument(documentName, `entry ${wanted} is missing`)
      const entry = decodeEntry(key, value, row.sequence)
      if (entry === null) throw damagedDocument(documentName, `entry ${row.sequence} is altered`)
      next++
      entries.push(entry)
    }
    yield entries
    await setImmediate()
  }
}

function bytesOf(changes: readonly RowChange[]): number {
  let bytes = 0
  for (const change of changes) {
    bytes += change.key.length + (change.type === 'put' ? change.value.length : 0)
  }
  return bytes
}
