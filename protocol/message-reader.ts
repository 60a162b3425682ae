import * as decoding from 'lib0/decoding'
import { decodeUtf8 } from 'lib0/string'
import { ProtocolError } from './protocol-error.ts'

/**
 * Reads one message's fields in order and throws a `ProtocolError` where lib0's own readers would not: lib0 takes a
 * length on trust and, in a view on a larger buffer such as Node's pool, reads on into other people's bytes.
 */
export class MessageReader {
  readonly #decoder: decoding.Decoder

  constructor(message: Uint8Array) {
    this.#decoder = decoding.createDecoder(message)
  }

  varUint(what: string): number {
    let number: number
    try {
      number = decoding.readVarUint(this.#decoder)
    } catch (cause) {
      throw new ProtocolError('malformed', `${what} is not a whole variable-length number`, { cause })
    }
    // lib0 looks for that before the last byte only.
    if (!Number.isSafeInteger(number)) throw new ProtocolError('malformed', `${what} has more than 53 bits`)
    return number
  }

  /** A view on the message, not a copy. */
  varByteArray(what: string): Uint8Array {
    const length = this.varUint(`the length of ${what}`)
    const left = this.#decoder.arr.length - this.#decoder.pos
    if (length > left)
      throw new ProtocolError('malformed', `${what} says ${length} bytes where ${left} are left`)
    return decoding.readUint8Array(this.#decoder, length)
  }

  varString(what: string): string {
    const bytes = this.varByteArray(what)
    try {
      return decodeUtf8(bytes)
    } catch (cause) {
      throw new ProtocolError('malformed', `${what} is not UTF-8`, { cause })
    }
  }

  json(what: string): unknown {
    const text = this.varString(what)
    try {
      return JSON.parse(text) as unknown
    } catch (cause) {
      throw new ProtocolError('malformed', `${what} is not JSON`, { cause })
    }
  }

  /** Throws unless every byte has been read. */
  end(): void {
    const left = this.#decoder.arr.length - this.#decoder.pos
    if (left > 0) throw new ProtocolError('malformed', `${left} bytes follow the end of the message`)
  }
}
