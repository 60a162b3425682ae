import type { HistorySegment } from './history.ts'
import { readUint64, writeUint64 } from './uint64.ts'

/** The longest document name that a log takes, in bytes of UTF-8; its length is one byte of every key. */
const MAX_DOCUMENT_NAME_BYTES = 200

const DOCUMENT = 0x64
const HEAD = 0
const SNAPSHOT = 1
const ENTRY = 2
const HISTORY_BASE = 3
const HISTORY_SEGMENT = 4
const SEGMENT_TAIL_BYTES = 33

/** What a row of the store is about. */
export type RowKey = { readonly documentName: string } & (
  | { readonly kind: 'head' }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'entry'; readonly sequence: number }
  | { readonly kind: 'history-base' }
  | { readonly kind: 'history-segment'; readonly segment: HistorySegment }
)

/** Every key of every document, and no other. */
export const DOCUMENT_KEYS: KeyRange = { from: Uint8Array.of(DOCUMENT), to: Uint8Array.of(DOCUMENT + 1) }

/** Keys from `from`, inclusive, to `to`, exclusive, in the order of their bytes. */
export interface KeyRange {
  readonly from: Uint8Array
  readonly to: Uint8Array
}

/**
 * The keys of one document as it is now: head, snapshot, entries. No name's keys lie among another's, even if one begins
 * with the other, since the name's length comes first. Throws a `RangeError` if the name is too long, or a `TypeError` if
 * it is not well-formed Unicode.
 */
export function documentKeys(documentName: string): KeyRange {
  return kinds(documentName, HEAD, ENTRY)
}

/** All keys of one document, those of its past included. Throws as `documentKeys` does. */
export function documentAndHistoryKeys(documentName: string): KeyRange {
  return kinds(documentName, HEAD, HISTORY_SEGMENT)
}

/** The keys of a document's head alone, as a range. */
export function headKeys(documentName: string): KeyRange {
  return kinds(documentName, HEAD, HEAD)
}

/** The keys of a document's snapshot alone, as a range. */
export function snapshotKeys(documentName: string): KeyRange {
  return kinds(documentName, SNAPSHOT, SNAPSHOT)
}

/** The keys of a document's history base alone, as a range. */
export function historyBaseKeys(documentName: string): KeyRange {
  return kinds(documentName, HISTORY_BASE, HISTORY_BASE)
}

/** The keys of a document's history segments. */
export function historySegmentKeys(documentName: string): KeyRange {
  return kinds(documentName, HISTORY_SEGMENT, HISTORY_SEGMENT)
}

/** The keys of the entries of a document from one to another, both inclusive. */
export function entryKeys(documentName: string, first: number, last: number): KeyRange {
  return { from: entryKey(documentName, first), to: entryKey(documentName, last + 1) }
}

function kinds(documentName: string, first: number, last: number): KeyRange {
  const prefix = documentPrefix(documentName)
  return {
    from: Buffer.concat([prefix, Uint8Array.of(first)]),
    to: Buffer.concat([prefix, Uint8Array.of(last + 1)]),
  }
}

/** The key of what the store knows of a document as a whole. */
export function headKey(documentName: string): Uint8Array {
  return headKeyOf(documentPrefix(documentName))
}

/** The same, from what all keys of the document begin with. */
export function headKeyOf(prefix: Uint8Array): Uint8Array {
  return Buffer.concat([prefix, Uint8Array.of(HEAD)])
}

/** The key of a document's snapshot. */
export function snapshotKey(documentName: string): Uint8Array {
  return Buffer.concat([documentPrefix(documentName), Uint8Array.of(SNAPSHOT)])
}

/** The key of an entry; keys of entries sort by sequence number. */
export function entryKey(documentName: string, sequence: number): Uint8Array {
  const tail = Buffer.alloc(ENTRY_KEY_BYTES)
  writeEntryKey(tail, sequence, 0)
  return Buffer.concat([documentPrefix(documentName), tail])
}

/** The keys of many entries, views of one buffer. */
export function entryKeysOf(documentName: string, sequences: readonly number[]): Uint8Array[] {
  const prefix = documentPrefix(documentName)
  const keyBytes = prefix.length + ENTRY_KEY_BYTES
  const bytes = Buffer.allocUnsafe(keyBytes * sequences.length)
  return sequences.map((sequence, i) => {
    const at = i * keyBytes
    bytes.set(prefix, at)
    writeEntryKey(bytes, sequence, at + prefix.length)
    return bytes.subarray(at, at + keyBytes)
  })
}

/** The key of what a document's history begins with. */
export function historyBaseKey(documentName: string): Uint8Array {
  return Buffer.concat([documentPrefix(documentName), Uint8Array.of(HISTORY_BASE)])
}

/** The key of a history segment; it holds all that is known of the segment, so that a list of them reads no values. */
export function historySegmentKey(documentName: string, segment: HistorySegment): Uint8Array {
  const tail = Buffer.alloc(SEGMENT_TAIL_BYTES)
  tail.writeUInt8(HISTORY_SEGMENT, 0)
  writeUint64(tail, segment.first, 1)
  writeUint64(tail, segment.last, 9)
  tail.writeUInt32BE(segment.entries, 17)
  tail.writeUInt32BE(segment.bytes, 21)
  tail.writeDoubleBE(segment.until, 25)
  return Buffer.concat([documentPrefix(documentName), tail])
}

/** The lowest key above another. */
export function nextKey(key: Uint8Array): Uint8Array {
  return Buffer.concat([key, Uint8Array.of(0)])
}

/** Reads a key back; null if no document has a row of that key. */
export function decodeRowKey(key: Uint8Array): RowKey | null {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength)
  const nameLength = bytes[1]
  if (bytes[0] !== DOCUMENT || nameLength === undefined) return null
  const nameBytes = bytes.subarray(2, 2 + nameLength)
  const documentName = nameBytes.toString()
  // Bytes that are no UTF-8 read as replacement characters: as another name, or none.
  if (nameLength > MAX_DOCUMENT_NAME_BYTES || !Buffer.from(documentName).equals(nameBytes)) return null
  const tail = bytes.subarray(2 + nameLength)
  if (tail[0] === HEAD && tail.length === 1) return { documentName, kind: 'head' }
  if (tail[0] === SNAPSHOT && tail.length === 1) return { documentName, kind: 'snapshot' }
  if (tail[0] === HISTORY_BASE && tail.length === 1) return { documentName, kind: 'history-base' }
  if (tail[0] === HISTORY_SEGMENT && tail.length === SEGMENT_TAIL_BYTES) {
    return { documentName, kind: 'history-segment', segment: decodeSegment(tail) }
  }
  if (tail[0] !== ENTRY || tail.length !== ENTRY_KEY_BYTES) return null
  return { documentName, kind: 'entry', sequence: readUint64(tail, 1) }
}

function decodeSegment(tail: Buffer): HistorySegment {
  return {
    first: readUint64(tail, 1),
    last: readUint64(tail, 9),
    entries: tail.readUInt32BE(17),
    bytes: tail.readUInt32BE(21),
    until: tail.readDoubleBE(25),
  }
}

/** What all keys of a document begin with. Throws as `documentKeys` does. */
export function documentPrefix(documentName: string): Uint8Array {
  const name = encodeName(documentName)
  return Buffer.concat([Uint8Array.of(DOCUMENT, name.length), name])
}

/** How long the key of an entry is behind its document's prefix, in bytes. */
export const ENTRY_KEY_BYTES = 9

/** Writes what the key of an entry has behind its document's prefix. */
export function writeEntryKey(bytes: Buffer, sequence: number, at: number): void {
  bytes[at] = ENTRY
  writeUint64(bytes, sequence, at + 1)
}

/** The name's UTF-8 bytes; throws as `documentKeys` does. */
function encodeName(documentName: string): Uint8Array {
  // UTF-8 has no form for half a surrogate pair: two such names would become one.
  if (/\p{Cs}/u.test(documentName)) {
    throw new TypeError(`The document name ${JSON.stringify(documentName)} has half a surrogate pair`)
  }
  const name = Buffer.from(documentName)
  if (name.length > MAX_DOCUMENT_NAME_BYTES) {
    throw new RangeError(
      `The document name ${JSON.stringify(documentName)} has ${name.length} bytes, more than ${MAX_DOCUMENT_NAME_BYTES}`,
    )
  }
  return name
}
