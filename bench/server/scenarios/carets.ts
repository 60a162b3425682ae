import { setTimeout as wait } from 'node:timers/promises'
import { contestantNames } from '../contestants.ts'
import { credibility, credibilityOf } from '../credibility.ts'
import { Caret } from '../load/caret.ts'
import { Latencies } from '../load/latencies.ts'
import { readStates } from '../load/news.ts'
import { arrivedIn, fillRoom } from '../load/room.ts'
import { Steady } from '../load/steady.ts'
import { until } from '../load/until.ts'
import type { Run } from '../run.ts'
import type { Figures, Scenario } from '../scenario.ts'

/** How often each moves in a second. */
const RATE = 10
const WARM_UP = 1_000
/** At so many members the time is taken: at all of them it would be the generator that is measured. */
const LISTENERS = 10

export const carets: readonly Scenario[] = [100, 500].map((size) => ({
  name: `carets-${size}`,
  description:
    `A room of ${size}, whose carets move ${RATE} times a second each. A server may leave out a state that is followed ` +
    'by a newer one; what arrives counts.',
  contestants: contestantNames,
  figures: [
    { key: 'cost', title: 'server µs/delivered', digits: 2, isCompared: true },
    { key: 'delivered', title: 'delivered/s', digits: 0 },
    { key: 'share', title: 'of those sent, %', digits: 0 },
    { key: 'p50', title: 'p50 ms', digits: 1, isCompared: true },
    { key: 'p99', title: 'p99 ms', digits: 1, isCompared: true },
    ...credibility,
  ],
  run: (run) => moveCarets(run, size),
}))

async function moveCarets(run: Run, size: number): Promise<Figures> {
  await run.startServer()
  const latencies = new Latencies()
  const movedAt = new Map<number, number[]>()
  let isMeasuring = false
  const room = await fillRoom(run, 'room', {
    size,
    writers: size,
    listeners: LISTENERS,
    read: readStates,
    onArrival: ({ author, from }) => {
      if (isMeasuring) latencies.add(performance.now() - (movedAt.get(author)?.[from] ?? Number.NaN))
    },
  })
  const moving = room.members.map(({ typist }) => new Caret(typist.client, typist.clientID))
  for (const { clientID } of moving) movedAt.set(clientID, [0])
  const observer = room.members.at(-1)?.reader
  if (observer === undefined) throw new RangeError('a room without anybody')
  observer.keep()
  const steady = new Steady(size, 1000 / RATE, (i) => {
    const caret = moving[i]
    if (caret === undefined) return
    movedAt.get(caret.clientID)?.push(performance.now())
    caret.move()
  })
  await wait(WARM_UP)

  const arrivedBefore = arrivedIn(room)
  const movedBefore = sumOfClocks(moving)
  isMeasuring = true
  const meter = run.measure()
  await wait(run.seconds * 1000)
  const taken = meter.read()
  isMeasuring = false
  const delivered = arrivedIn(room) - arrivedBefore
  const moved = sumOfClocks(moving) - movedBefore

  steady.stop()
  for (const { clientID, clock } of moving) {
    if (clientID === observer.author) continue
    await until(
      () => observer.latestOf(clientID) === clock,
      () => `state ${observer.latestOf(clientID)} of ${clock} arrived in time`,
    )
  }
  return {
    cost: (taken.server * 1000) / delivered,
    delivered: delivered / taken.seconds,
    share: (delivered / (moved * (size - 1))) * 100,
    p50: latencies.quantile(0.5),
    p99: latencies.quantile(0.99),
    ...credibilityOf(taken),
  }
}

function sumOfClocks(moving: readonly Caret[]): number {
  return moving.reduce((sum, { clock }) => sum + clock, 0)
}
