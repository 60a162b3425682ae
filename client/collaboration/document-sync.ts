import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { messageTypes, syncTypes } from '../../protocol/index.ts'
import { reportAside } from './listeners.ts'

/**
 * Reads a sync message into a document, or writes the answer to one into `encoder`; returns which it was. As y-protocols
 * does it, which prints and forgets what goes wrong: here it throws if the message is not one that Yjs can take.
 */
export function synchronise(
  doc: Y.Doc,
  origin: unknown,
  encoder: encoding.Encoder,
  decoder: decoding.Decoder,
): number {
  const syncType = decoding.readVarUint(decoder)
  const payload = decoding.readVarUint8Array(decoder)
  if (syncType === syncTypes.step1) {
    encoding.writeVarUint(encoder, messageTypes.sync)
    encoding.writeVarUint(encoder, syncTypes.step2)
    encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(doc, payload))
  } else {
    apply(doc, origin, payload)
  }
  return syncType
}

function apply(doc: Y.Doc, origin: unknown, update: Uint8Array): void {
  const isLocal = false
  let isIn = false
  try {
    Y.transact(
      doc,
      () => {
        Y.applyUpdate(doc, update, origin)
        isIn = true
      },
      origin,
      isLocal,
    )
  } catch (error) {
    if (!isIn) throw error
    // What fails once the update is in the document is not the server's fault: an observer has thrown.
    reportAside(error)
  }
}
