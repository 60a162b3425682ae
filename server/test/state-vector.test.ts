import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { ProtocolError } from '../../protocol/index.ts'
import { readStateVector } from '../sync/update-bytes/state-vector.ts'

const clocks = fc.dictionary(fc.maxSafeNat().map(String), fc.maxSafeNat())
const vector = clocks.map((each) =>
  Y.encodeStateVector(new Map(Object.entries(each).map(([client, clock]) => [Number(client), clock]))),
)

describe('a state vector', () => {
  test('is read as Yjs reads it', () => {
    fc.assert(
      fc.property(vector, (bytes) => {
        expect(readStateVector(bytes)).toEqual(Y.decodeStateVector(bytes))
      }),
    )
  })

  test('is refused when it is cut anywhere', () => {
    fc.assert(
      fc.property(vector, fc.nat(), (bytes, at) => {
        expect(() => readStateVector(bytes.subarray(0, at % bytes.length))).toThrow(ProtocolError)
      }),
    )
  })

  test('that is damaged is refused, or read as Yjs reads it', () => {
    fc.assert(
      fc.property(vector, fc.nat(), fc.nat(255), (bytes, at, byte) => {
        const damaged = bytes.with(at % bytes.length, byte)
        const read = readIfLegal(damaged)
        if (read === null) return
        expect(read).toEqual(Y.decodeStateVector(damaged))
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    ['is followed by something', [0, 0]],
    ['lists a client twice', [2, 7, 1, 7, 2]],
    ['says more clients than fit', [3, 7, 1, 8, 2]],
    ['says more clients than there are', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['has a client of 54 bits', [1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 1]],
    ['has a clock without end', [1, 7, ...Array.from({ length: 100 }, () => 0x80)]],
  ])('is refused as malformed when it %s', (_what, bytes) => {
    expect(() => readStateVector(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ reason: 'malformed' }),
    )
  })

  test('is refused as too large when it speaks of more clients than it may', () => {
    expect(() => readStateVector(Uint8Array.of(2, 7, 1, 8, 1), 1)).toThrow(
      expect.objectContaining({ reason: 'tooLarge' }),
    )
  })
})

function readIfLegal(bytes: Uint8Array): Map<number, number> | null {
  try {
    return readStateVector(bytes)
  } catch (error) {
    if (error instanceof ProtocolError) return null
    throw error
  }
}
