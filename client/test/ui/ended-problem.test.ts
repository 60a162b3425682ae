import { describe, expect, it } from 'vitest'
import { closeCodes } from '../../../protocol/index.ts'
import { endedProblem, incompatibleProblem } from '../../ui/ended-problem.ts'

describe('what a writer is told when the connection has ended', () => {
  it('is to reload where the page is too old', () => {
    expect(endedProblem(closeCodes.clientTooOld, 0)).toMatchObject({ kind: 'outdated', reload: true })
  })

  it('is no promise that a reload helps where the document holds what the editor does not know', () => {
    expect(incompatibleProblem()).toMatchObject({ kind: 'incompatible', reload: false })
  })

  it('is to save by hand first what is not saved', () => {
    expect(endedProblem(closeCodes.tooLarge, 0).advice).not.toMatch(/not saved/)
    expect(endedProblem(closeCodes.tooLarge, 1).advice).toMatch(/^1 change is not saved: copy/)
    expect(endedProblem(closeCodes.unappliable, 3).advice).toMatch(/^3 changes are not saved: copy/)
  })

  it('is where to go on if the document is full', () => {
    expect(endedProblem(closeCodes.documentTooLarge, 2)).toMatchObject({
      message: 'This document is full.',
      advice: expect.stringMatching(
        /^2 changes are not saved: copy what you need first. Go on in another/,
      ) as string,
    })
  })

  it('is whole sentences, and whether a reload helps, for every code', () => {
    for (const code of [...Object.values(closeCodes), 4403, 4499]) {
      const { message, advice, reload } = endedProblem(code, 0)
      expect(message).toMatch(/^[A-Z].*\.$/)
      expect(advice).toMatch(/^[A-Z].*\.$/)
      expect(reload).toBe(code !== closeCodes.noSuchDocument)
    }
  })
})
