/** Writes a whole number from 0 to 2⁵³ − 1 without making a BigInt of it, which takes longer than all else here. */
export function writeUint64(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32BE(Math.floor(value / 2 ** 32), at)
  bytes.writeUInt32BE(value % 2 ** 32, at + 4)
}

/** Reads one back. */
export function readUint64(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)
}

/** Reads those that lie between two places. */
export function readUint64s(bytes: Buffer, from: number, to: number): number[] {
  const numbers: number[] = []
  for (let at = from; at < to; at += 8) numbers.push(readUint64(bytes, at))
  return numbers
}
