import * as encoding from 'lib0/encoding'
import { decodeAwarenessUpdate, encodeAwarenessUpdate, type AwarenessEntry } from './awareness.ts'
import { parseHello, type Hello } from './hello.ts'
import type { CloseReason } from './close-codes.ts'
import { MessageReader } from './message-reader.ts'
import { ProtocolError } from './protocol-error.ts'
import { parseServerEvent, type ServerEvent } from './server-event.ts'

/** The number that a message begins with (PROTOCOL.md, "Messages"). */
export const messageTypes = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  ack: 100,
  refused: 101,
  hello: 102,
  event: 105,
  keepAlive: 106,
  resume: 107,
} as const

/** The number that follows `sync`. */
export const syncTypes = { step1: 0, step2: 1, update: 2 } as const

/** Why a document message was not accepted (PROTOCOL.md, "refused"). */
export type RefusalCode = keyof typeof refusalReasons

/** What a connection is closed with after a refusal. */
export const refusalReasons = {
  unappliable: 'unappliable',
  'document-too-large': 'documentTooLarge',
  'too-much-waiting': 'tooMuchWaiting',
  'foreign-client-id': 'foreignClientId',
} as const satisfies Record<string, CloseReason>

/** A state vector: what the sender has. Answered by a sync step 2. */
export interface SyncStep1 {
  readonly type: 'sync-step-1'
  readonly stateVector: Uint8Array
}
/** What the receiver of a sync step 1 has and its sender lacks. */
export interface SyncStep2 {
  readonly type: 'sync-step-2'
  readonly update: Uint8Array
}
/** A change, as the Yjs update that it was emitted as. */
export interface Update {
  readonly type: 'update'
  readonly update: Uint8Array
}
export interface Awareness {
  readonly type: 'awareness'
  readonly entries: readonly AwarenessEntry[]
}
/** Asks for all awareness states; answered by an awareness message. */
export interface QueryAwareness {
  readonly type: 'query-awareness'
}
/** y-protocols' refusal of access; a stock client prints the reason to its console. */
interface PermissionDenied {
  readonly type: 'permission-denied'
  readonly reason: string
}
/** The first `count` document messages (sync step 2 and update) of this connection are on disk, synced. */
interface Ack {
  readonly type: 'ack'
  readonly count: number
}
/** The document message number `index` (the first is 1) of this connection was not accepted, nor will any later one be. */
interface Refused {
  readonly type: 'refused'
  readonly index: number
  readonly code: RefusalCode
  /** A sentence for the log; not for people. */
  readonly reason: string
}
interface HelloMessage {
  readonly type: 'hello'
  readonly hello: Hello
}
/** Something that the server tells of its own accord. */
interface EventMessage {
  readonly type: 'event'
  readonly event: ServerEvent
}
/** Says only that the sender is there. */
interface KeepAlive {
  readonly type: 'keep-alive'
}
/** Before anything else: the secret of the hello that this client's previous session got. */
export interface Resume {
  readonly type: 'resume'
  readonly secret: string
}

export type ClientMessage = SyncStep1 | SyncStep2 | Update | Awareness | QueryAwareness | KeepAlive | Resume
export type ServerMessage =
  | SyncStep1
  | SyncStep2
  | Update
  | Awareness
  | QueryAwareness
  | PermissionDenied
  | Ack
  | Refused
  | HelloMessage
  | EventMessage
  | KeepAlive
export type Message = ClientMessage | ServerMessage

/** One message as the bytes of one binary WebSocket frame. */
export function encodeMessage(message: Message): Uint8Array {
  const encoder = encoding.createEncoder()
  switch (message.type) {
    case 'sync-step-1':
      writeSync(encoder, syncTypes.step1, message.stateVector)
      break
    case 'sync-step-2':
      writeSync(encoder, syncTypes.step2, message.update)
      break
    case 'update':
      writeSync(encoder, syncTypes.update, message.update)
      break
    case 'awareness':
      encoding.writeVarUint(encoder, messageTypes.awareness)
      encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(message.entries))
      break
    case 'query-awareness':
      encoding.writeVarUint(encoder, messageTypes.queryAwareness)
      break
    case 'permission-denied':
      encoding.writeVarUint(encoder, messageTypes.auth)
      encoding.writeVarUint(encoder, 0)
      encoding.writeVarString(encoder, message.reason)
      break
    case 'ack':
      encoding.writeVarUint(encoder, messageTypes.ack)
      encoding.writeVarUint(encoder, message.count)
      break
    case 'refused':
      encoding.writeVarUint(encoder, messageTypes.refused)
      encoding.writeVarUint(encoder, message.index)
      encoding.writeVarString(encoder, message.code)
      encoding.writeVarString(encoder, message.reason)
      break
    case 'hello':
      encoding.writeVarUint(encoder, messageTypes.hello)
      encoding.writeVarString(encoder, JSON.stringify(message.hello))
      break
    case 'event':
      encoding.writeVarUint(encoder, messageTypes.event)
      encoding.writeVarString(encoder, JSON.stringify(message.event))
      break
    case 'keep-alive':
      encoding.writeVarUint(encoder, messageTypes.keepAlive)
      break
    case 'resume':
      encoding.writeVarUint(encoder, messageTypes.resume)
      encoding.writeVarString(encoder, message.secret)
      break
  }
  return encoding.toUint8Array(encoder)
}

function writeSync(encoder: encoding.Encoder, syncType: number, payload: Uint8Array): void {
  encoding.writeVarUint(encoder, messageTypes.sync)
  encoding.writeVarUint(encoder, syncType)
  encoding.writeVarUint8Array(encoder, payload)
}

/** What precedes the update in the bytes of such a message: who has the update need not copy it. */
export function encodeUpdateHead({ type, update }: SyncStep2 | Update): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, messageTypes.sync)
  encoding.writeVarUint(encoder, type === 'update' ? syncTypes.update : syncTypes.step2)
  encoding.writeVarUint(encoder, update.length)
  return encoding.toUint8Array(encoder)
}

/**
 * Decodes a frame that a client sent. State vectors and updates stay bytes, views on the frame, unchecked.
 * Throws a `ProtocolError` if the frame is not one whole message that a client may send.
 */
export function decodeClientMessage(frame: Uint8Array): ClientMessage {
  const reader = new MessageReader(frame)
  const type = reader.varUint('the message type')
  const message = readCommon(type, reader) ?? readFromClient(type, reader)
  reader.end()
  return message
}

/** Decodes a frame that a server sent; otherwise as `decodeClientMessage`. */
export function decodeServerMessage(frame: Uint8Array): ServerMessage {
  const reader = new MessageReader(frame)
  const type = reader.varUint('the message type')
  const message = readCommon(type, reader) ?? readFromServer(type, reader)
  reader.end()
  return message
}

function readCommon(type: number, reader: MessageReader): (ClientMessage & ServerMessage) | null {
  switch (type) {
    case messageTypes.sync:
      return readSync(reader)
    case messageTypes.awareness:
      return {
        type: 'awareness',
        entries: decodeAwarenessUpdate(reader.varByteArray('the awareness update')),
      }
    case messageTypes.queryAwareness:
      return { type: 'query-awareness' }
    case messageTypes.keepAlive:
      return { type: 'keep-alive' }
    default:
      return null
  }
}

function readSync(reader: MessageReader): SyncStep1 | SyncStep2 | Update {
  const syncType = reader.varUint('the sync message type')
  switch (syncType) {
    case syncTypes.step1:
      return { type: 'sync-step-1', stateVector: reader.varByteArray('the state vector') }
    case syncTypes.step2:
      return { type: 'sync-step-2', update: reader.varByteArray('the update') }
    case syncTypes.update:
      return { type: 'update', update: reader.varByteArray('the update') }
    default:
      throw new ProtocolError('malformed', `there is no sync message of type ${syncType}`)
  }
}

function readFromClient(type: number, reader: MessageReader): ClientMessage {
  if (type === messageTypes.resume) return { type: 'resume', secret: reader.varString('the resume secret') }
  throw new ProtocolError('malformed', `a client sends no message of type ${type}`)
}

function readFromServer(type: number, reader: MessageReader): ServerMessage {
  switch (type) {
    case messageTypes.auth:
      return readAuth(reader)
    case messageTypes.ack:
      return { type: 'ack', count: reader.varUint('the acknowledged count') }
    case messageTypes.refused:
      return {
        type: 'refused',
        index: reader.varUint('the refused index'),
        code: readRefusalCode(reader),
        reason: reader.varString('the reason of a refusal'),
      }
    case messageTypes.hello:
      return { type: 'hello', hello: readHello(reader) }
    case messageTypes.event:
      return { type: 'event', event: parseServerEvent(reader.json('an event')) }
    default:
      throw new ProtocolError('malformed', `a server sends no message of type ${type}`)
  }
}

function readAuth(reader: MessageReader): PermissionDenied {
  const authType = reader.varUint('the auth message type')
  if (authType !== 0) throw new ProtocolError('malformed', `there is no auth message of type ${authType}`)
  return { type: 'permission-denied', reason: reader.varString('the reason of a denied permission') }
}

function readRefusalCode(reader: MessageReader): RefusalCode {
  const code = reader.varString('the code of a refusal')
  if (!isRefusalCode(code))
    throw new ProtocolError('malformed', `there is no refusal ${JSON.stringify(code)}`)
  return code
}

function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(refusalReasons, code)
}

function readHello(reader: MessageReader): Hello {
  const value = reader.json('hello')
  try {
    return parseHello(value)
  } catch (cause) {
    throw new ProtocolError('malformed', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
