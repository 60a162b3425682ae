import { setTimeout as wait } from 'node:timers/promises'
import * as Y from 'yjs'
import { credibility, credibilityOf } from '../credibility.ts'
import { Latencies } from '../load/latencies.ts'
import { Paster } from '../load/paster.ts'
import { fillRoom } from '../load/room.ts'
import { Steady } from '../load/steady.ts'
import { until } from '../load/until.ts'
import type { Run } from '../run.ts'
import type { Scenario } from '../scenario.ts'

/** They and the one who may stop. */
const OTHERS = 19
/** Updates a second, and the bytes of each. */
const RATE = 200
const BYTES = 10_000
/** How long the reader stops, in seconds, times what is asked for. */
const STOP_FACTOR = 4
const WARM_UP = 2_000

export const stoppedReader: Scenario = {
  name: 'stopped-reader',
  description:
    `A room of ${OTHERS + 1} in which one replaces ${BYTES / 1000} KB ${RATE} times a second; once all read, and once, on a fresh server, one stops ` +
    'reading, and at the end reads again, which must give it everything. Codraft five times at least, the others once.',
  contestants: ['codraft', 'hocuspocus', 'y-websocket'],
  repeats: (contestant, asked) => (contestant === 'codraft' ? Math.max(5, asked) : 1),
  figures: [
    { key: 'growthAll', title: 'all read: growth MB', digits: 1 },
    { key: 'growthStopped', title: 'one stops: growth MB', digits: 1 },
    { key: 'more', title: 'more MB', digits: 1 },
    { key: 'p99All', title: 'all read: p99 ms', digits: 1 },
    { key: 'p99Stopped', title: 'one stops: p99 ms', digits: 1 },
    { key: 'times', title: '×', digits: 2 },
    { key: 'caughtUp', title: 'caught up after ms', digits: 0 },
    ...credibility,
  ],
  async run(run) {
    // In any order: whichever is second has a warmer machine.
    const stopsFirst = run.repeat % 2 === 1
    const first = await pasteToReaders(run, stopsFirst)
    const second = await pasteToReaders(run, !stopsFirst)
    const [all, stopped] = stopsFirst ? [second, first] : [first, second]
    return {
      growthAll: all.growth,
      growthStopped: stopped.growth,
      more: stopped.growth - all.growth,
      p99All: all.p99,
      p99Stopped: stopped.p99,
      times: stopped.p99 / all.p99,
      caughtUp: stopped.caughtUp,
      ...credibilityOf(stopped.taken),
    }
  },
}

async function pasteToReaders(run: Run, oneStops: boolean) {
  const server = await run.startServer()
  const latencies = new Latencies()
  const pastedAt: number[] = []
  let isMeasuring = false
  const { members } = await fillRoom(run, 'room', {
    size: OTHERS,
    writers: 1,
    onArrival: ({ from, to }) => {
      if (!isMeasuring) return
      const now = performance.now()
      for (let clock = from; clock < to; clock++) latencies.add(now - (pastedAt[clock] ?? Number.NaN))
    },
  })
  const writer = members[0]
  if (writer === undefined) throw new RangeError('nobody writes')
  const doc = new Y.Doc()
  const stopping = await run.join('room')
  stopping.listen((message) => {
    if (message.kind === 'update' || message.kind === 'step2') Y.applyUpdate(doc, message.update)
  })

  const paster = new Paster(writer.typist.client, writer.typist.clientID, BYTES)
  const pasting = new Steady(1, 1000 / RATE, () => {
    pastedAt.push(performance.now())
    paster.paste()
  })
  await wait(WARM_UP)
  const before = server.memory.now
  if (oneStops) stopping.connection.pause()
  isMeasuring = true
  const meter = run.measure()
  await wait(run.seconds * 1000 * STOP_FACTOR)
  const taken = meter.read()
  isMeasuring = false
  const growth = (server.memory.now - before) / 1024

  pasting.stop()
  const resumed = performance.now()
  stopping.connection.resume()
  await until(
    () => paster.isIn(doc),
    () => 'the reader that stopped has not caught up in time',
  )
  const caughtUp = performance.now() - resumed
  for (const { reader } of members.slice(1)) {
    await until(
      () => reader.arrived >= paster.pasted,
      () => `${reader.arrived} of ${paster.pasted} updates arrived in time`,
    )
  }
  return { growth, p99: latencies.quantile(0.99), caughtUp, taken }
}
