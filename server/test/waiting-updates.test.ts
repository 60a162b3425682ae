import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { isCovered } from '../sync/clocks.ts'
import { LiveDocument, type IncomingUpdate } from '../sync/live-document.ts'
import { readUpdateContents } from '../sync/update-contents.ts'
import { contentOf } from './support/document-content.ts'
import { randomUpdates } from './support/random-updates.ts'

const incoming = (update: Uint8Array, source: object): IncomingUpdate => ({
  update,
  contents: readUpdateContents(update),
  source,
})

const alice = { name: 'Alice' }
const bob = { name: 'Bob' }

/** The updates of typing a text, one character each, in a document with a name of its own. */
function typed(clientID: number, length: number): Uint8Array[] {
  const doc = new Y.Doc()
  doc.clientID = clientID
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let i = 0; i < length; i++) doc.getText(`text ${clientID}`).insert(i, 'x')
  return updates
}

const NOTHING = Uint8Array.of(0)

describe('what waits for its dependencies', () => {
  test('is bounded for each source; the rest of that source is skipped, and others are not', () => {
    const document = new LiveDocument([], {
      limits: { bytesPerSource: 1_000, updatesPerSource: 3, bytes: 10_000 },
    })
    const [first, ...rest] = typed(1, 6) as [Uint8Array, ...Uint8Array[]]
    const [, second] = typed(2, 2) as [Uint8Array, Uint8Array]
    const { outcomes } = document.apply([
      ...rest.map((update) => incoming(update, alice)),
      incoming(second, bob),
    ])
    expect(outcomes).toEqual(['news', 'news', 'news', 'too-much-waiting', 'skipped', 'news'])
    // What was not taken does not come by itself.
    document.apply([incoming(first, bob)])
    expect(Y.decodeStateVector(document.stateVector()).get(1)).toBe(4)
  })

  test('is bounded for a document', () => {
    const waiting = typed(1, 9).slice(1)
    const bytes = waiting[0]?.length ?? 0
    const document = new LiveDocument([], {
      limits: { bytesPerSource: Infinity, updatesPerSource: Infinity, bytes: 3 * bytes },
    })
    const outcomes = waiting.map((update) => document.apply([incoming(update, {})]).outcomes[0])
    expect(outcomes.slice(0, 4)).toEqual(['news', 'news', 'news', 'too-much-waiting'])
    document.apply(typed(1, 1).map((update) => incoming(update, alice)))
    expect(document.lacking()).toBe(null)
    expect(document.apply([incoming(waiting[3] ?? NOTHING, alice)]).outcomes).toEqual(['news'])
  })

  // 20,000 that wait cost 240 ms of CPU here, and 100 ms when the first comes; Yjs takes 0.5 s to keep 2,000 pending, 1.9 s for 4,000.
  test('costs each who comes what it sets free, not all that waits', () => {
    const document = new LiveDocument([])
    const [first, ...rest] = typed(1, 10_001) as [Uint8Array, ...Uint8Array[]]
    for (const update of rest.toReversed()) {
      expect(document.apply([incoming(update, alice)]).outcomes).toEqual(['news'])
    }
    for (const update of typed(2, 1_000)) {
      expect(document.apply([incoming(update, bob)]).changed).toEqual(update)
    }
    expect(document.apply([incoming(first, alice)]).lacking).toBe(null)
    expect(Y.decodeStateVector(document.stateVector()).get(1)).toBe(10_001)
  })

  test('of merged updates goes on in parts, also where each part needs the other update', () => {
    const [a, b, c, d] = typed(1, 4) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    const [odd, even] = [Y.mergeUpdates([a, c]), Y.mergeUpdates([b, d])]
    const document = new LiveDocument([])
    document.apply([incoming(even, alice)])
    expect(document.apply([incoming(odd, bob)])).toMatchObject({ outcomes: ['news'], lacking: null })
    expect(contentOf(document.diff(NOTHING))).toEqual(contentOf(a, b, c, d))
  })
})

const RUNS = Number(process.env['CODRAFT_RUNS'] ?? 100)

test(
  'everything that waited is there in the end, whatever the order, the batches, restarts and folds',
  { timeout: 120_000 + RUNS * 200 },
  () => {
    fc.assert(
      fc.property(
        randomUpdates({ writers: 3, steps: 25 }),
        fc.infiniteStream(
          fc.record({ pick: fc.nat(), batch: fc.nat(4), merge: fc.nat(5), event: fc.nat(12) }),
        ),
        (updates, choices) => {
          const left = updates.map((update) => ({ update, source: {} }))
          const log: { update: Uint8Array; contents: IncomingUpdate['contents'] }[] = []
          const poison: number[] = []
          let document = new LiveDocument([])
          const shown = new Y.Doc()
          while (left.length > 0) {
            const { value: choice } = choices.next()
            const batch: IncomingUpdate[] = []
            for (let i = 0; i <= choice.batch && left.length > 0; i++) {
              const [one] = left.splice((choice.pick * (i + 1)) % left.length, 1)
              const [other] = choice.merge === 0 ? left.splice(0, 1) : []
              if (one === undefined) break
              batch.push(
                incoming(
                  other === undefined ? one.update : Y.mergeUpdates([one.update, other.update]),
                  one.source,
                ),
              )
            }
            const { changed, outcomes, lacking, spoiled } = document.apply(batch)
            expect(spoiled).toEqual([])
            if (changed !== null) Y.applyUpdate(shown, changed)
            log.push(...batch.filter((_, i) => outcomes[i] === 'news'))
            expect(Y.encodeStateVector(shown)).toEqual(document.stateVector())
            if (choice.event === 0) {
              document = new LiveDocument(log, { onPoison: (index) => poison.push(index) })
            } else if (choice.event === 1) {
              const snapshot = document.fold()
              const kept = log.filter(({ contents }) => !isCovered(contents, lacking))
              log.splice(0, log.length, { update: snapshot, contents: readUpdateContents(snapshot) }, ...kept)
            }
            // Those who see only what was relayed, and those who come now, see the same.
            expect(contentOf(document.diff(NOTHING))).toEqual(contentOf(Y.encodeStateAsUpdate(shown)))
          }
          expect(document.lacking()).toBe(null)
          expect(contentOf(document.diff(NOTHING))).toEqual(contentOf(...updates))
          expect(contentOf(document.diff(Y.encodeStateVector(shown)), Y.encodeStateAsUpdate(shown))).toEqual(
            contentOf(...updates),
          )
        },
      ),
      { numRuns: RUNS },
    )
  },
)
