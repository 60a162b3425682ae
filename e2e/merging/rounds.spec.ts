import { firefox, type Browser } from '@playwright/test'
import { test, expect } from '../support/test.ts'
import type { CodraftServer } from '../support/codraft-server.ts'
import { Random } from './random.ts'
import { Rounds } from './rounds.ts'

/** Of the environment, so that a long run needs no change of this file: how many acts, and from which seed. */
const ACTS = Number(process.env['CODRAFT_ROUNDS'] ?? 30)
const SEED = Number(process.env['CODRAFT_SEED'] ?? 1)
/** An act takes a fifth of that; this leaves a margin for a busy machine. In milliseconds. */
const ACT_TIMEOUT = 2_000
/** Documents grow, and reading them takes longer: then come new ones. */
const ACTS_PER_DOCUMENT = 300

/** Plays rounds until there have been so many acts, with one seed after another, a document each. */
async function playRounds(browsers: readonly Browser[], server: CodraftServer): Promise<void> {
  test.setTimeout(60_000 + ACTS * ACT_TIMEOUT)
  let acts = 0
  for (let seed = SEED; acts < ACTS; seed++) {
    const rounds = await Rounds.open(browsers, server, `rounds ${seed}`, new Random(seed))
    const most = Math.min(ACTS_PER_DOCUMENT, ACTS - acts)
    try {
      while (rounds.acts < most) await rounds.stretch()
      expect(rounds.errors).toEqual([])
    } catch (error) {
      await test.info().attach(`seed ${seed}`, { body: rounds.diary.join('\n'), contentType: 'text/plain' })
      process.stdout.write(`seed ${seed}\n${rounds.diary.slice(-60).join('\n')}\n`)
      throw error
    } finally {
      acts += rounds.acts
      await rounds.close()
    }
    test.info().annotations.push({ type: 'rounds', description: `${acts} acts up to seed ${seed}` })
  }
}

test('after random rounds of three people all see the same, and every token once', async ({
  browser,
  server,
}) => {
  await playRounds([browser, browser, browser], server)
})

test('so they do in browsers of different kinds', async ({ browser, server, browserName }) => {
  const path = process.env['CODRAFT_FIREFOX'] ?? ''
  test.skip(browserName !== 'chromium' || path === '', 'It needs Firefox beside Chromium')
  const other = await firefox.launch({ channel: 'moz-firefox', executablePath: path })
  await playRounds([browser, other, browser], server)
  await other.close()
})
