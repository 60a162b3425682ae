import * as encoding from 'lib0/encoding'
import { encodeDocumentName, messageTypes, syncTypes } from '../../../protocol/index.ts'

/** How a contestant wants to be spoken to: y-websocket's messages, with what goes before and between them. */
export interface Dialect {
  /** The path to connect to. */
  path(documentName: string): string
  readonly subprotocol: string | null
  /** What every message begins with. */
  prefix(documentName: string): Uint8Array
  /** A message to be sent before any other, without the prefix. */
  readonly greeting: Uint8Array | null
  /** Whether the server has a document of its own, and so takes part in the sync protocol. */
  readonly knowsDocuments: boolean
}

const nothing = new Uint8Array(0)

/** Any y-websocket client, to Codraft. */
export const stockToCodraft: Dialect = {
  path: (documentName) => `/collab/${encodeDocumentName(documentName)}`,
  subprotocol: null,
  prefix: () => nothing,
  greeting: null,
  knowsDocuments: true,
}

/** Codraft's own client, which hears what is on disk. */
export const codraft: Dialect = { ...stockToCodraft, subprotocol: 'codraft.1' }

export const yWebsocket: Dialect = {
  path: (documentName) => `/${encodeDocumentName(documentName)}`,
  subprotocol: null,
  prefix: () => nothing,
  greeting: null,
  knowsDocuments: true,
}

export const relay: Dialect = { ...yWebsocket, knowsDocuments: false }

/** Hocuspocus names the document in every message, and wants a token first, whatever it is. */
export const hocuspocus: Dialect = {
  path: () => '/',
  subprotocol: null,
  prefix: (documentName) =>
    encoding.encode((encoder) => {
      encoding.writeVarString(encoder, documentName)
    }),
  greeting: encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, messageTypes.auth)
    encoding.writeVarUint(encoder, 0)
    encoding.writeVarString(encoder, 'token')
  }),
  knowsDocuments: true,
}

/** Hocuspocus's way to say that the server has applied an update of this client. */
export const SYNC_STATUS = 8

export { messageTypes, syncTypes }
