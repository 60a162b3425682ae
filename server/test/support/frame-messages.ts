import type { Frame } from '../../sync/frame.ts'

/** The messages in a frame's bytes, read as a client's WebSocket reads them. */
export function messagesIn({ parts }: Frame): Uint8Array[] {
  const bytes = Buffer.concat(parts)
  const messages: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] !== 0x82) throw new Error(`no whole binary frame begins with ${bytes[at]}`)
    const short = bytes.readUInt8(at + 1)
    const [start, length] =
      short < 126
        ? [at + 2, short]
        : short === 126
          ? [at + 4, bytes.readUInt16BE(at + 2)]
          : [at + 10, Number(bytes.readBigUInt64BE(at + 2))]
    messages.push(Uint8Array.from(bytes.subarray(start, start + length)))
    at = start + length
  }
  return messages
}
