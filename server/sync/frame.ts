import {
  encodeMessage,
  encodeUpdateHead,
  type Message,
  type SyncStep2,
  type Update,
} from '../../protocol/index.ts'

const FINAL_BINARY = 0x82

/** An update longer than so many bytes is written from where it lies; a shorter one is copied behind its header. */
const LONG = 4096

/**
 * Messages as the bytes of WebSocket frames (RFC 6455, section 5.2; a server's are not masked): made once, and the same
 * bytes written to as many sockets as they go to.
 */
export class Frame {
  /** To be written one after the other, and not to be changed. */
  readonly parts: readonly Uint8Array[]
  /** How many of the messages are updates or answers to a sync step 1. */
  readonly updates: number

  constructor(...messages: readonly Message[]) {
    this.updates = messages.filter(isDocumentMessage).length
    this.parts = messages.flatMap(partsOf)
  }
}

function isDocumentMessage(message: Message): message is SyncStep2 | Update {
  return message.type === 'update' || message.type === 'sync-step-2'
}

function partsOf(message: Message): Uint8Array[] {
  const isLong = (message.type === 'update' || message.type === 'sync-step-2') && message.update.length > LONG
  if (!isLong) {
    const payload = encodeMessage(message)
    return [withHeader(payload, payload.length)]
  }
  const head = encodeUpdateHead(message)
  return [withHeader(head, head.length + message.update.length), message.update]
}

/** The frame's header, and behind it the beginning of a payload of some length. */
function withHeader(beginning: Uint8Array, length: number): Buffer {
  const size = headerSize(length)
  const bytes = Buffer.allocUnsafe(size + beginning.length)
  bytes[0] = FINAL_BINARY
  if (size === 2) bytes[1] = length
  else if (size === 4) {
    bytes[1] = 126
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = 127
    bytes.writeBigUInt64BE(BigInt(length), 2)
  }
  bytes.set(beginning, size)
  return bytes
}

function headerSize(length: number): 2 | 4 | 10 {
  if (length < 126) return 2
  return length < 0x10000 ? 4 : 10
}
