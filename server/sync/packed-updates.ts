/** Several updates in one piece of memory, which another thread can be given without a copy. */
export interface PackedUpdates {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lengths: readonly number[]
}

/** Copies: what comes from a socket is mostly a part of something larger, all of which would be sent along. */
export function packUpdates(updates: readonly Uint8Array[]): PackedUpdates {
  const lengths = updates.map(({ length }) => length)
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  for (const update of updates) {
    bytes.set(update, at)
    at += update.length
  }
  return { bytes, lengths }
}

/** The updates as parts of the same memory. */
export function unpackUpdates({ bytes, lengths }: PackedUpdates): Uint8Array[] {
  let at = 0
  return lengths.map((length) => bytes.subarray(at, (at += length)))
}
