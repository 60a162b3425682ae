import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

/** What a field of a message is; a `text`, `json` or `bytes` comes with its length before it. */
export type TokenKind =
  'number' | 'count' | 'client' | 'clock' | 'length' | 'info' | 'type' | 'text' | 'json' | 'bytes' | 'fixed'

/** One field of a message. */
export interface Token {
  readonly kind: TokenKind
  readonly bytes: Uint8Array
}

/** A client's message in its fields: what comes before the byte array that most messages hold, and what that holds. */
export interface MessageTokens {
  readonly head: readonly Token[]
  readonly body: readonly Token[] | null
}

/** Takes a legal message of a client apart. */
export function tokensOf(message: Uint8Array): MessageTokens {
  const tokens = new Tokenizer(message)
  const type = tokens.number('number')
  if (type !== 0 && type !== 1) {
    tokens.rest()
    return { head: tokens.list, body: null }
  }
  const isStateVector = type === 0 && tokens.number('number') === 0
  const head = tokens.list
  const body = new Tokenizer(decoding.readVarUint8Array(tokens.decoder))
  if (type === 1) body.awareness()
  else if (isStateVector) body.stateVector()
  else body.update()
  return { head, body: body.list }
}

/** Puts a message together; the length of its body is right whatever that holds. */
export function bytesOf({ head, body }: MessageTokens): Uint8Array {
  const encoder = encoding.createEncoder()
  for (const { bytes } of head) encoding.writeUint8Array(encoder, bytes)
  if (body !== null) {
    const inner = encoding.createEncoder()
    for (const { bytes } of body) encoding.writeUint8Array(inner, bytes)
    encoding.writeVarUint8Array(encoder, encoding.toUint8Array(inner))
  }
  return encoding.toUint8Array(encoder)
}

class Tokenizer {
  readonly decoder: decoding.Decoder
  readonly list: Token[] = []

  constructor(bytes: Uint8Array) {
    this.decoder = decoding.createDecoder(bytes)
  }

  #keep<T>(kind: TokenKind, read: (decoder: decoding.Decoder) => T): T {
    const start = this.decoder.pos
    const value = read(this.decoder)
    this.list.push({ kind, bytes: this.decoder.arr.slice(start, this.decoder.pos) })
    return value
  }

  number(kind: TokenKind): number {
    return this.#keep(kind, decoding.readVarUint)
  }

  rest(): void {
    if (decoding.hasContent(this.decoder)) this.#keep('fixed', decoding.readTailAsUint8Array)
  }

  awareness(): void {
    for (let left = this.number('count'); left > 0; left--) {
      this.number('client')
      this.number('clock')
      this.#keep('json', decoding.readVarString)
    }
  }

  stateVector(): void {
    for (let left = this.number('count'); left > 0; left--) this.#id()
  }

  #id(): void {
    this.number('client')
    this.number('clock')
  }

  update(): void {
    for (let clients = this.number('count'); clients > 0; clients--) {
      const structs = this.number('count')
      this.#id()
      for (let i = 0; i < structs; i++) this.#struct()
    }
    for (let clients = this.number('count'); clients > 0; clients--) {
      this.number('client')
      for (let ranges = this.number('count'); ranges > 0; ranges--) {
        this.number('clock')
        this.number('length')
      }
    }
  }

  #struct(): void {
    const info = this.#keep('info', decoding.readUint8)
    const kind = info & 31
    if (kind === 0 || kind === 10) return void this.number('length')
    if ((info & 128) !== 0) this.#id()
    if ((info & 64) !== 0) this.#id()
    if ((info & 192) === 0) {
      if (this.number('type') === 1) this.#text()
      else this.#id()
      if ((info & 32) !== 0) this.#text()
    }
    this.#content(kind)
  }

  #content(kind: number): void {
    switch (kind) {
      case 1:
        return void this.number('length')
      case 3:
        return void this.#keep('bytes', decoding.readVarUint8Array)
      case 4:
        return this.#text()
      case 5:
        return void this.#keep('json', decoding.readVarString)
      case 6:
        this.#text()
        return void this.#keep('json', decoding.readVarString)
      case 7:
        if ([3, 5].includes(this.number('type'))) this.#text()
        return
      case 8:
        for (let left = this.number('count'); left > 0; left--) this.#any()
        return
      case 9:
        this.#text()
        return this.#any()
      default:
        throw new RangeError(`A legal update holds no content of the kind ${kind}`)
    }
  }

  #text(): void {
    this.#keep('text', decoding.readVarString)
  }

  #any(): void {
    switch (decoding.peekUint8(this.decoder)) {
      case 118:
        this.#keep('type', decoding.readUint8)
        for (let left = this.number('count'); left > 0; left--) {
          this.#text()
          this.#any()
        }
        return
      case 117:
        this.#keep('type', decoding.readUint8)
        for (let left = this.number('count'); left > 0; left--) this.#any()
        return
      case 119:
        this.#keep('type', decoding.readUint8)
        return this.#text()
      default:
        this.#keep('fixed', decoding.readAny)
    }
  }
}
