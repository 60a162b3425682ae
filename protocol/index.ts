export { decodeAwarenessUpdate, encodeAwarenessUpdate, type AwarenessEntry } from './awareness.ts'
export { closeCodes, isRetryable, type CloseReason } from './close-codes.ts'
export {
  MAX_DOCUMENT_NAME_BYTES,
  decodeDocumentName,
  documentNameProblem,
  encodeDocumentName,
} from './document-name.ts'
export { type DocumentForm, type Hello, type Role } from './hello.ts'
export {
  decodeClientMessage,
  decodeServerMessage,
  encodeMessage,
  messageTypes,
  syncTypes,
  type Ack,
  type Awareness,
  type ClientMessage,
  type HelloMessage,
  type KeepAlive,
  type Message,
  type PermissionDenied,
  type QueryAwareness,
  type RefusalCode,
  type Refused,
  type Resume,
  type ServerMessage,
  type SyncStep1,
  type SyncStep2,
  type Update,
} from './messages.ts'
export { ProtocolError } from './protocol-error.ts'
export { chooseSubprotocol, subprotocols, type SubprotocolChoice } from './subprotocol.ts'
