import { setTimeout as wait } from 'node:timers/promises'
import { contestantNames } from '../contestants.ts'
import { credibility, credibilityOf } from '../credibility.ts'
import { FlatOut } from '../load/flat-out.ts'
import { Latencies } from '../load/latencies.ts'
import { arrivedIn, everythingArrived, fillRoom, verify, type Room } from '../load/room.ts'
import { Steady } from '../load/steady.ts'
import type { Run } from '../run.ts'
import type { Figure, Figures, Scenario } from '../scenario.ts'

/** Updates that are typed and that not everybody has: the one that a server does best with counts. */
const WINDOWS = [256, 1_024, 4_096, 16_384]
/** A wider window is tried unless the last brought less than this share of the best. */
const WORTH_GOING_ON = 0.8
/** Nor if the server then still had so much to do, in milliseconds: it is busy enough. */
const MAX_DRAIN = 1_000
const WARM_UP = 1_000
/** Updates a second, in the scenarios of a fixed rate. */
const RATE = 50

const flatOutFigures: readonly Figure[] = [
  { key: 'delivered', title: 'delivered/s', digits: 0, isCompared: true },
  { key: 'cost', title: 'server µs/delivered', digits: 3, isCompared: true },
  { key: 'memory', title: 'peak MB', digits: 0 },
  { key: 'window', title: 'window', digits: 0 },
  ...credibility,
]

const rateFigures: readonly Figure[] = [
  { key: 'cost', title: 'server µs/delivered', digits: 2, isCompared: true },
  { key: 'p50', title: 'p50 ms', digits: 2, isCompared: true },
  { key: 'p99', title: 'p99 ms', digits: 2, isCompared: true },
  ...credibility,
]

export const fanOut: readonly Scenario[] = [200, 50].flatMap((size) => [
  {
    name: `room-${size}-one-writes`,
    description: `A room of ${size}; one types flat out, in the window that suits the server best.`,
    contestants: contestantNames,
    figures: flatOutFigures,
    run: (run) => flatOut(run, size, 1),
  },
  {
    name: `room-${size}-all-write`,
    description: `A room of ${size}; all of them type flat out, in the window that suits the server best.`,
    contestants: contestantNames,
    figures: flatOutFigures,
    run: (run) => flatOut(run, size, size),
  },
  {
    name: `room-${size}-steady`,
    description: `A room of ${size}; one types ${RATE} letters a second.`,
    contestants: contestantNames,
    figures: rateFigures,
    run: (run) => steady(run, size),
  },
])

/** Tries one window after the other, and gives the figures of the best. */
async function flatOut(run: Run, size: number, writers: number): Promise<Figures> {
  const server = await run.startServer()
  const room = await fillRoom(run, 'room', { size, writers })
  keepSome(room)
  const typists = room.members.slice(0, writers)
  const warmUp = new FlatOut(room, typists, WINDOWS[0] ?? 0)
  await wait(WARM_UP)
  warmUp.stop()
  await everythingArrived(room)

  let best = { delivered: 0 }
  for (const window of WINDOWS) {
    const typing = new FlatOut(room, typists, window)
    // Until it has settled.
    await wait(200)
    const before = arrivedIn(room)
    const meter = run.measure()
    await wait(run.seconds * 500)
    const taken = meter.read()
    const arrived = arrivedIn(room) - before
    typing.stop()
    const figures = {
      delivered: arrived / taken.seconds,
      cost: (taken.server * 1000) / arrived,
      memory: server.memory.peak / 1024,
      window,
      ...credibilityOf(taken),
    }
    const stopped = performance.now()
    await everythingArrived(room)
    if (figures.delivered > best.delivered) best = figures
    if (figures.delivered < best.delivered * WORTH_GOING_ON || performance.now() - stopped > MAX_DRAIN) break
  }
  await verify(run, room)
  return best
}

async function steady(run: Run, size: number): Promise<Figures> {
  await run.startServer()
  const latencies = new Latencies()
  const typedAt: number[] = []
  let isMeasuring = false
  const room = await fillRoom(run, 'room', {
    size,
    writers: 1,
    onArrival: ({ from, to }) => {
      if (!isMeasuring) return
      const now = performance.now()
      for (let clock = from; clock < to; clock++) latencies.add(now - (typedAt[clock] ?? Number.NaN))
    },
  })
  keepSome(room)
  const writer = room.members[0]?.typist
  const typing = new Steady(1, 1000 / RATE, () => {
    typedAt.push(performance.now())
    writer?.type(1)
  })
  await wait(WARM_UP)

  const before = arrivedIn(room)
  isMeasuring = true
  const meter = run.measure()
  await wait(run.seconds * 1000)
  const taken = meter.read()
  isMeasuring = false
  const delivered = arrivedIn(room) - before

  typing.stop()
  await everythingArrived(room)
  await verify(run, room)
  return {
    cost: (taken.server * 1000) / delivered,
    p50: latencies.quantile(0.5),
    p99: latencies.quantile(0.99),
    ...credibilityOf(taken),
  }
}

/** The first writes; the last does not, if not all do. */
function keepSome({ members }: Room): void {
  for (const member of [members[0], members.at(-1)]) member?.reader.keep()
}
