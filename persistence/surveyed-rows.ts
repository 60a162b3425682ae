import type { DataFolder } from './data-folder.ts'
import type { LogEntry, LogSnapshot } from './document-log.ts'
import type { HistoryBase, HistorySegment } from './history.ts'
import { decodeSegment } from './history-segment.ts'
import type { Row } from './key-value-store.ts'
import { decodeRowKey, documentAndHistoryKeys, documentKeys } from './keys.ts'
import { PersistenceError } from './persistence-error.ts'
import {
  decodeEntry,
  decodeHead,
  decodeHistoryBase,
  decodeHistorySegment,
  decodeSnapshot,
  rowChecksum,
  type StoredHead,
} from './rows.ts'
import { checkRows } from './stored-rows.ts'
import type { Claim } from './witness.ts'

/** All rows of a document, each for itself: what of them can be read, and what is wrong with them together. */
export interface SurveyedRows {
  readonly claim: Claim | undefined
  readonly head: StoredHead | null
  readonly snapshot: LogSnapshot | null
  /** The checksum that the snapshot's row carries; 0 if there is none. */
  readonly snapshotChecksum: number
  /** By sequence number, ascending. */
  readonly entries: ReadonlyMap<number, LogEntry>
  readonly base: HistoryBase | null
  /** The checksum that the base's row carries; 0 if there is none. */
  readonly baseChecksum: number
  readonly segments: readonly { readonly segment: HistorySegment; readonly entries: readonly LogEntry[] }[]
  /** What cannot be read. */
  readonly unreadable: readonly Row[]
  /** The keys of all rows. */
  readonly keys: readonly Uint8Array[]
  /** What all rows take, in bytes. */
  readonly bytes: number
  /** What keeps the document from being opened; null if nothing does. */
  readonly fault: string | null
  /** What is wrong with its history; null if nothing is. */
  readonly historyFault: string | null
}

/** Reads all rows of a document into memory, in a folder that nobody writes to meanwhile. */
export async function surveyRows(
  { store, witness }: DataFolder,
  documentName: string,
): Promise<SurveyedRows> {
  const claim = witness.claim(documentName)
  const rows = await store.rows(documentAndHistoryKeys(documentName))
  let head: StoredHead | null = null
  let snapshot: LogSnapshot | null = null
  let snapshotChecksum = 0
  let base: HistoryBase | null = null
  let baseChecksum = 0
  const entries = new Map<number, LogEntry>()
  const segments: { segment: HistorySegment; entries: LogEntry[] }[] = []
  const unreadable: Row[] = []
  let bytes = 0
  for (const [key, value] of rows) {
    bytes += key.length + value.length
    const row = decodeRowKey(key)
    const read = async (): Promise<unknown> => {
      switch (row?.kind) {
        case 'head':
          return (head = decodeHead(key, value))
        case 'snapshot':
          snapshotChecksum = rowChecksum(value)
          return (snapshot = decodeSnapshot(key, value))
        case 'entry': {
          const entry = decodeEntry(key, value, row.sequence)
          if (entry !== null) entries.set(row.sequence, entry)
          return entry
        }
        case 'history-base':
          baseChecksum = rowChecksum(value)
          return (base = await decodeHistoryBase(key, value))
        case 'history-segment': {
          const content = decodeHistorySegment(key, value)
          if (content !== null) segments.push({ segment: row.segment, entries: await decodeSegment(content) })
          return content
        }
        case undefined:
          return null
        default:
          return row satisfies never
      }
    }
    if ((await read()) === null) unreadable.push([key, value])
  }
  const { to } = documentKeys(documentName)
  const current = rows.filter(([key]) => Buffer.compare(key, to) < 0)
  const found = { head, snapshot, snapshotChecksum, entries, base, baseChecksum, segments }
  return {
    ...found,
    claim,
    unreadable,
    keys: rows.map(([key]) => key),
    bytes,
    fault: faultOf(documentName, current, claim),
    historyFault: historyFaultOf(found),
  }
}

function faultOf(documentName: string, rows: readonly Row[], claim: Claim | undefined): string | null {
  try {
    checkRows(documentName, rows, claim)
    return null
  } catch (error) {
    if (error instanceof PersistenceError) return error.message.replace(/^.*? is damaged: /, '')
    throw error
  }
}

function historyFaultOf({
  head,
  base,
  baseChecksum,
  segments,
  entries,
}: Pick<SurveyedRows, 'head' | 'base' | 'baseChecksum' | 'segments' | 'entries'>): string | null {
  // Without a head nothing is known of the history; without one in the head, it begins with the snapshot.
  if (head === null || head.history === null) return null
  if (head.history.baseChecksum !== 0 && (base === null || head.history.baseChecksum !== baseChecksum)) {
    return 'the base is missing or altered'
  }
  const missing = missingFromHistory({ base, segments, entries }, head.through)
  if (missing.length > 0) return `of the entries up to ${head.through}, ${missing.length} are missing`
  return null
}

/** The sequence numbers up to `through` that a history should have and has not. */
export function missingFromHistory(
  { base, segments, entries }: Pick<SurveyedRows, 'base' | 'segments' | 'entries'>,
  through: number,
): number[] {
  const present = new Set(entries.keys())
  for (const segment of segments) for (const { sequence } of segment.entries) present.add(sequence)
  const missing = (base?.without ?? []).filter((sequence) => !present.has(sequence))
  for (let sequence = (base?.through ?? 0) + 1; sequence <= through; sequence++) {
    if (!present.has(sequence)) missing.push(sequence)
  }
  return missing
}
