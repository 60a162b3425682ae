import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { credibility, credibilityOf } from '../credibility.ts'
import { writeConfirmed } from '../load/confirmed-writer.ts'
import { textOf, typedPaper } from '../load/typing-trace.ts'
import type { Scenario } from '../scenario.ts'

const OPENINGS = 3

export const trace: Scenario = {
  name: 'trace',
  description:
    'The keyboard trace of a paper, an update per keystroke, until the last is confirmed (Codraft: is on disk; the others: ' +
    'is applied) and until the server has nothing to do any more. Then the server is restarted, and someone opens the ' +
    `document: from connecting to the last byte; median of ${OPENINGS}, each right after a restart.`,
  contestants: ['codraft', 'hocuspocus', 'y-websocket'],
  figures: [
    { key: 'ingested', title: 'updates/s', digits: 0, isCompared: true },
    { key: 'settled', title: 'until idle/s', digits: 0, isCompared: true },
    { key: 'cost', title: 'server µs/update', digits: 1, isCompared: true },
    { key: 'memory', title: 'peak MB', digits: 0, isCompared: true },
    { key: 'disk', title: 'on disk KB', digits: 0 },
    { key: 'opening', title: 'cold open ms', digits: 1, isCompared: true },
    { key: 'openingCost', title: 'CPU ms', digits: 0, isCompared: true },
    { key: 'openingBytes', title: 'sent KB', digits: 0 },
    ...credibility,
  ],
  async run(run) {
    const paper = typedPaper()
    const count = paper.updates.length
    const server = await run.startServer()
    const writer = await run.joinConfirmed('paper')
    const start = performance.now()
    const meter = run.measure()
    const milliseconds = await writeConfirmed(writer, paper.updates)
    const taken = meter.read()
    const idleAt = await server.idle()
    const { server: cpu } = meter.read()
    const { peak } = server.memory
    writer.close()
    await server.stop()
    const disk = sizeOf(server.dataFolder)

    const openings: { milliseconds: number; bytes: number; cost: number }[] = []
    for (let i = 0; i < OPENINGS; i++) {
      await server.start()
      await server.idle(300)
      const opening = run.measure()
      const before = performance.now()
      const reader = await run.join('paper')
      const duration = performance.now() - before
      const bytes = reader.connection.bytesReceived
      if (textOf(reader.initial) !== paper.text) throw new Error('the document is not what was typed')
      openings.push({ milliseconds: duration, bytes, cost: opening.read().server })
      reader.close()
      await server.stop()
    }
    openings.sort((a, b) => a.milliseconds - b.milliseconds)
    const opening = openings[OPENINGS >> 1]
    return {
      ingested: (count / milliseconds) * 1000,
      settled: (count / (idleAt - start)) * 1000,
      cost: (cpu * 1000) / count,
      memory: peak / 1024,
      disk: disk / 1024,
      opening: opening?.milliseconds ?? Number.NaN,
      openingCost: opening?.cost ?? Number.NaN,
      openingBytes: (opening?.bytes ?? Number.NaN) / 1024,
      ...credibilityOf(taken),
    }
  },
}

/** Of all files in a folder, in bytes. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
