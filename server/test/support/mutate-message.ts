import { bytesOf, tokensOf, type MessageTokens, type Token, type TokenKind } from './message-tokens.ts'
import type { Random } from './random.ts'

/** Makes of real messages what nobody would send who means well; the same for the same random numbers. */
export class Mutator {
  readonly #messages: readonly MessageTokens[]
  readonly #byKind = new Map<TokenKind, Token[]>()
  readonly #random: Random

  constructor(messages: readonly Uint8Array[], random: Random) {
    this.#messages = messages.map((message) => tokensOf(message))
    this.#random = random
    for (const { head, body } of this.#messages) {
      for (const token of [...head, ...(body ?? [])]) {
        const known = this.#byKind.get(token.kind)
        if (known === undefined) this.#byKind.set(token.kind, [token])
        else known.push(token)
      }
    }
  }

  /** A message to which one to three things have been done. */
  mutant(): Uint8Array {
    const { head, body } = this.#random.pick(this.#messages)
    let tokens: MessageTokens = { head, body }
    for (let left = this.#random.pick([1, 1, 1, 2, 3]); left > 0; left--) tokens = this.#mutateTokens(tokens)
    const bytes = bytesOf(tokens)
    return this.#random.below(12) === 0 ? this.#mutateBytes(bytes) : bytes
  }

  #mutateTokens({ head, body }: MessageTokens): MessageTokens {
    if (body === null || this.#random.below(20) === 0) return { head: this.#mutateList(head), body }
    return { head, body: this.#mutateList(body) }
  }

  #mutateList(tokens: readonly Token[]): readonly Token[] {
    const at = this.#random.below(tokens.length)
    const token = tokens[at]
    if (token === undefined) return tokens
    switch (this.#random.below(30)) {
      case 0: // dropped
        return tokens.toSpliced(at, 1)
      case 1: // said twice
        return tokens.toSpliced(at, 0, token)
      case 2: // a piece said twice
        return tokens.toSpliced(at, 0, ...tokens.slice(at, at + 1 + this.#random.below(8)))
      case 3: // a piece of another message in its place
        return tokens.toSpliced(at, this.#random.below(6), ...this.#piece())
      case 4: // something else altogether
        return tokens.with(
          at,
          this.#random.pick(this.#byKind.get(this.#random.pick([...this.#byKind.keys()])) ?? []),
        )
      case 5: // two changed about
        return this.#swapped(tokens, at)
      default:
        return tokens.with(at, { kind: token.kind, bytes: this.#otherBytes(token) })
    }
  }

  #piece(): readonly Token[] {
    const { body } = this.#random.pick(this.#messages)
    if (body === null) return []
    const from = this.#random.below(body.length)
    return body.slice(from, from + 1 + this.#random.below(12))
  }

  #swapped(tokens: readonly Token[], at: number): readonly Token[] {
    const other = this.#random.below(tokens.length)
    const [one, two] = [tokens[at], tokens[other]]
    return one === undefined || two === undefined ? tokens : tokens.with(at, two).with(other, one)
  }

  #otherBytes({ kind, bytes }: Token): Uint8Array {
    switch (kind) {
      case 'number':
      case 'count':
      case 'client':
      case 'clock':
      case 'length':
        return this.#otherNumber(kind, bytes)
      case 'info':
        return Uint8Array.of((bytes[0] ?? 0) ^ (1 << this.#random.below(8)))
      case 'type':
        return Uint8Array.of(
          this.#random.below(2) === 0 ? this.#random.below(12) : 115 + this.#random.below(14),
        )
      case 'text':
      case 'json':
        if (this.#random.below(3) > 0) return this.#random.pick(this.#byKind.get(kind) ?? []).bytes
        return this.#random.pick(kind === 'text' ? TEXTS : JSONS)
      case 'bytes':
      case 'fixed':
        return this.#mutateBytes(bytes)
    }
  }

  #otherNumber(kind: TokenKind, bytes: Uint8Array): Uint8Array {
    const [first = 0] = bytes
    switch (this.#random.below(8)) {
      case 0: // one more or less, where that is one byte
      case 1:
        return bytes.with(0, (first & 0x80) | ((first + this.#random.pick([1, 127])) & 0x7f))
      case 2:
        return Uint8Array.of(this.#random.below(20))
      case 3:
        return this.#random.pick(NUMBERS)
      default:
        return this.#random.pick(this.#byKind.get(kind) ?? []).bytes
    }
  }

  #mutateBytes(bytes: Uint8Array): Uint8Array {
    const at = this.#random.below(bytes.length)
    switch (this.#random.below(4)) {
      case 0:
        return bytes.subarray(0, at)
      case 1:
        return Uint8Array.of(
          ...bytes,
          ...Array.from({ length: 1 + this.#random.below(5) }, () => this.#random.below(256)),
        )
      default:
        return bytes.length === 0 ? bytes : bytes.with(at, (bytes[at] ?? 0) ^ (1 << this.#random.below(8)))
    }
  }
}

function varUint(number: number): number[] {
  const bytes: number[] = []
  let rest = number
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return [...bytes, rest]
}

/** Numbers at which something ends, one that is beyond all precision, one without an end, and one that begins with zeros. */
const NUMBERS = [
  0,
  1,
  127,
  128,
  2 ** 16,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 2,
  2 ** 53 - 1,
  2 ** 53,
]
  .map((number) => Uint8Array.from(varUint(number)))
  .concat([new Uint8Array(20).fill(0xff), Uint8Array.of(0x80, 0x80, 0)])

const withLength = (bytes: Iterable<number>): Uint8Array => {
  const list = [...bytes]
  return Uint8Array.of(...varUint(list.length), ...list)
}

const utf8 = (text: string): Uint8Array => withLength(new TextEncoder().encode(text))

const TEXTS = [
  utf8(''),
  utf8('__proto__'),
  utf8('guid'),
  utf8('undefined'),
  utf8('text'),
  utf8('\u{1f600}'.repeat(40)),
  withLength([0xed, 0xa0, 0x80]),
  withLength([0xc0, 0xaf]),
  withLength([0xf4, 0x90, 0x80, 0x80]),
  withLength([0xe2, 0x82]),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0x61),
]

const JSONS = [
  utf8('{'),
  utf8('undefined'),
  utf8('NaN'),
  utf8('1e999'),
  utf8('"\\ud800"'),
  utf8('{"__proto__":{"a":1}}'),
  utf8('{"user":{"name":"Mallory"},"user":7}'),
  utf8(`${'['.repeat(200)}${']'.repeat(200)}`),
  utf8(`${'['.repeat(9_000)}${']'.repeat(9_000)}`),
  ...TEXTS,
]
