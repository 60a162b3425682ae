import * as decoding from 'lib0/decoding'
import * as Y from 'yjs'
import { readServerMessage } from './messages.ts'

/** What one author did, as clocks: `to` is the first that is not in it. */
export interface Range {
  readonly author: number
  readonly from: number
  readonly to: number
}

/** What a message brings: every update in it that is one struct long, or every awareness state. */
export type ReadNews = (payload: Uint8Array) => readonly Range[]

/** The characters in the updates that a document message holds, however they were merged. */
export function readTyping(prefixLength: number): ReadNews {
  return (payload) => {
    const message = readServerMessage(payload, prefixLength)
    if (message.kind !== 'update' && message.kind !== 'step2') return []
    // A merged update marks with a skip what is not in it.
    const structs = Y.decodeUpdate(message.update).structs.filter((struct) => !(struct instanceof Y.Skip))
    return structs.map(({ id, length }) => ({
      author: id.client,
      from: id.clock,
      to: id.clock + length,
    }))
  }
}

/** The states in an awareness message. */
export function readStates(prefixLength: number): ReadNews {
  return (payload) => {
    const message = readServerMessage(payload, prefixLength)
    if (message.kind !== 'awareness') return []
    const decoder = decoding.createDecoder(message.update)
    return Array.from({ length: decoding.readVarUint(decoder) }, () => {
      const author = decoding.readVarUint(decoder)
      const from = decoding.readVarUint(decoder)
      const length = decoding.readVarUint(decoder)
      decoder.pos += length
      return { author, from, to: from + 1 }
    })
  }
}
