// @vitest-environment jsdom
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exchangeQuietly } from './peers.ts'
import { commands, PEERS, Round, type Happening } from './table-round.ts'

/** Of the environment, so that a long run needs no change of this file. */
const RUNS = Number(process.env['CODRAFT_TEXT_RUNS'] ?? 20)

const who = fc.nat(PEERS - 1)
const at = fc.nat(999)
const command = fc.nat(commands.length - 1)
const acting: readonly fc.WeightedArbitrary<Happening>[] = [
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('type'), who, at }) },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('command'),
      who,
      at,
      to: fc.oneof(fc.constant(null), at),
      command,
    }),
  },
]
const happening: fc.Arbitrary<Happening> = fc.oneof(
  ...acting,
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('undo', 'redo'), who }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('deliver'), who, from: who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('exchange') }) },
)
/** Entries that somebody may write into a table's marker. */
const garbage: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constant('garbage'),
  key: fc.oneof(
    fc.constantFrom('row:', 'row:x', 'column:x', 'column:x:y', 'place:x', 'merge:x:x', 'header:x', 'width:x'),
    fc.constantFrom('cell:', 'cell:x:x', 'cell:x:x:1', 'cell:x:x:1:2', 'row', 'rows', '__proto__'),
    fc.string(),
  ),
  value: fc.oneof(
    fc.jsonValue(),
    fc.constant({ rows: ['x'], columns: ['x', 'x'] }),
    fc.constantFrom<unknown>('m', Number.NaN, new Uint8Array([1])),
    fc.constantFrom('text', 'map', 'xml').map((shared) => ({ shared })),
  ),
})

describe('random editing of a table by several people', { timeout: 600_000 }, () => {
  it('keeps it a rectangle, converges, keeps what is typed, and is answered by nobody', () => {
    let count = 0
    fc.assert(
      fc.property(fc.array(happening, { minLength: 5, maxLength: 50, size: 'max' }), (happenings) => {
        const round = new Round()
        try {
          for (const one of happenings) {
            if (one.kind !== 'deliver' && one.kind !== 'exchange') count++
            round.happen(one)
            round.check()
          }
          round.happen({ kind: 'exchange' })
          round.check()
        } finally {
          round.close()
        }
      }),
      { numRuns: RUNS },
    )
    if (process.env['CODRAFT_TEXT_RUNS'] !== undefined) process.stdout.write(`${count} commands in tables\n`)
  })

  it('a command and its undo leave the document as it was', () => {
    fc.assert(
      fc.property(fc.array(happening, { minLength: 5, maxLength: 40, size: 'max' }), (happenings) => {
        const round = new Round()
        try {
          for (const one of happenings) {
            if (one.kind !== 'type' && one.kind !== 'command') {
              round.happen(one)
              continue
            }
            const before = round.peer(one.who).state.doc.toJSON() as unknown
            const { state, binding } = round.act(one)
            const after = state.doc.toJSON() as unknown
            if (JSON.stringify(after) === JSON.stringify(before)) continue
            expect(binding.undo()).toBe(true)
            expect(round.peer(one.who).state.doc.toJSON()).toEqual(before)
            expect(binding.redo()).toBe(true)
            expect(round.peer(one.who).state.doc.toJSON()).toEqual(after)
          }
        } finally {
          round.close()
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('shows what somebody else wrote into a table by hand, without an answer', () => {
    const some = fc.oneof(...acting, { weight: 10, arbitrary: garbage })
    fc.assert(
      fc.property(fc.array(some, { minLength: 2, maxLength: 20, size: 'max' }), (happenings) => {
        const round = new Round()
        try {
          for (const one of happenings) {
            round.happen(one)
            round.check()
          }
          exchangeQuietly([...round.peers, round.idle])
          round.check()
        } finally {
          round.close()
        }
      }),
      { numRuns: RUNS },
    )
  })
})
