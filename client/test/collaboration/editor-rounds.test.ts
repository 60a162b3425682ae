// @vitest-environment jsdom
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { schema } from '../../../document/index.ts'
import type { BindingForm } from './peers.ts'
import { play, round, type Laws } from './round.ts'
import { textForm } from './text-form.ts'
import { xmlFormOf } from './xml-form.ts'

const text = textForm(schema)
const xml = xmlFormOf(schema)

/** Of the environment, so that a long run needs no change of this file: how many deeds, and from which seed. */
const DEEDS = process.env['CODRAFT_ROUNDS']
const SEED = Number(process.env['CODRAFT_SEED'] ?? 1)
/** Rounds that are played with one seed. */
const ROUNDS_PER_SEED = 20

/** Plays rounds with one seed after another until they have had so many deeds, and returns how many. */
function playRounds(form: BindingForm, laws: Laws, few: number): number {
  const wanted = DEEDS === undefined ? few : Number(DEEDS)
  const played = { deeds: 0, seed: SEED }
  while (played.deeds < wanted) {
    fc.assert(
      fc.property(round, (whole) => {
        played.deeds += play(form, laws, whole)
      }),
      { seed: played.seed, numRuns: ROUNDS_PER_SEED },
    )
    if (DEEDS !== undefined) process.stdout.write(`${played.deeds} deeds, seeds ${SEED} to ${played.seed}\n`)
    played.seed++
  }
  return played.deeds
}

describe('random rounds of several people at real editors', { timeout: 24 * 3_600_000 }, () => {
  it('in a text, all end with the same, and every token is there once', () => {
    expect(playRounds(text, { tokens: true, undo: false }, 300)).toBeGreaterThan(0)
  })

  it('in a text, a deed and its undo leave the document as it was', () => {
    expect(playRounds(text, { tokens: true, undo: true }, 300)).toBeGreaterThan(0)
  })

  it('in a tree, all end with the same', () => {
    expect(playRounds(xml, { tokens: false, undo: false }, 300)).toBeGreaterThan(0)
  })
})
