import type { Client } from './client.ts'
import { messageTypes, syncTypes } from './dialect.ts'

/** The longest frame that a typist writes: a header of 6 bytes, a prefix, and about 45 bytes of update. */
const MAX_FRAME = 126

/**
 * Types letters one behind the other at the end of a text of its own, each an update of about 25 bytes as Yjs would
 * emit it, put together by hand.
 */
export class Typist {
  readonly client: Client
  readonly clientID: number
  /** How many it has typed. */
  clock = 0

  constructor(client: Client, clientID: number) {
    this.client = client
    this.clientID = clientID
  }

  /** The name of its text. */
  get textName(): string {
    return `t${this.clientID.toString(36)}`
  }

  /** What it has typed so far. */
  get typed(): string {
    return Array.from({ length: this.clock }, (_, i) => String.fromCharCode(letter(i))).join('')
  }

  /** Types so many letters, an update each, in one write. */
  type(count: number): void {
    const bytes = new ByteWriter(Buffer.allocUnsafe(count * MAX_FRAME))
    for (let i = 0; i < count; i++) this.#writeFrame(bytes)
    this.client.connection.write(bytes.written)
  }

  #writeFrame(bytes: ByteWriter): void {
    const start = bytes.at
    // The header comes when the length is known.
    bytes.at += 6
    bytes.bytes(this.client.prefix)
    bytes.byte(messageTypes.sync)
    bytes.byte(syncTypes.update)
    const lengthAt = bytes.at
    bytes.at++
    this.#writeUpdate(bytes)
    bytes.buffer[lengthAt] = bytes.at - lengthAt - 1
    const length = bytes.at - start - 6
    if (length > 125)
      throw new RangeError(`A frame of ${length} bytes is too long: use a shorter document name`)
    bytes.buffer.writeUInt16BE(0x8280 | length, start)
    bytes.buffer.writeUInt32BE(0, start + 2)
  }

  /** One client, one struct, nothing deleted. The struct is a string (4) at the root, or behind an item (0x80). */
  #writeUpdate(bytes: ByteWriter): void {
    bytes.byte(1)
    bytes.byte(1)
    bytes.varUint(this.clientID)
    bytes.varUint(this.clock)
    if (this.clock === 0) {
      bytes.byte(4)
      bytes.byte(1)
      bytes.byte(this.textName.length)
      bytes.buffer.write(this.textName, bytes.at, 'latin1')
      bytes.at += this.textName.length
    } else {
      bytes.byte(0x84)
      bytes.varUint(this.clientID)
      bytes.varUint(this.clock - 1)
    }
    bytes.byte(1)
    bytes.byte(letter(this.clock))
    bytes.byte(0)
    this.clock++
  }
}

function letter(clock: number): number {
  return 97 + (clock % 26)
}

/** Writes bytes into a buffer that is large enough. */
class ByteWriter {
  readonly buffer: Buffer
  at = 0

  constructor(buffer: Buffer) {
    this.buffer = buffer
  }

  byte(value: number): void {
    this.buffer[this.at++] = value
  }

  bytes(values: Uint8Array): void {
    this.buffer.set(values, this.at)
    this.at += values.length
  }

  /** As lib0 does. */
  varUint(value: number): void {
    let left = value
    while (left > 127) {
      this.buffer[this.at++] = 0x80 | (left & 127)
      left = Math.floor(left / 128)
    }
    this.buffer[this.at++] = left
  }

  get written(): Buffer {
    return this.buffer.subarray(0, this.at)
  }
}
