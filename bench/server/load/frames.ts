/** WebSocket frames (RFC 6455, section 5), made and read by hand: a client library costs more than most servers do. */

export const opcodes = { binary: 2, close: 8, ping: 9, pong: 10 } as const

/** One message as a client's frame. Its mask is zero, which is legal, and lets the payload be written as it is. */
export function clientFrame(payload: Uint8Array, opcode: number = opcodes.binary): Buffer {
  const { length } = payload
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const frame = Buffer.alloc(6 + extended + length)
  frame[0] = 0x80 | opcode
  if (extended === 0) frame[1] = 0x80 | length
  if (extended === 2) {
    frame[1] = 0x80 | 126
    frame.writeUInt16BE(length, 2)
  }
  if (extended === 8) {
    frame[1] = 0x80 | 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.set(payload, 6 + extended)
  return frame
}

/** What a server's frame begins with. */
export interface FrameHeader {
  readonly opcode: number
  /** Of the header, in bytes. */
  readonly headerLength: number
  readonly payloadLength: number
}

/** Reads the header of a server's frame; null if it is not all there. */
export function readFrameHeader(bytes: Buffer, at: number): FrameHeader | null {
  const left = bytes.length - at
  if (left < 2) return null
  const first = bytes.readUInt8(at)
  const short = bytes.readUInt8(at + 1)
  if ((first & 0xf0) !== 0x80 || short > 127) throw new Error('a frame is masked, compressed or in pieces')
  const headerLength = short < 126 ? 2 : short === 126 ? 4 : 10
  if (left < headerLength) return null
  const payloadLength =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  return { opcode: first & 0x0f, headerLength, payloadLength }
}
