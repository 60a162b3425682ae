import * as encoding from 'lib0/encoding'
import { MessageReader } from './message-reader.ts'
import { ProtocolError } from './protocol-error.ts'

/** One client's state in an awareness update. The state stays JSON text: whoever relays it has no need to parse it again. */
export interface AwarenessEntry {
  /** The `clientID` of that client's `Y.Doc`. */
  readonly clientID: number
  /** Grows with every change; an entry counts only if its clock is above the one known. */
  readonly clock: number
  /** A JSON object, or null where the client has left. */
  readonly state: string | null
}

/** y-protocols' `awarenessUpdate`, the payload of an awareness message. */
export function encodeAwarenessUpdate(entries: readonly AwarenessEntry[]): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, entries.length)
  for (const entry of entries) {
    encoding.writeVarUint(encoder, entry.clientID)
    encoding.writeVarUint(encoder, entry.clock)
    encoding.writeVarString(encoder, entry.state ?? 'null')
  }
  return encoding.toUint8Array(encoder)
}

/** Decodes an `awarenessUpdate`; throws a `ProtocolError` if anything in it is not of its form. */
export function decodeAwarenessUpdate(update: Uint8Array): AwarenessEntry[] {
  const reader = new MessageReader(update)
  const length = reader.varUint('the number of awareness states')
  const entries: AwarenessEntry[] = []
  for (let i = 0; i < length; i++) {
    const clientID = reader.varUint('an awareness client id')
    const clock = reader.varUint('an awareness clock')
    const text = reader.varString('an awareness state')
    entries.push({ clientID, clock, state: checkState(text) })
  }
  reader.end()
  return entries
}

function checkState(text: string): string | null {
  let state: unknown
  try {
    state = JSON.parse(text)
  } catch (cause) {
    throw new ProtocolError('malformed', 'an awareness state is not JSON', { cause })
  }
  if (state === null) return null
  if (typeof state !== 'object' || Array.isArray(state)) {
    throw new ProtocolError('malformed', 'an awareness state is neither an object nor null')
  }
  return text
}
