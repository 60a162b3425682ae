/** The longest document name that a log takes, in bytes of UTF-8; its length is one byte of every key. */
const MAX_DOCUMENT_NAME_BYTES = 200

const DOCUMENT = 0x64
const HEAD = 0
const SNAPSHOT = 1
const ENTRY = 2

/** What a row of the store is about. */
export type RowKey =
  | { readonly documentName: string; readonly kind: 'head' }
  | { readonly documentName: string; readonly kind: 'snapshot' }
  | { readonly documentName: string; readonly kind: 'entry'; readonly sequence: number }

/** Every key of every document, and no other. */
export const DOCUMENT_KEYS: KeyRange = { from: Uint8Array.of(DOCUMENT), to: Uint8Array.of(DOCUMENT + 1) }

/** Keys from `from`, inclusive, to `to`, exclusive, in the order of their bytes. */
export interface KeyRange {
  readonly from: Uint8Array
  readonly to: Uint8Array
}

/**
 * All keys of one document. No name's keys lie among another's, even if one begins with the other, since the name's
 * length comes first. Throws a `RangeError` if the name is too long, or a `TypeError` if it is not well-formed Unicode.
 */
export function documentKeys(documentName: string): KeyRange {
  const prefix = documentPrefix(documentName)
  return {
    from: Buffer.concat([prefix, Uint8Array.of(HEAD)]),
    to: Buffer.concat([prefix, Uint8Array.of(ENTRY + 1)]),
  }
}

/** The key of what the store knows of a document as a whole. */
export function headKey(documentName: string): Uint8Array {
  return Buffer.concat([documentPrefix(documentName), Uint8Array.of(HEAD)])
}

/** The key of a document's snapshot. */
export function snapshotKey(documentName: string): Uint8Array {
  return Buffer.concat([documentPrefix(documentName), Uint8Array.of(SNAPSHOT)])
}

/** The key of an entry; keys of entries sort by sequence number. */
export function entryKey(documentName: string, sequence: number): Uint8Array {
  const tail = Buffer.alloc(9)
  tail.writeUInt8(ENTRY, 0)
  tail.writeBigUInt64BE(BigInt(sequence), 1)
  return Buffer.concat([documentPrefix(documentName), tail])
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
  if (tail[0] !== ENTRY || tail.length !== 9) return null
  return { documentName, kind: 'entry', sequence: Number(tail.readBigUInt64BE(1)) }
}

function documentPrefix(documentName: string): Uint8Array {
  const name = encodeName(documentName)
  return Buffer.concat([Uint8Array.of(DOCUMENT, name.length), name])
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
