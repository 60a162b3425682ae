import { setTimeout as wait } from 'node:timers/promises'
import { contestantNames } from '../contestants.ts'
import { credibility, credibilityOf } from '../credibility.ts'
import { inParallel } from '../load/in-parallel.ts'
import { Latencies } from '../load/latencies.ts'
import { everythingArrived, fillRoom, verify } from '../load/room.ts'
import { Steady } from '../load/steady.ts'
import type { Scenario } from '../scenario.ts'

const ROOMS = 500
const PEOPLE = 2
/** Letters that each types a second. */
const RATE = 5
const WARM_UP = 1_000

export const smallRooms: Scenario = {
  name: 'small-rooms',
  description: `${ROOMS} rooms of ${PEOPLE}, who type ${RATE} letters a second each.`,
  contestants: contestantNames,
  figures: [
    { key: 'cost', title: 'server µs/delivered', digits: 1, isCompared: true },
    { key: 'p50', title: 'p50 ms', digits: 2, isCompared: true },
    { key: 'p99', title: 'p99 ms', digits: 2, isCompared: true },
    { key: 'joins', title: 'CPU ms/join', digits: 2, isCompared: true },
    { key: 'memory', title: 'peak MB', digits: 0, isCompared: true },
    ...credibility,
  ],
  async run(run) {
    const server = await run.startServer()
    const latencies = new Latencies()
    const typedAt = new Map<number, number[]>()
    let isMeasuring = false
    let delivered = 0
    const joining = run.measure()
    const rooms = await inParallel(ROOMS, 25, (i) =>
      fillRoom(run, `room ${i}`, {
        size: PEOPLE,
        writers: PEOPLE,
        onArrival: ({ author, from, to }) => {
          if (!isMeasuring) return
          const now = performance.now()
          delivered += to - from
          for (let clock = from; clock < to; clock++)
            latencies.add(now - (typedAt.get(author)?.[clock] ?? Number.NaN))
        },
      }),
    )
    const joined = joining.read()
    const members = rooms.flatMap((room) => room.members)
    for (const { reader } of members) reader.keep()
    await server.idle(500)
    const typing = new Steady(members.length, 1000 / RATE, (i) => {
      const typist = members[i]?.typist
      if (typist === undefined) return
      const times = typedAt.get(typist.clientID) ?? []
      times.push(performance.now())
      typedAt.set(typist.clientID, times)
      typist.type(1)
    })
    await wait(WARM_UP)

    isMeasuring = true
    const meter = run.measure()
    await wait(run.seconds * 1000)
    const taken = meter.read()
    isMeasuring = false

    const { peak } = server.memory
    typing.stop()
    await Promise.all(rooms.map((room) => everythingArrived(room)))
    await inParallel(rooms.length, 25, async (i) => {
      const room = rooms[i]
      if (room !== undefined) await verify(run, room)
    })
    return {
      cost: (taken.server * 1000) / delivered,
      p50: latencies.quantile(0.5),
      p99: latencies.quantile(0.99),
      joins: joined.server / members.length,
      memory: peak / 1024,
      ...credibilityOf(taken),
    }
  },
}
