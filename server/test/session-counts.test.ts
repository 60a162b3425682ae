import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SessionCounts } from '../sync/session-counts.ts'

const limits = { sessions: 6, sessionsPerDocument: 3, sessionsPerAddress: 4 }

describe('the counts of sessions', () => {
  test('name the limit that is met, and let others in', () => {
    const counts = new SessionCounts(limits)
    for (const address of ['a', 'a', 'b']) expect(counts.enter('one', address).kind).toBe('counted')
    expect(counts.enter('one', 'c')).toEqual({ kind: 'full', limit: 'max-sessions-per-document' })
    for (const documentName of ['two', 'three']) expect(counts.enter(documentName, 'a').kind).toBe('counted')
    expect(counts.enter('four', 'a')).toEqual({ kind: 'full', limit: 'max-sessions-per-address' })
    expect(counts.enter('four', 'c').kind).toBe('counted')
    expect(counts.enter('five', 'd')).toEqual({ kind: 'full', limit: 'max-sessions' })
  })

  test('are those of the sessions that are in, whoever comes and goes, also twice', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            comes: fc.boolean(),
            document: fc.constantFrom('one', 'two', 'three'),
            address: fc.constantFrom('a', 'b', 'c'),
            who: fc.nat(10),
          }),
          { maxLength: 60 },
        ),
        (steps) => {
          const counts = new SessionCounts(limits)
          const all: { document: string; address: string; isIn: boolean; leave: () => void }[] = []
          const within = (): typeof all => all.filter(({ isIn }) => isIn)
          const kinds: string[][] = []
          for (const { comes, document, address, who } of steps) {
            const session = all[who]
            if (!comes && session !== undefined) {
              session.isIn = false
              session.leave()
            } else {
              const isFull =
                within().length >= limits.sessions ||
                within().filter((other) => other.document === document).length >=
                  limits.sessionsPerDocument ||
                within().filter((other) => other.address === address).length >= limits.sessionsPerAddress
              const entrance = counts.enter(document, address)
              kinds.push([entrance.kind, isFull ? 'full' : 'counted'])
              if (entrance.kind === 'counted')
                all.push({ document, address, isIn: true, leave: entrance.leave })
            }
            expect(counts.all).toBe(within().length)
          }
          for (const [kind, expected] of kinds) expect(kind).toBe(expected)
          for (const { leave } of all) leave()
          expect([counts.all, counts.keys]).toEqual([0, 0])
        },
      ),
      { numRuns: 300 },
    )
  })
})
