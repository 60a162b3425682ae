import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldGroups } from '../../ui/fold-groups.ts'

describe('folding a toolbar', () => {
  it('shows everything that fits beside the "More" button', () => {
    expect(foldGroups({ widths: [100, 50, 100], available: 290, more: 40 })).toBe(3)
    expect(foldGroups({ widths: [100, 50, 100], available: 289, more: 40 })).toBe(2)
    expect(foldGroups({ widths: [100, 50, 100], available: 189, more: 40 })).toBe(1)
  })

  it('leaves only the "More" button where nothing fits', () => {
    expect(foldGroups({ widths: [100, 50], available: 139, more: 40 })).toBe(0)
    expect(foldGroups({ widths: [100, 50], available: 0, more: 40 })).toBe(0)
  })

  it('never shows fewer groups in more room', () => {
    const widths = fc.array(fc.nat(400), { minLength: 1 })
    fc.assert(
      fc.property(widths, fc.nat(2000), fc.nat(2000), (groups, available, extra) => {
        const narrow = foldGroups({ widths: groups, available, more: 40 })
        const wide = foldGroups({ widths: groups, available: available + extra, more: 40 })
        expect(wide).toBeGreaterThanOrEqual(narrow)
      }),
    )
  })
})
