import * as Y from 'yjs'

/** The state vector of an empty document. */
export const EMPTY_STATE_VECTOR: Uint8Array = Y.encodeStateVector(new Map<number, number>())

/** Tells state vectors apart by their bytes. */
export function keyOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1')
}
