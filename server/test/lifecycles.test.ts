import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyStory, live, type Step } from './support/lifecycle-stories.ts'
import type { SimulationOptions } from './support/simulation.ts'

/** A server with memory for everything; the numbers in a story are those of the run that found it. */
const plenty: SimulationOptions = {
  unsavedBytes: Infinity,
  memoryBytes: Infinity,
  compactAfter: 40,
  stockPeer: -1,
}

/** A story for each fault that was found in the stories below. */
const found: [string, Partial<SimulationOptions>, Step[]][] = [
  [
    'an update that waited is not acked before what it waited for is on disk',
    {},
    [
      { do: 'unload' },
      { do: 'connect all' },
      { do: 'reopen', peer: 0 },
      { do: 'edit', peer: 0, kind: 4, at: 20 },
      { do: 'connect all' },
      { do: 'edit', peer: 0, kind: 4, at: 24 },
      { do: 'up', peer: 0, most: 4 },
    ],
  ],
  [
    'two who bring each other’s edits after a restart do not wait for each other for ever',
    {},
    [
      { do: 'appear', peer: 2 },
      { do: 'edit', peer: 0, kind: 0, at: 48 },
      { do: 'appear', peer: 0 },
      { do: 'edit', peer: 2, kind: 4, at: 27 },
      { do: 'connect all' },
      { do: 'exchange', milliseconds: 11 },
      { do: 'appends', document: 'a', are: 'failing' },
      { do: 'exchange', milliseconds: 35 },
      { do: 'exchange', milliseconds: 35 },
      { do: 'crash', survivors: 0 },
    ],
  ],
  [
    'one who comes back with the clock that its end was told with is seen again',
    {},
    [
      { do: 'appear', peer: 3 },
      { do: 'exchange', milliseconds: 30 },
      { do: 'disconnect', peer: 3, isHalfOpen: true },
    ],
  ],
  [
    'one who reads slowly does not keep seeing those who left meanwhile',
    {},
    [
      { do: 'appear', peer: 0 },
      { do: 'exchange', milliseconds: 30 },
      { do: 'exchange', milliseconds: 30 },
      { do: 'stall', peer: 1 },
      ...Array.from({ length: 9 }, (_, at): Step[] => [
        { do: 'edit', peer: 2, kind: 0, at },
        { do: 'exchange', milliseconds: 30 },
      ]).flat(),
      { do: 'reopen', peer: 0 },
      { do: 'exchange', milliseconds: 30 },
    ],
  ],
  [
    'one who reads slowly hears, when it reads again, that storage fails',
    {},
    [
      { do: 'exchange', milliseconds: 30 },
      { do: 'exchange', milliseconds: 30 },
      { do: 'stall', peer: 1 },
      ...Array.from({ length: 9 }, (_, at): Step[] => [
        { do: 'edit', peer: 2, kind: 0, at },
        { do: 'exchange', milliseconds: 30 },
      ]).flat(),
      { do: 'appends', document: 'a', are: 'failing' },
      { do: 'edit', peer: 2, kind: 0, at: 0 },
      { do: 'exchange', milliseconds: 30 },
      { do: 'wait', milliseconds: 150 },
      { do: 'read', peer: 1, most: Infinity },
      { do: 'wait', milliseconds: 150 },
    ],
  ],
  [
    'one who reads slowly and asks gets no answer before it reads',
    {},
    [
      { do: 'exchange', milliseconds: 30 },
      { do: 'exchange', milliseconds: 30 },
      { do: 'stall', peer: 1 },
      ...Array.from({ length: 9 }, (_, at): Step[] => [
        { do: 'edit', peer: 2, kind: 0, at },
        { do: 'exchange', milliseconds: 30 },
      ]).flat(),
      { do: 'ask', peer: 1 },
      { do: 'query awareness', peer: 1 },
      { do: 'exchange', milliseconds: 30 },
    ],
  ],
  [
    'what is refused because it proved to be poison later is named by its own number',
    {},
    [
      { do: 'exchange', milliseconds: 30 },
      { do: 'poison', document: 'a', kind: 1 },
      { do: 'exchange', milliseconds: 30 },
      { do: 'poison', document: 'a', kind: 2 },
      { do: 'exchange', milliseconds: 30 },
    ],
  ],
  [
    'who writes while the last that waited goes on, and other things begin to wait, is acked',
    { compactAfter: 8, stockPeer: 0 },
    [
      { do: 'latency', document: 'a', milliseconds: 300 },
      { do: 'edit', peer: 1, kind: 0, at: 0 },
      { do: 'edit', peer: 2, kind: 0, at: 0 },
      { do: 'unload' },
      { do: 'connect all' },
      { do: 'edit', peer: 1, kind: 0, at: 0 },
      { do: 'exchange', milliseconds: 0 },
      { do: 'poison', document: 'a', kind: 1 },
    ],
  ],
  [
    'one who leaves with something under way is not acked any more',
    {},
    [
      { do: 'exchange', milliseconds: 30 },
      { do: 'edit', peer: 0, kind: 0, at: 0 },
      { do: 'up', peer: 0, most: 9 },
      { do: 'disconnect', peer: 0, isHalfOpen: false },
      { do: 'wait', milliseconds: 150 },
    ],
  ],
]

const RUNS = Number(process.env['CODRAFT_RUNS'] ?? 150)
const SEED = Number(process.env['CODRAFT_SEED'] ?? 1)

describe('whatever happens in whatever order, nothing saved is lost, all converge, and nobody pays for others:', () => {
  test.each(found)('%s', async (_law, options, steps) => {
    await expect(live({ options: { ...plenty, ...options }, steps })).resolves.toBeUndefined()
  })

  // A story takes some 60 ms, also where little else runs; one that never ends is a fault as well.
  test('in any story', { timeout: 60_000 + RUNS * 1_000 }, async () => {
    await fc.assert(fc.asyncProperty(anyStory, live), { numRuns: RUNS, seed: SEED })
  })
})
