import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Receipts } from '../sync/receipts.ts'
import { readUpdateContents } from '../sync/update-contents.ts'

const contents = readUpdateContents(Uint8Array.of(0, 0))

/** A log that has saved so much of what it was handed. */
function at(savedPosition: number, takenPosition = savedPosition) {
  return { savedPosition, takenPosition }
}

describe('receipts', () => {
  test('are counted up to what is saved', () => {
    const receipts = new Receipts()
    for (const position of [1, 2, 3]) receipts.add(position, null)
    expect(receipts.settle(at(0), () => true)).toBeNull()
    expect(receipts.settle(at(2), () => true)).toBe(2)
    expect(receipts.settle(at(2), () => true)).toBeNull()
    expect(receipts.settle(at(9), () => true)).toBe(3)
  })

  test('stop at one that waits for its dependencies', () => {
    const receipts = new Receipts()
    receipts.add(1, contents)
    receipts.add(2, null)
    expect(receipts.settle(at(2), () => false)).toBeNull()
    expect(receipts.settle(at(2), () => true)).toBe(2)
  })

  test('of one that waited wait for its dependencies to be saved as well', () => {
    const receipts = new Receipts()
    receipts.add(1, contents)
    expect(receipts.settle(at(1, 1), () => false)).toBeNull()
    // What it waited for has come as the second update, and is not on disk.
    expect(receipts.settle(at(1, 2), () => true)).toBeNull()
    expect(receipts.settle(at(2, 3), () => true)).toBe(1)
  })

  test('never pass a refused message', () => {
    const receipts = new Receipts()
    receipts.add(1, null)
    expect(receipts.refuse()).toBe(2)
    receipts.add(1, null)
    expect(receipts.settle(at(9), () => true)).toBe(1)
    expect(receipts.settle(at(9), () => true)).toBeNull()
  })

  test('never pass a message that waited and was refused then', () => {
    const poison = readUpdateContents(Uint8Array.of(0, 0))
    const receipts = new Receipts()
    receipts.add(1, null)
    receipts.add(2, contents)
    receipts.add(3, poison)
    receipts.add(4, null)
    expect(receipts.refuseWaiting(poison)).toBe(3)
    expect(receipts.settle(at(9), () => true)).toBe(2)
    expect(receipts.areSettled).toBe(true)
  })

  test('never say more than is saved, whatever happens in whatever order', () => {
    const step = fc.oneof(
      fc.record({ add: fc.nat(2) }),
      fc.record({ save: fc.nat(3) }),
      fc.record({ refuse: fc.constant(true) }),
    )
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const receipts = new Receipts()
        const positions: number[] = []
        let taken = 0
        let saved = 0
        let refusedAt = Infinity
        for (const action of steps) {
          if ('add' in action) {
            taken += action.add
            positions.push(taken)
            receipts.add(taken, null)
          } else if ('save' in action) {
            saved = Math.min(taken, saved + action.save)
          } else {
            refusedAt = Math.min(refusedAt, receipts.refuse())
            positions.push(taken)
          }
          const count = receipts.settle(at(saved, taken), () => true) ?? 0
          expect(count).toBeLessThan(refusedAt)
          expect(positions.slice(0, count).every((position) => position <= saved)).toBe(true)
        }
      }),
    )
  })
})
