import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameProgress } from '../sync/frame-progress.ts'

const TEXT = 1
const BINARY = 2
const CONTINUATION = 0
const PING = 9

interface Frame {
  readonly opcode: number
  readonly isFinal: boolean
  readonly length: number
}

/** A frame as a client sends it, masked (RFC 6455, section 5.2). */
function bytesOf({ opcode, isFinal, length }: Frame): Buffer {
  const first = (isFinal ? 0x80 : 0) | opcode
  const header = Buffer.alloc(length < 126 ? 6 : length < 0x10000 ? 8 : 14, first)
  header[1] = 0x80 | (length < 126 ? length : length < 0x10000 ? 126 : 127)
  if (header.length === 8) header.writeUInt16BE(length, 2)
  if (header.length === 14) header.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([header, Buffer.alloc(length, 0x82)])
}

const frame = (opcode: number, isFinal: boolean): fc.Arbitrary<Frame> =>
  fc.record({
    opcode: fc.constant(opcode),
    isFinal: fc.constant(isFinal),
    length: fc.oneof(fc.constantFrom(0, 1, 125, 126, 127, 65_535, 65_536), fc.nat(300)),
  })
const ping: fc.Arbitrary<Frame> = fc.record({
  opcode: fc.constant(PING),
  isFinal: fc.constant(true),
  length: fc.nat(125),
})
/** A message in one frame or several, with pings in between. */
const message: fc.Arbitrary<readonly Frame[]> = fc
  .tuple(
    fc.constantFrom(TEXT, BINARY),
    fc.array(fc.oneof(frame(CONTINUATION, false), ping), { maxLength: 3 }),
  )
  .chain(([opcode, middle]) =>
    middle.length === 0
      ? fc.tuple(frame(opcode, true))
      : fc
          .tuple(frame(opcode, false), fc.constant(middle), frame(CONTINUATION, true))
          .map((parts) => parts.flat()),
  )

describe('the progress of frames', () => {
  test('knows after every piece how many messages have ended, and whether another has begun', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(message, fc.tuple(ping)), { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 8 }),
        (messages, cuts) => {
          const bytes = Buffer.concat(messages.flat().map(bytesOf))
          const ends = endsOf(messages)
          const progress = new FrameProgress()
          let at = 0
          for (let i = 0; at < bytes.length; i++) {
            const step = cuts[i % cuts.length] ?? 1
            progress.read(bytes.subarray(at, at + step))
            at = Math.min(at + step, bytes.length)
            const ended = ends.filter(({ end, isPing }) => end <= at && !isPing).length
            const isWithin = !ends.some(({ end }) => end === at)
            expect([progress.messages, progress.isWithin]).toEqual([ended, isWithin])
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})

/** Where each message, and each ping between messages, ends. */
function endsOf(messages: readonly (readonly Frame[])[]): { end: number; isPing: boolean }[] {
  let end = 0
  return messages.map((frames) => {
    for (const each of frames) end += bytesOf(each).length
    return { end, isPing: frames.every(({ opcode }) => opcode === PING) }
  })
}
