import { checksum, checksumOfPart } from './checksum.ts'
import type { LogEntry, LogSnapshot, LogUpdate } from './document-log.ts'
import type { Head } from './head.ts'
import type { HistoryBase, HistorySize } from './history.ts'
import { compress, decompress } from './history-segment.ts'
import type { RowChange } from './key-value-store.ts'
import { ENTRY_KEY_BYTES, writeEntryKey } from './keys.ts'
import { readUint64, readUint64s, writeUint64 } from './uint64.ts'

/** A head as it is stored, with what ties it to the other rows and to the witness. */
export interface StoredHead extends Head {
  /** How many batches have changed this document. */
  readonly revision: number
  /** The checksum that the snapshot's row carries; 0 if there is no snapshot. */
  readonly snapshotChecksum: number
  /** What is stored of the past; null if that is nothing, so that the history begins with the snapshot. */
  readonly history: StoredHistory | null
}

/** What a head says of the rows that hold the document's past. */
export interface StoredHistory extends HistorySize {
  readonly segments: number
  /** The checksum that the base's row carries; 0 if there is no base. */
  readonly baseChecksum: number
}

const HEAD_BYTES = 32
const HISTORY_BYTES = 24
const BASE_BYTES = 20

const ENTRY_BYTES = 10

/**
 * Encodes the rows of entries that follow one another, from the one numbered `first` (FORMAT.md, "Rows"), as puts.
 *
 * This is where an append spends the main thread, so all keys and values lie in one buffer: with a few for each row,
 * joined, allocating and collecting them took more than half of the time.
 */
export function encodeEntries(
  prefix: Uint8Array,
  first: number,
  time: number,
  updates: readonly LogUpdate[],
): RowChange[] {
  const keyBytes = prefix.length + ENTRY_KEY_BYTES
  let size = 0
  let author = ''
  let authorBytes = Buffer.from(author)
  const authors = updates.map((update) => {
    // Neighbours mostly have the same.
    if (update.author !== author) {
      author = update.author
      authorBytes = Buffer.from(author)
    }
    size += keyBytes + 4 + ENTRY_BYTES + authorBytes.length + update.update.length
    return authorBytes
  })
  const bytes = Buffer.allocUnsafe(size)
  const prefixSum = checksum(prefix)
  let at = 0
  return updates.map(({ update }, i) => {
    const name = authors[i] ?? authorBytes
    const tail = at + prefix.length
    const start = at + keyBytes
    const payload = start + 4
    const end = payload + ENTRY_BYTES + name.length + update.length
    bytes.set(prefix, at)
    writeEntryKey(bytes, first + i, tail)
    bytes.writeDoubleBE(time, payload)
    bytes.writeUInt16BE(name.length, payload + 8)
    bytes.set(name, payload + ENTRY_BYTES)
    bytes.set(update, payload + ENTRY_BYTES + name.length)
    const keySum = checksumOfPart(bytes, tail, start, prefixSum)
    bytes.writeUInt32BE(checksumOfPart(bytes, payload, end, keySum), start)
    const row: RowChange = {
      type: 'put',
      key: bytes.subarray(at, start),
      value: bytes.subarray(start, end),
    }
    at = end
    return row
  })
}

/** Reads an entry's row; null if it is damaged. The update is a view of the row. */
export function decodeEntry(key: Uint8Array, row: Uint8Array, sequence: number): LogEntry | null {
  const payload = unseal(key, row)
  if (payload === null || payload.length < ENTRY_BYTES) return null
  const authorEnd = ENTRY_BYTES + payload.readUInt16BE(8)
  if (payload.length < authorEnd) return null
  return {
    sequence,
    time: payload.readDoubleBE(0),
    author: payload.toString('utf8', ENTRY_BYTES, authorEnd),
    update: plain(payload.subarray(authorEnd)),
  }
}

/** Encodes a snapshot's row (FORMAT.md, "Rows"). */
export function encodeSnapshot(key: Uint8Array, { through, update }: LogSnapshot): Uint8Array {
  return seal(key, uint64(through), update)
}

/** Reads a snapshot's row; null if it is damaged. The update is a view of the row. */
export function decodeSnapshot(key: Uint8Array, row: Uint8Array): LogSnapshot | null {
  const payload = unseal(key, row)
  if (payload === null || payload.length < 8) return null
  return { through: readUint64(payload, 0), update: plain(payload.subarray(8)) }
}

/** Encodes a head's row (FORMAT.md, "Rows"). */
export function encodeHead(key: Uint8Array, head: StoredHead): Uint8Array {
  const { kept, history } = head
  const historyAt = HEAD_BYTES + 8 * kept.length
  const payload = Buffer.alloc(historyAt + (history === null ? 0 : HISTORY_BYTES))
  writeUint64(payload, head.revision, 0)
  writeUint64(payload, head.lastSequence, 8)
  writeUint64(payload, head.through, 16)
  payload.writeUInt32BE(head.snapshotChecksum, 24)
  payload.writeUInt32BE(kept.length, 28)
  for (let i = 0; i < kept.length; i++) writeUint64(payload, kept[i] ?? 0, HEAD_BYTES + 8 * i)
  if (history !== null) {
    payload.writeUInt32BE(history.baseChecksum, historyAt)
    payload.writeUInt32BE(history.segments, historyAt + 4)
    writeUint64(payload, history.bytes, historyAt + 8)
    payload.writeDoubleBE(history.oldest ?? NaN, historyAt + 16)
  }
  return seal(key, payload)
}

/** Reads a head's row; null if it is damaged. */
export function decodeHead(key: Uint8Array, row: Uint8Array): StoredHead | null {
  const payload = unseal(key, row)
  if (payload === null || payload.length < HEAD_BYTES) return null
  const historyAt = HEAD_BYTES + 8 * payload.readUInt32BE(28)
  const hasHistory = payload.length === historyAt + HISTORY_BYTES
  if (payload.length !== historyAt && !hasHistory) return null
  return {
    revision: readUint64(payload, 0),
    lastSequence: readUint64(payload, 8),
    through: readUint64(payload, 16),
    snapshotChecksum: payload.readUInt32BE(24),
    kept: readUint64s(payload, HEAD_BYTES, historyAt),
    history: hasHistory ? decodeStoredHistory(payload.subarray(historyAt)) : null,
  }
}

function decodeStoredHistory(bytes: Buffer): StoredHistory {
  const oldest = bytes.readDoubleBE(16)
  return {
    baseChecksum: bytes.readUInt32BE(0),
    segments: bytes.readUInt32BE(4),
    bytes: readUint64(bytes, 8),
    oldest: Number.isNaN(oldest) ? null : oldest,
  }
}

/** Encodes the row of a history's base (FORMAT.md, "History"); compresses it off the main thread. */
export async function encodeHistoryBase(key: Uint8Array, base: HistoryBase): Promise<Uint8Array> {
  const fixed = Buffer.alloc(BASE_BYTES)
  writeUint64(fixed, base.through, 0)
  fixed.writeDoubleBE(base.time ?? NaN, 8)
  fixed.writeUInt32BE(base.without.length, 16)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(base.update.length)
  const content = await compress(Buffer.concat([length, base.update, base.attribution]))
  return seal(key, fixed, ...base.without.map(uint64), content)
}

/** Reads the row of a history's base; null if it is damaged. */
export async function decodeHistoryBase(key: Uint8Array, row: Uint8Array): Promise<HistoryBase | null> {
  const payload = unseal(key, row)
  if (payload === null || payload.length < BASE_BYTES) return null
  const contentAt = BASE_BYTES + 8 * payload.readUInt32BE(16)
  if (payload.length < contentAt) return null
  const time = payload.readDoubleBE(8)
  const content = await decompress(payload.subarray(contentAt))
  const updateEnd = 4 + Buffer.from(content.buffer, content.byteOffset).readUInt32BE(0)
  return {
    through: readUint64(payload, 0),
    time: Number.isNaN(time) ? null : time,
    without: readUint64s(payload, BASE_BYTES, contentAt),
    update: content.subarray(4, updateEnd),
    attribution: content.subarray(updateEnd),
  }
}

/** Encodes the row of a history segment from its content. */
export function encodeHistorySegment(key: Uint8Array, content: Uint8Array): Uint8Array {
  return seal(key, content)
}

/** The content of the row of a history segment, a view; null if it is damaged. */
export function decodeHistorySegment(key: Uint8Array, row: Uint8Array): Uint8Array | null {
  const payload = unseal(key, row)
  return payload === null ? null : plain(payload)
}

/** The checksum that a row carries. */
export function rowChecksum(row: Uint8Array): number {
  return row.length < 4 ? 0 : Buffer.from(row.buffer, row.byteOffset, 4).readUInt32BE(0)
}

/** A row: the checksum of key and payload, then the payload. With the key in it, a value under a wrong key is noticed. */
function seal(key: Uint8Array, ...payload: readonly Uint8Array[]): Uint8Array {
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(checksum(key, ...payload), 0)
  return Buffer.concat([sum, ...payload])
}

function unseal(key: Uint8Array, row: Uint8Array): Buffer | null {
  if (row.length < 4) return null
  const payload = Buffer.from(row.buffer, row.byteOffset + 4, row.length - 4)
  return rowChecksum(row) === checksum(key, payload) ? payload : null
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  writeUint64(bytes, value, 0)
  return bytes
}

/** The same bytes, as callers expect them: a `Buffer` would print and compare as something else. */
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
