import { beforeEach, describe, expect, test } from 'vitest'
import { decodeClientMessage, encodeMessage } from '../../protocol/index.ts'
import { AwarenessStates } from '../sync/awareness-states.ts'
import { ManualClock } from './support/manual-clock.ts'

const entry = (clientID: number, clock: number, state: string | null = '{}') => ({ clientID, clock, state })

describe('awareness states', () => {
  const alice = { isStock: false }
  const bob = { isStock: false }
  const stock = { isStock: true }
  const newerStock = { isStock: true }
  let clock: ManualClock
  let states: AwarenessStates<{ isStock: boolean }>

  beforeEach(() => {
    clock = new ManualClock()
    states = new AwarenessStates(clock)
  })

  test('are taken from the session that brings them first', () => {
    expect(states.receive(alice, [entry(1, 0)])).toEqual([entry(1, 0)])
    expect(states.present()).toEqual([entry(1, 0)])
  })

  test('count only with a newer clock', () => {
    states.receive(alice, [entry(1, 5)])
    expect(states.receive(alice, [entry(1, 5, '{"late":1}')])).toEqual([])
    expect(states.receive(alice, [entry(1, 6)])).toEqual([entry(1, 6)])
  })

  test('of one session are nobody else’s to change', () => {
    states.receive(alice, [entry(1, 0)])
    states.receive(bob, [entry(2, 0)])
    expect(states.receive(bob, [entry(1, 9, '{"forged":1}'), entry(1, 10, null), entry(2, 1)])).toEqual([
      entry(2, 1),
    ])
    expect(states.present()).toEqual([entry(1, 0), entry(2, 1)])
  })

  test('are one to a session', () => {
    states.receive(alice, [entry(1, 0)])
    expect(states.receive(alice, [entry(3, 0)])).toEqual([])
  })

  test('end with their session, under a clock that wins over every earlier one', () => {
    states.receive(alice, [entry(1, 4)])
    expect(states.leave(alice)).toEqual(entry(1, 5, null))
    expect(states.present()).toEqual([])
    expect(states.leave(alice)).toBeNull()
  })

  test('end with their session also where there is no later clock, and may be echoed by others', () => {
    const last = Number.MAX_SAFE_INTEGER
    states.receive(alice, [entry(1, last)])
    expect(states.leave(alice)).toEqual(entry(1, last, null))
    const echo = { type: 'awareness', entries: [entry(1, last, null)] } as const
    expect(decodeClientMessage(encodeMessage(echo))).toEqual(echo)
  })

  test('do not come back with an echo from somebody who has no state', () => {
    states.receive(alice, [entry(1, 4)])
    states.leave(alice)
    expect(states.receive(stock, [entry(1, 4), entry(1, 5, null)])).toEqual([])
  })

  test('of a stock client go to the newer one of the same id, whose predecessor’s end removes nothing', () => {
    states.receive(stock, [entry(1, 4)])
    expect(states.receive(newerStock, [entry(1, 4)])).toEqual([])
    expect(states.receive(newerStock, [entry(1, 5)])).toEqual([entry(1, 5)])
    expect(states.leave(stock)).toBeNull()
    expect(states.receive(stock, [entry(9, 0)])).toEqual([entry(9, 0)])
    expect(states.present()).toEqual([entry(1, 5), entry(9, 0)])
  })

  test('that an observer without a state echoes stay their owner’s', () => {
    states.receive(stock, [entry(1, 4)])
    states.receive(newerStock, [entry(1, 4)])
    expect(states.receive(stock, [entry(1, 5)])).toEqual([entry(1, 5)])
  })

  test('of a client with a secret go to nobody without it', () => {
    states.receive(alice, [entry(1, 4)])
    expect(states.receive(stock, [entry(1, 5)])).toEqual([])
    expect(states.receive(bob, [entry(1, 5)])).toEqual([])
  })

  test('handed over are the new session’s, and the old one’s end removes nothing', () => {
    states.receive(alice, [entry(1, 4)])
    states.handOver(alice, bob)
    expect(states.receive(alice, [entry(1, 5)])).toEqual([])
    expect(states.leave(alice)).toBeNull()
    expect(states.receive(bob, [entry(1, 5)])).toEqual([entry(1, 5)])
    expect(states.leave(bob)).toEqual(entry(1, 6, null))
  })

  test('of those who left long ago take no memory', async () => {
    states.receive(alice, [entry(1, 4)])
    states.leave(alice)
    expect(states.entriesOf([1])).toEqual([entry(1, 5, null)])
    await clock.advance(120_000)
    states.receive(bob, [entry(2, 0)])
    states.leave(bob)
    expect(states.entriesOf([1, 2])).toEqual([entry(2, 1, null)])
  })
})
