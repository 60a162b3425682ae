/** Writes numbers and texts of variable length one after the other. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(1024)
  #length = 0

  /** A whole number from 0 to 2⁵³ − 1: seven bits a byte, the lowest first, the top bit set on all but the last. */
  varint(value: number): void {
    let rest = value
    this.#reserve(8)
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.#buffer[this.#length++] = rest
  }

  /**
   * A number, near the one before it: the whole number of steps from there as a varint, times four, plus two if it goes
   * down; where that would not give the very same number, a one and an IEEE 754 double.
   */
  near(previous: number, value: number): void {
    const steps = value - previous
    if (Number.isInteger(steps) && Math.abs(steps) < 2 ** 51 && previous + steps === value) {
      this.varint(steps < 0 ? -steps * 4 + 2 : steps * 4)
      return
    }
    this.varint(1)
    this.#reserve(8)
    this.#buffer.writeDoubleBE(value, this.#length)
    this.#length += 8
  }

  /** A text: the length of its UTF-8 as a varint, then that. */
  text(value: string): void {
    const bytes = Buffer.from(value)
    this.varint(bytes.length)
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** What was written so far; to be used before more is written. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#buffer.length + count))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
  }
}

/** Reads what a `ByteWriter` wrote; throws a `RangeError` at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes.readUInt8(this.#at++)
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  near(previous: number): number {
    const steps = this.varint()
    if (steps === 1) {
      this.#at += 8
      return this.#bytes.readDoubleBE(this.#at - 8)
    }
    return previous + (steps % 4 === 2 ? -(steps - 2) / 4 : steps / 4)
  }

  text(): string {
    return Buffer.from(this.take(this.varint())).toString()
  }

  /** The next bytes, a view. */
  take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length)
      throw new RangeError(`The bytes end at ${this.#bytes.length}, before ${end}`)
    const bytes = new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, length)
    this.#at = end
    return bytes
  }
}
