export { type AwarenessEntry } from './awareness.ts'
export { closeCodes, isRetryable, type CloseReason } from './close-codes.ts'
export {
  MAX_DOCUMENT_NAME_BYTES,
  decodeDocumentName,
  documentNameProblem,
  encodeDocumentName,
} from './document-name.ts'
export { type Hello, type Role } from './hello.ts'
export {
  decodeClientMessage,
  decodeServerMessage,
  encodeMessage,
  encodeUpdateHead,
  messageTypes,
  refusalReasons,
  syncTypes,
  type Awareness,
  type ClientMessage,
  type Message,
  type QueryAwareness,
  type RefusalCode,
  type Resume,
  type ServerMessage,
  type SyncStep1,
  type SyncStep2,
  type Update,
} from './messages.ts'
export { ProtocolError } from './protocol-error.ts'
export { chooseSubprotocol, subprotocols } from './subprotocol.ts'
