import { opcodes, readFrameHeader } from './frames.ts'
import type { Range, ReadNews } from './news.ts'

/** A frame that brings news. */
export interface NewsFrame {
  readonly ranges: readonly Range[]
  /** How many updates or states. */
  readonly count: number
  /** How many of them are whose. */
  readonly byAuthor: ReadonlyMap<number, number>
}

/**
 * What a server sends to a room, read once for all who get it. Most get the same bytes: those who do compare what they
 * read with this stream and are counted by how far they are in it. Who gets something else (an answer to what it wrote
 * itself, say) goes on frame by frame, where frames known by their bytes are not read again.
 */
export class RoomStream {
  readonly #read: ReadNews
  #bytes = Buffer.allocUnsafe(1024 * 1024)
  #end = 0
  /** Up to where frames have been read. */
  #parsed = 0
  /** Of each frame in the stream, where it ends; and of those with news, what they bring. */
  readonly #ends: number[] = []
  readonly #frames: NewsFrame[] = []
  readonly #known = new Map<number, { readonly payload: Buffer; readonly frame: NewsFrame }[]>()

  constructor(read: ReadNews) {
    this.#read = read
  }

  get end(): number {
    return this.#end
  }

  /** Whether the chunk is what the stream has at this position, as far as both go. */
  agrees(at: number, chunk: Buffer): boolean {
    const length = Math.min(chunk.length, this.#end - at)
    return chunk.compare(this.#bytes, at, at + length, 0, length) === 0
  }

  append(bytes: Buffer): void {
    if (this.#end + bytes.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe((this.#end + bytes.length) * 2)
      this.#bytes.copy(larger, 0, 0, this.#end)
      this.#bytes = larger
    }
    bytes.copy(this.#bytes, this.#end)
    this.#end += bytes.length
    const written = this.#bytes.subarray(0, this.#end)
    for (;;) {
      const header = readFrameHeader(written, this.#parsed)
      const end = this.#parsed + (header === null ? 0 : header.headerLength + header.payloadLength)
      if (header === null || end > this.#end) return
      const payload = written.subarray(end - header.payloadLength, end)
      this.#parsed = end
      this.#ends.push(end)
      this.#frames.push(header.opcode === opcodes.binary ? this.frameOf(payload) : noNews)
    }
  }

  /** What is behind the last whole frame before this position. */
  partBefore(position: number, frameIndex: number): Buffer {
    return this.#bytes.subarray(frameIndex === 0 ? 0 : (this.#ends[frameIndex - 1] ?? 0), position)
  }

  /** Calls back with the frames from an index on that end at or before a position; returns the index of the next. */
  eachUntil(position: number, index: number, callback: (frame: NewsFrame) => void): number {
    let next = index
    for (;;) {
      const end = this.#ends[next]
      const frame = this.#frames[next]
      if (end === undefined || frame === undefined || end > position) return next
      callback(frame)
      next++
    }
  }

  /** What a message brings, from its bytes. */
  frameOf(payload: Buffer): NewsFrame {
    const key = keyOf(payload)
    const alike = this.#known.get(key)
    const found = alike?.find((known) => known.payload.equals(payload))
    if (found !== undefined) return found.frame
    const ranges = this.#read(payload)
    const frame = ranges.length === 0 ? noNews : newsFrame(ranges)
    const known = { payload: Buffer.from(payload), frame }
    if (alike === undefined) this.#known.set(key, [known])
    else alike.push(known)
    return frame
  }
}

function newsFrame(ranges: readonly Range[]): NewsFrame {
  const byAuthor = new Map<number, number>()
  let count = 0
  for (const { author, from, to } of ranges) {
    byAuthor.set(author, (byAuthor.get(author) ?? 0) + to - from)
    count += to - from
  }
  return { ranges, count, byAuthor }
}

const noNews = newsFrame([])

/** A number that different messages seldom share: of the length, and of some bytes near both ends and in the middle. */
function keyOf(payload: Buffer): number {
  const { length } = payload
  let key = length
  for (const at of [length - 6, length - 10, length - 14, length - 18, length >> 1, 4]) {
    if (at >= 0 && at + 4 <= length) key = (Math.imul(key, 31) + payload.readInt32LE(at)) | 0
  }
  return key
}
