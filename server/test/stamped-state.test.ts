import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stampedState } from '../sync/stamped-state.ts'

test('a state says whose session sent it, and else what it said', () => {
  const state = fc.dictionary(fc.string(), fc.jsonValue({ depthSize: 'small' }))
  fc.assert(
    fc.property(state, fc.string(), fc.constantFrom('', ' ', '\n\t'), (sent, userId, space) => {
      const text = JSON.stringify(sent, null, space) + space
      expect(JSON.parse(stampedState(text, userId))).toEqual(JSON.parse(JSON.stringify({ ...sent, userId })))
    }),
  )
})

test('nobody speaks as another user', () => {
  expect(JSON.parse(stampedState('{"userId":"bob"}', 'mallory'))).toEqual({ userId: 'mallory' })
  expect(JSON.parse(stampedState('{}', 'alice'))).toEqual({ userId: 'alice' })
})
