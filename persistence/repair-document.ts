import type { LogEntry } from './document-log.ts'
import { storedSequences } from './head.ts'
import type { HistoryBase } from './history.ts'
import { emptyHistory, encodeBase, withSegment } from './history-changes.ts'
import type { RowChange } from './key-value-store.ts'
import { decodeRowKey, entryKey, headKey, snapshotKey } from './keys.ts'
import { encodeHead, encodeSnapshot, rowChecksum, type StoredHead, type StoredHistory } from './rows.ts'
import { entryRanges } from './stored-rows.ts'
import { missingFromHistory, type SurveyedRows } from './surveyed-rows.ts'

/** What the log cannot do itself, since it does not read updates. */
export interface Folding {
  /**
   * What entries, ascending, led to from some beginning, which is nothing at all if it is null: one update, and who wrote
   * what of it in the form of a history base.
   */
  fold(
    beginning: Pick<HistoryBase, 'update' | 'attribution'> | null,
    entries: readonly LogEntry[],
  ): Promise<Pick<HistoryBase, 'update' | 'attribution'>>
}

/** What a repair does to one document. */
export interface RepairPlan {
  readonly changes: readonly RowChange[]
  readonly head: StoredHead
  /** What was lost, or had to be, in words. */
  readonly lost: readonly string[]
  /** Entries that leave the history, since it has to begin anew; they are in the state that it begins with. */
  readonly leavesHistory: readonly LogEntry[]
}

/**
 * Plans how a damaged document can be opened again: every entry that can be read stays in it, and it is put down as whole
 * without the others. Null if nothing is damaged.
 *
 * - A snapshot that cannot be read is made anew from the history, or from what is left of that.
 * - Where entries are missing, the snapshot is said to stand for all up to the last, and all others to be kept.
 * - A history that is not whole begins anew with the snapshot, and keeps its authors: what comes after a gap depends on what
 *   was in it, so that no state after it could be told.
 */
export async function planRepair(
  documentName: string,
  rows: SurveyedRows,
  folding: Folding,
): Promise<RepairPlan | null> {
  const { head: before, claim, base, segments, unreadable } = rows
  if (rows.fault === null && rows.historyFault === null && unreadable.length === 0) return null
  const folded = segments.flatMap(({ entries }) => entries)
  const isFolded = new Set(folded.map(({ sequence }) => sequence))
  // What is in the history is not kept beside it.
  const entries = new Map([...rows.entries].filter(([sequence]) => !isFolded.has(sequence)))
  const throughs = [before?.through, rows.snapshot?.through, base?.through, lastOf(folded)]
  const through = highest(throughs)
  const lastSequence = highest([
    through,
    before?.lastSequence,
    claim?.lastSequence,
    lastOf([...entries.values()]),
  ])

  const hasHistory = base !== null || segments.length > 0 || (before?.history ?? null) !== null
  const isHistoryWhole =
    rows.historyFault === null &&
    !unreadable.some(([key]) => isOfHistory(key)) &&
    missingFromHistory({ base, segments, entries }, through).length === 0
  const lost: string[] = []
  if (hasHistory && !isHistoryWhole) lost.push('its history up to now, but for who wrote what is there')

  const expected = storedSequences({ lastSequence, through, kept: before?.kept ?? [] })
  const missing = [...expected].filter((sequence) => !entries.has(sequence) && !isFolded.has(sequence))
  if (missing.length > 0) lost.push(entryRanges(missing))
  const newThrough = missing.length > 0 ? lastSequence : through
  const kept = [...entries.keys()].filter((sequence) => sequence <= newThrough)

  const { snapshot } = rows
  const isCurrent =
    snapshot?.through === through &&
    (before === null || before.through < through || before.snapshotChecksum === rows.snapshotChecksum)
  const past = await folding.fold(base, folded)
  let { update } = past
  if (snapshot !== null && isCurrent) ({ update } = snapshot)
  else if (snapshot !== null) ({ update } = await folding.fold({ ...past, update: snapshot.update }, folded))
  if (through > 0 && !isCurrent && !isHistoryWhole) {
    lost.push('the snapshot, but for what could be read elsewhere')
  }

  const changes: RowChange[] = unreadable.map(([key]) => ({ type: 'del', key }))
  for (const sequence of rows.entries.keys()) {
    if (isFolded.has(sequence)) changes.push({ type: 'del', key: entryKey(documentName, sequence) })
  }
  const beginsAnew = hasHistory && (!isHistoryWhole || missing.length > 0)
  let history: StoredHistory | null = null
  if (beginsAnew) {
    for (const key of rows.keys) if (isOfHistory(key)) changes.push({ type: 'del', key })
    const time = folded.length === 0 ? null : Math.max(base?.time ?? -Infinity, latest(folded))
    const { attribution } = past
    const row = await encodeBase(documentName, {
      through: newThrough,
      without: kept,
      time,
      update,
      attribution,
    })
    changes.push({ type: 'put', ...row })
    history = { ...emptyHistory, baseChecksum: rowChecksum(row.value) }
  } else if (hasHistory) {
    const none = { ...emptyHistory, baseChecksum: rows.baseChecksum }
    history = segments.reduce((sum, { segment }) => withSegment(sum, segment), none)
  }
  let snapshotChecksum = 0
  if (newThrough > 0) {
    const key = snapshotKey(documentName)
    const value = encodeSnapshot(key, { through: newThrough, update })
    changes.push({ type: 'put', key, value })
    snapshotChecksum = rowChecksum(value)
  }
  // Higher than whatever was acknowledged: what is here now is the truth.
  const revision = highest([before?.revision, claim?.revision]) + 1
  const head: StoredHead = { revision, lastSequence, through: newThrough, kept, snapshotChecksum, history }
  const key = headKey(documentName)
  changes.push({ type: 'put', key, value: encodeHead(key, head) })
  return { changes, head, lost, leavesHistory: beginsAnew ? folded : [] }
}

function isOfHistory(key: Uint8Array): boolean {
  const kind = decodeRowKey(key)?.kind
  return kind === 'history-base' || kind === 'history-segment'
}

function lastOf(entries: readonly LogEntry[]): number {
  return entries.reduce((last, { sequence }) => Math.max(last, sequence), 0)
}

function latest(entries: readonly LogEntry[]): number {
  return entries.reduce((time, entry) => Math.max(time, entry.time), -Infinity)
}

function highest(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((most, number) => Math.max(most, number ?? 0), 0)
}
