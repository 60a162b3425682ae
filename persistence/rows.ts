import { checksum } from './checksum.ts'
import type { LogEntry, LogSnapshot, LogUpdate } from './document-log.ts'
import type { Head } from './head.ts'

/** A head as it is stored, with what ties it to the other rows and to the witness. */
export interface StoredHead extends Head {
  /** How many batches have changed this document. */
  readonly revision: number
  /** The checksum that the snapshot's row carries; 0 if there is no snapshot. */
  readonly snapshotChecksum: number
}

const HEAD_BYTES = 32

/** Encodes an entry's row (FORMAT.md, "Rows"). */
export function encodeEntry(key: Uint8Array, time: number, { author, update }: LogUpdate): Uint8Array {
  const authorBytes = Buffer.from(author)
  const fixed = Buffer.alloc(10)
  fixed.writeDoubleBE(time, 0)
  fixed.writeUInt16BE(authorBytes.length, 8)
  return seal(key, fixed, authorBytes, update)
}

/** Reads an entry's row; null if it is damaged. The update is a view of the row. */
export function decodeEntry(key: Uint8Array, row: Uint8Array, sequence: number): LogEntry | null {
  const payload = unseal(key, row)
  if (payload === null || payload.length < 10) return null
  const authorEnd = 10 + payload.readUInt16BE(8)
  if (payload.length < authorEnd) return null
  return {
    sequence,
    time: payload.readDoubleBE(0),
    author: payload.toString('utf8', 10, authorEnd),
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
  return { through: Number(payload.readBigUInt64BE(0)), update: plain(payload.subarray(8)) }
}

/** Encodes a head's row (FORMAT.md, "Rows"). */
export function encodeHead(key: Uint8Array, head: StoredHead): Uint8Array {
  const payload = Buffer.alloc(HEAD_BYTES + 8 * head.kept.length)
  payload.writeBigUInt64BE(BigInt(head.revision), 0)
  payload.writeBigUInt64BE(BigInt(head.lastSequence), 8)
  payload.writeBigUInt64BE(BigInt(head.through), 16)
  payload.writeUInt32BE(head.snapshotChecksum, 24)
  payload.writeUInt32BE(head.kept.length, 28)
  for (const [i, sequence] of head.kept.entries()) {
    payload.writeBigUInt64BE(BigInt(sequence), HEAD_BYTES + 8 * i)
  }
  return seal(key, payload)
}

/** Reads a head's row; null if it is damaged. */
export function decodeHead(key: Uint8Array, row: Uint8Array): StoredHead | null {
  const payload = unseal(key, row)
  if (payload === null || payload.length < HEAD_BYTES) return null
  const kept: number[] = []
  for (let at = HEAD_BYTES; at + 8 <= payload.length; at += 8) kept.push(Number(payload.readBigUInt64BE(at)))
  if (payload.readUInt32BE(28) !== kept.length) return null
  return {
    revision: Number(payload.readBigUInt64BE(0)),
    lastSequence: Number(payload.readBigUInt64BE(8)),
    through: Number(payload.readBigUInt64BE(16)),
    snapshotChecksum: payload.readUInt32BE(24),
    kept,
  }
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
  bytes.writeBigUInt64BE(BigInt(value), 0)
  return bytes
}

/** The same bytes, as callers expect them: a `Buffer` would print and compare as something else. */
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
