import type { LogEntry, LogSnapshot, StoredDocument } from './document-log.ts'
import { emptyHead, storedSequences } from './head.ts'
import type { Row } from './key-value-store.ts'
import { decodeRowKey } from './keys.ts'
import { damagedDocument } from './persistence-error.ts'
import { decodeEntry, decodeHead, decodeSnapshot, rowChecksum, type StoredHead } from './rows.ts'
import type { Claim } from './witness.ts'

/** A document that was read and found whole. */
export interface CheckedDocument {
  readonly document: StoredDocument
  readonly head: StoredHead
}

/**
 * Makes a document of its rows. Throws a `PersistenceError` with the code `damaged` if a row is missing, altered or
 * left over, or if there is less than the witness claims; its message lists what is wrong.
 */
export function checkRows(
  documentName: string,
  rows: readonly Row[],
  claim: Claim | undefined,
): CheckedDocument {
  const faults: string[] = []
  let head: StoredHead | null = null
  let snapshot: LogSnapshot | null = null
  let headFound = false
  let snapshotChecksum: number | null = null
  const entries = new Map<number, LogEntry>()
  const unreadable = new Set<number>()

  for (const [key, value] of rows) {
    const rowKey = decodeRowKey(key)
    if (rowKey === null || rowKey.documentName !== documentName) {
      faults.push(`a row has the unknown key ${Buffer.from(key).toString('hex')}`)
    } else if (rowKey.kind === 'head') {
      headFound = true
      head = decodeHead(key, value)
      if (head === null) faults.push('the head is altered')
    } else if (rowKey.kind === 'snapshot') {
      snapshot = decodeSnapshot(key, value)
      snapshotChecksum = rowChecksum(value)
      if (snapshot === null) faults.push('the snapshot is altered')
    } else if (rowKey.kind === 'entry') {
      const entry = decodeEntry(key, value, rowKey.sequence)
      if (entry === null) unreadable.add(rowKey.sequence)
      else entries.set(rowKey.sequence, entry)
    }
  }
  if (unreadable.size > 0) faults.push(`altered: ${entryRanges(unreadable)}`)

  if (!headFound && rows.length > 0) faults.push('the head is missing')
  const known: StoredHead = head ?? { ...emptyHead, revision: 0, snapshotChecksum: 0, history: null }
  if (claim !== undefined && claim.revision > known.revision) {
    faults.push(
      `entries up to ${claim.lastSequence} were acknowledged, in revision ${claim.revision}; ` +
        `stored is revision ${known.revision}, up to entry ${known.lastSequence}`,
    )
  }
  const ordered: LogEntry[] = []
  if (head !== null) {
    const missing: number[] = []
    for (const sequence of storedSequences(head)) {
      const entry = entries.get(sequence)
      if (entry !== undefined) ordered.push(entry)
      else if (!unreadable.has(sequence)) missing.push(sequence)
      entries.delete(sequence)
    }
    if (missing.length > 0) faults.push(`missing: ${entryRanges(missing)}`)
    if (entries.size > 0) faults.push(`left over: ${entryRanges(entries.keys())}`)
    if (head.through > 0 && snapshotChecksum === null) faults.push('the snapshot is missing')
    else if (head.snapshotChecksum !== (snapshotChecksum ?? 0))
      faults.push('the snapshot is not the last one')
  }
  if (faults.length > 0) {
    throw damagedDocument(documentName, faults.join('; '))
  }
  return { document: { snapshot, entries: ordered, lastSequence: known.lastSequence }, head: known }
}

/** "entries 3-5, 9", as messages name them. */
export function entryRanges(sequences: Iterable<number>): string {
  const ranges: { first: number; last: number }[] = []
  for (const sequence of [...sequences].toSorted((a, b) => a - b)) {
    const range = ranges.at(-1)
    if (range !== undefined && sequence === range.last + 1) range.last = sequence
    else ranges.push({ first: sequence, last: sequence })
  }
  const names = ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
  return `entries ${names.join(', ')}`
}
