import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Listeners } from '../../collaboration/listeners.ts'

describe('listeners', () => {
  it('are not told what has been superseded while others were told', () => {
    const listeners = new Listeners<string>()
    const told: string[] = []
    listeners.add((value) => {
      told.push(`first ${value}`)
      if (value === 'old') listeners.tell('new')
    })
    listeners.add((value) => told.push(`second ${value}`))
    listeners.tell('old')
    expect(told).toEqual(['first old', 'first new', 'second new'])
  })

  it('that throw are reported, and keep nobody from being told', () => {
    const reported: unknown[] = []
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
    onTestFinished(() => void vi.unstubAllGlobals())
    const listeners = new Listeners<number>()
    const told: number[] = []
    const mistake = new Error('A mistake from above')
    listeners.add(() => {
      throw mistake
    })
    const stop = listeners.add((value) => told.push(value))
    listeners.tell(1)
    stop()
    listeners.tell(2)
    expect(told).toEqual([1])
    expect(reported).toEqual([mistake, mistake])
  })
})
