import { decodeUtf8 } from 'lib0/string'
import { ProtocolError } from '../../../protocol/index.ts'

/**
 * Steps over the fields of what Yjs encodes, makes nothing of them but numbers, and throws a `ProtocolError` where lib0's
 * readers would read on or give up their precision.
 */
export class ByteScanner {
  readonly bytes: Uint8Array
  /** What is being read, for messages: `an update`. */
  readonly #what: string
  position = 0

  constructor(bytes: Uint8Array, what: string) {
    this.bytes = bytes
    this.#what = what
  }

  get left(): number {
    return this.bytes.length - this.position
  }

  byte(): number {
    const byte = this.bytes[this.position]
    if (byte === undefined) throw this.malformed('is cut short')
    this.position++
    return byte
  }

  /** A variable-length number of at most 53 bits. */
  varUint(): number {
    const first = this.bytes[this.position]
    if (first === undefined) throw this.malformed('is cut short')
    this.position++
    return first < 0x80 ? first : this.#rest(first & 0x7f, 0x80)
  }

  /** Steps over a variable-length number with a sign. */
  skipVarInt(): void {
    const first = this.byte()
    if (first >= 0x80) this.#rest(first & 0x3f, 0x40)
  }

  #rest(first: number, factor: number): number {
    let number = first
    for (let place = factor; place <= 2 ** 49; place *= 0x80) {
      const byte = this.byte()
      number += (byte & 0x7f) * place
      if (byte < 0x80) {
        if (number > Number.MAX_SAFE_INTEGER) break
        return number
      }
    }
    throw this.malformed('has a number of more than 53 bits')
  }

  /** How many of something follow, each of which takes at least so many bytes. */
  count(bytesEach: number): number {
    const count = this.varUint()
    if (count * bytesEach > this.left) throw this.malformed(`says ${count} where ${this.left} bytes are left`)
    return count
  }

  skip(length: number): void {
    if (length > this.left) throw this.malformed(`says ${length} bytes where ${this.left} are left`)
    this.position += length
  }

  skipVarBytes(): void {
    this.skip(this.varUint())
  }

  /** Steps over a string and returns its length in UTF-16 units. */
  skipString(): number {
    return this.skipText(this.varUint())
  }

  /** The same for a string whose length in bytes has been read. */
  skipText(length: number): number {
    const start = this.position
    this.skip(length)
    return this.#utf16Length(start, this.position)
  }

  /** Reads a string. */
  string(): string {
    const length = this.varUint()
    const start = this.position
    this.skip(length)
    return this.text(start, this.position)
  }

  /** Reads the bytes of a string that has been stepped over. */
  text(start: number, end: number): string {
    this.#utf16Length(start, end)
    return decodeUtf8(this.bytes.subarray(start, end))
  }

  #utf16Length(start: number, end: number): number {
    const { bytes } = this
    let units = 0
    let i = start
    while (i < end) {
      const first = bytes[i] ?? 0
      units++
      if (first < 0x80) {
        i++
        continue
      }
      const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
      if (first < 0xc2 || first > 0xf4 || i + length > end) throw this.#notUtf8(i)
      for (let k = 1; k < length; k++) {
        if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) throw this.#notUtf8(i)
      }
      const second = bytes[i + 1] ?? 0
      // What has a shorter form, a surrogate, and what is beyond Unicode.
      if (
        (first === 0xe0 && second < 0xa0) ||
        (first === 0xed && second >= 0xa0) ||
        (first === 0xf0 && second < 0x90) ||
        (first === 0xf4 && second >= 0x90)
      )
        throw this.#notUtf8(i)
      if (length === 4) units++
      i += length
    }
    return units
  }

  #notUtf8(position: number): ProtocolError {
    return this.malformed(`is not UTF-8 at byte ${position}`)
  }

  /** Throws unless every byte has been read. */
  end(): void {
    if (this.left > 0) throw this.malformed(`is followed by ${this.left} bytes`)
  }

  /** The error that says what is wrong with what is being read. */
  malformed(problem: string): ProtocolError {
    return new ProtocolError('malformed', `${this.#what} ${problem}`)
  }
}
