import { crc32 } from 'node:zlib'

/** The CRC-32 (IEEE 802.3, as in zlib) of the parts one after the other, as an unsigned number. */
export function checksum(...parts: readonly Uint8Array[]): number {
  let value = 0
  for (const part of parts) value = crc32(part, value)
  return value
}
