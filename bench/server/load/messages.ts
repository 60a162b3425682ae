import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { messageTypes, SYNC_STATUS, syncTypes } from './dialect.ts'

/** What a server says, as far as anything here depends on it; views on the payload. */
export type ServerMessage =
  | { readonly kind: 'step1'; readonly stateVector: Uint8Array }
  | { readonly kind: 'step2'; readonly update: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'awareness'; readonly update: Uint8Array }
  /** Codraft: so many of this connection's document messages are on disk. */
  | { readonly kind: 'ack'; readonly count: number }
  /** Hocuspocus: one more of them is applied. */
  | { readonly kind: 'applied' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'other' }

/** Reads a message behind a prefix of so many bytes. */
export function readServerMessage(payload: Uint8Array, prefixLength: number): ServerMessage {
  const decoder = decoding.createDecoder(payload)
  decoder.pos = prefixLength
  switch (decoding.readVarUint(decoder)) {
    case messageTypes.sync:
      return readSync(decoder)
    case messageTypes.awareness:
      return { kind: 'awareness', update: decoding.readVarUint8Array(decoder) }
    case messageTypes.ack:
      return { kind: 'ack', count: decoding.readVarUint(decoder) }
    case SYNC_STATUS:
      return decoding.readVarUint(decoder) === 1
        ? { kind: 'applied' }
        : { kind: 'refused', reason: 'not applied' }
    case messageTypes.refused: {
      const index = decoding.readVarUint(decoder)
      return { kind: 'refused', reason: `document message ${index}: ${decoding.readVarString(decoder)}` }
    }
    default:
      return { kind: 'other' }
  }
}

function readSync(decoder: decoding.Decoder): ServerMessage {
  const type = decoding.readVarUint(decoder)
  const bytes = decoding.readVarUint8Array(decoder)
  if (type === syncTypes.step1) return { kind: 'step1', stateVector: bytes }
  return type === syncTypes.step2 ? { kind: 'step2', update: bytes } : { kind: 'update', update: bytes }
}

/** A sync message of this type (`syncTypes`), behind a prefix. */
export function syncMessage(prefix: Uint8Array, type: number, bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeUint8Array(encoder, prefix)
    encoding.writeVarUint(encoder, messageTypes.sync)
    encoding.writeVarUint(encoder, type)
    encoding.writeVarUint8Array(encoder, bytes)
  })
}

/** One awareness state, behind a prefix. */
export function awarenessMessage(
  prefix: Uint8Array,
  clientID: number,
  clock: number,
  state: string,
): Uint8Array {
  const update = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarUint(encoder, clientID)
    encoding.writeVarUint(encoder, clock)
    encoding.writeVarString(encoder, state)
  })
  return encoding.encode((encoder) => {
    encoding.writeUint8Array(encoder, prefix)
    encoding.writeVarUint(encoder, messageTypes.awareness)
    encoding.writeVarUint8Array(encoder, update)
  })
}
