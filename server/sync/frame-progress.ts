/** The longest header of a frame: two bytes, eight of length, four of mask. */
const LONGEST_HEADER = 14
const FINAL = 0x80
const OPCODE = 0x0f
const FIRST_CONTROL_OPCODE = 8
const MASKED = 0x80
const LENGTH = 0x7f

/**
 * Follows the bytes of a WebSocket from frame to frame (RFC 6455, section 5.2), to know whether a message has begun and not
 * ended: ws tells of whole messages only. What is not of that form is ws's to find; here it costs nothing but the answer.
 */
export class FrameProgress {
  readonly #header = new Uint8Array(LONGEST_HEADER)
  #headerLength = 0
  /** How much of the current frame's payload is still to come. */
  #payload = 0
  /** Whether the current frame ends a message, once its payload is here. */
  #isLast = false
  #isWithinFragments = false
  #messages = 0

  /** How many messages have ended. */
  get messages(): number {
    return this.#messages
  }

  /** Whether part of a frame or of a message is here and the rest is not. */
  get isWithin(): boolean {
    return this.#headerLength > 0 || this.#payload > 0 || this.#isWithinFragments
  }

  read(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#payload > 0) {
        const step = Math.min(this.#payload, chunk.length - at)
        this.#payload -= step
        at += step
        if (this.#payload === 0) this.#frameEnded()
      } else if (this.#headerLength === 0 && chunk.length - at >= LONGEST_HEADER) {
        at += this.#readHeader(chunk, at)
      } else {
        this.#header[this.#headerLength++] = chunk[at++] ?? 0
        const [first = 0, second = 0] = this.#header
        if (this.#headerLength >= 2 && this.#headerLength === headerSize(second))
          this.#headerEnded(first, second & LENGTH)
      }
    }
  }

  /** Reads a header that is wholly in a chunk; returns its length. Most are, and short. */
  #readHeader(chunk: Uint8Array, at: number): number {
    const first = chunk[at] ?? 0
    const second = chunk[at + 1] ?? 0
    const length = second & LENGTH
    const size = headerSize(second)
    if (length >= 126) this.#header.set(chunk.subarray(at, at + size))
    this.#headerEnded(first, length)
    return size
  }

  #headerEnded(first: number, length: number): void {
    this.#headerLength = 0
    this.#payload = this.#payloadLength(length)
    const isControl = (first & OPCODE) >= FIRST_CONTROL_OPCODE
    this.#isLast = !isControl && (first & FINAL) !== 0
    if (!isControl) this.#isWithinFragments = !this.#isLast
    if (this.#payload === 0) this.#frameEnded()
  }

  #payloadLength(length: number): number {
    if (length < 126) return length
    const view = new DataView(this.#header.buffer)
    return length === 126 ? view.getUint16(2) : Number(view.getBigUint64(2))
  }

  #frameEnded(): void {
    if (this.#isLast) this.#messages++
  }
}

/** The length of a header, by its second byte. */
function headerSize(second: number): number {
  const length = second & LENGTH
  return 2 + (length === 127 ? 8 : length === 126 ? 2 : 0) + ((second & MASKED) === 0 ? 0 : 4)
}
