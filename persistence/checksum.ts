import { crc32 } from 'node:zlib'

/** The CRC-32 (IEEE 802.3, as in zlib) of the parts one after the other, as an unsigned number. */
export function checksum(...parts: readonly Uint8Array[]): number {
  let value = 0
  for (const part of parts) value = crc32(part, value)
  return value
}

/** Longer bytes than this are given to zlib: a call of it takes as long as a loop over so many. */
const LOOP_BYTES = 200

const table = new Int32Array(256).map((_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** The same checksum of a part of some bytes, continued from that of what precedes them: for many short ones. */
export function checksumOfPart(bytes: Uint8Array, from: number, to: number, before: number): number {
  if (to - from > LOOP_BYTES) return crc32(bytes.subarray(from, to), before)
  let crc = ~before
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0)
  return ~crc >>> 0
}
