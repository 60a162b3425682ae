import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeClientMessage,
  decodeServerMessage,
  encodeMessage,
  ProtocolError,
  type Message,
} from '../index.ts'
import { fromHex } from './bytes.ts'

const hello = {
  session: 's1',
  user: { id: 'guest-1' },
  role: 'editor',
  limits: { messageBytes: 1000 },
  document: { form: 'xml', version: 1 },
  resume: 'secret',
} as const

const bytes = fc.uint8Array({ maxLength: 300 })
const count = fc.maxSafeNat()
const text = fc.string({ unit: 'grapheme' })
const entry = fc.record({
  clientID: count,
  clock: fc.maxSafeNat(),
  state: fc.oneof(
    fc.constant(null),
    fc.dictionary(text, fc.jsonValue()).map((state) => JSON.stringify(state)),
  ),
})

const clientMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constant('sync-step-1'), stateVector: bytes }),
  fc.record({ type: fc.constant('sync-step-2'), update: bytes }),
  fc.record({ type: fc.constant('update'), update: bytes }),
  fc.record({ type: fc.constant('awareness'), entries: fc.array(entry) }),
  fc.constant<Message>({ type: 'query-awareness' }),
  fc.constant<Message>({ type: 'keep-alive' }),
  fc.record({ type: fc.constant('resume'), secret: text }),
)

const serverMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constant('sync-step-1'), stateVector: bytes }),
  fc.record({ type: fc.constant('permission-denied'), reason: text }),
  fc.record({ type: fc.constant('ack'), count }),
  fc.record({ type: fc.constant('refused'), index: count, code: fc.constant('unappliable'), reason: text }),
  fc
    .record({ session: text, resume: text })
    .map((part): Message => ({ type: 'hello', hello: { ...hello, ...part } })),
)

/** The error that decoding ends in, or null. Anything but a `ProtocolError` fails the test. */
function refusal(decode: () => unknown): ProtocolError | null {
  try {
    decode()
    return null
  } catch (error) {
    if (error instanceof ProtocolError) return error
    throw error
  }
}

describe.each([
  ['client', decodeClientMessage, clientMessage],
  ['server', decodeServerMessage, serverMessage],
] as const)('a %s message', (_sender, decode, messages) => {
  test('decodes to what was encoded', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(decode(encodeMessage(message))).toEqual(message)
      }),
    )
  })

  test('is refused when it is cut anywhere', () => {
    fc.assert(
      fc.property(messages, fc.nat(), (message, at) => {
        const whole = encodeMessage(message)
        expect(refusal(() => decode(whole.subarray(0, at % whole.length)))?.code).toBe(4400)
      }),
    )
  })

  test('is refused when bytes follow it', () => {
    fc.assert(
      fc.property(messages, fc.uint8Array({ minLength: 1 }), (message, more) => {
        expect(refusal(() => decode(Uint8Array.of(...encodeMessage(message), ...more)))?.code).toBe(4400)
      }),
    )
  })

  test('made of any bytes decodes or is refused, and never fails otherwise', () => {
    fc.assert(
      fc.property(bytes, (frame) => {
        expect([undefined, 'malformed']).toContain(refusal(() => decode(frame))?.reason)
      }),
    )
  })

  test('never reads beyond its own bytes in a shared buffer', () => {
    const pool = new Uint8Array(100).fill(7)
    // A sync step 1 that claims 50 bytes of state vector and has none.
    pool.set([0, 0, 50], 10)
    expect(refusal(() => decode(pool.subarray(10, 13)))?.message).toMatch(/says 50 bytes where 0 are left/)
  })
})

describe('what is not a message', () => {
  test.each([
    ['nothing', ''],
    ['an unknown type', '4d'],
    ['an unknown sync type', '00 03 00'],
    ['a number of more than 53 bits', '64 ff ff ff ff ff ff ff ff ff 01'],
    ['a number of 54 bits', '64 ff ff ff ff ff ff ff 7f'],
    ['a number without an end', '64 80 80'],
    ['a length beyond all memory', '00 02 ff ff ff ff ff ff ff 0f'],
    ['an awareness state that is no JSON', '01 05 01 07 01 01 7b'],
    ['an awareness state that is a number', '01 05 01 07 01 01 37'],
    ['an awareness state that is an array', '01 06 01 07 01 02 5b 5d'],
    ['an awareness update with fewer states than it says', '01 01 02'],
    ['text that is not UTF-8', '6b 02 c3 28'],
  ])('%s is malformed', (_what, hex) => {
    expect(refusal(() => decodeClientMessage(fromHex(hex)))).toMatchObject({
      reason: 'malformed',
      code: 4400,
    })
  })

  test.each([
    ['JSON of another shape', '[]'],
    ['a role that is no string', JSON.stringify({ ...hello, role: 7 })],
    ['a negative limit', JSON.stringify({ ...hello, limits: { messageBytes: -1 } })],
    ['no secret', JSON.stringify({ ...hello, resume: undefined })],
  ])('a hello with %s is malformed', (_what, json) => {
    const frame = encodeMessage({ type: 'resume', secret: json })
    frame[0] = 102
    expect(refusal(() => decodeServerMessage(frame))).toMatchObject({ code: 4400 })
  })

  test('a hello of a newer server can be read: its form as told, its role as the least able one', () => {
    const newer = { ...hello, role: 'suggester', document: { form: 'pages', version: 3 } }
    const frame = encodeMessage({ type: 'resume', secret: JSON.stringify(newer) })
    frame[0] = 102
    expect(decodeServerMessage(frame)).toEqual({ type: 'hello', hello: { ...newer, role: 'viewer' } })
  })

  test('an unknown refusal is malformed', () => {
    const frame = encodeMessage({ type: 'refused', index: 1, code: 'unappliable', reason: '' })
    frame[3] = 0x55
    expect(refusal(() => decodeServerMessage(frame))?.message).toMatch(/no refusal/)
  })
})
