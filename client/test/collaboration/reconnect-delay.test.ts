import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { reconnectDelay } from '../../collaboration/reconnect-delay.ts'

it('a reconnect waits for any time up to a bound, which doubles up to 15 s', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 60].map((attempt) => reconnectDelay(attempt, () => 1))).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000,
  ])
  expect(reconnectDelay(7, () => 0)).toBe(0)
  fc.assert(
    fc.property(
      fc.nat(2_000),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (attempt, part) => {
        const delay = reconnectDelay(attempt, () => part)
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThan(15_000)
      },
    ),
  )
})
