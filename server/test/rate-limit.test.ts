import { describe, expect, test } from 'vitest'
import { RateLimit } from '../sync/rate-limit.ts'

describe('a rate limit', () => {
  test("lets a second's worth pass at once, and then as many as time allows", () => {
    const limit = new RateLimit(10, 0)
    for (let i = 0; i < 10; i++) limit.take(0)
    expect(limit.wait(0)).toBe(0)
    limit.take(0)
    expect(limit.wait(0)).toBe(100)
    expect(limit.wait(60)).toBe(40)
    expect(limit.wait(100)).toBe(0)
  })

  test('has what was taken too early paid back, and saves up no more than a second of rest', () => {
    const limit = new RateLimit(10, 0)
    for (let i = 0; i < 30; i++) limit.take(0)
    expect(limit.wait(0)).toBe(2_000)
    for (let i = 0; i < 11; i++) limit.take(3_600_000)
    expect(limit.wait(3_600_000)).toBe(100)
  })
})
