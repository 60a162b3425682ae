/** CRC-32C by eight bytes at a time: `tables[k][b]` is what byte b contributes when k bytes follow it. */
const tables = makeTables()

function makeTables(): readonly Int32Array[] {
  const first = new Int32Array(256).map((_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
    return value
  })
  const all = [first]
  for (let k = 1; k < 8; k++) {
    const before = all[k - 1] ?? first
    all.push(before.map((value) => (value >>> 8) ^ (first[value & 0xff] ?? 0)))
  }
  return all
}

const empty = new Int32Array(256)
const [t0 = empty, t1 = empty, t2 = empty, t3 = empty, t4 = empty, t5 = empty, t6 = empty, t7 = empty] =
  tables

/** The CRC-32C (Castagnoli, RFC 3720 appendix B.4) of bytes, as an unsigned number: the one that LevelDB's files use. */
export function crc32c(bytes: Uint8Array): number {
  let crc = -1
  let i = 0
  const b = (at: number): number => bytes[at] ?? 0
  for (const end = bytes.length - 7; i < end; i += 8) {
    const low = crc ^ (b(i) | (b(i + 1) << 8) | (b(i + 2) << 16) | (b(i + 3) << 24))
    crc =
      (t7[low & 0xff] ?? 0) ^
      (t6[(low >>> 8) & 0xff] ?? 0) ^
      (t5[(low >>> 16) & 0xff] ?? 0) ^
      (t4[low >>> 24] ?? 0) ^
      (t3[b(i + 4)] ?? 0) ^
      (t2[b(i + 5)] ?? 0) ^
      (t1[b(i + 6)] ?? 0) ^
      (t0[b(i + 7)] ?? 0)
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ (t0[(crc ^ b(i)) & 0xff] ?? 0)
  return ~crc >>> 0
}
