import { setTimeout as wait } from 'node:timers/promises'
import { checkDocuments } from '../load/check-documents.ts'
import { writeConfirmed } from '../load/confirmed-writer.ts'
import { inParallel } from '../load/in-parallel.ts'
import { documentOf, textOf } from '../load/typing-trace.ts'
import type { Scenario } from '../scenario.ts'

const DOCUMENTS = 1_000
const BYTES = 50_000
/** How long memory is given to settle, in milliseconds. */
const SETTLING = 3_000

export const idleDocuments: Scenario = {
  name: 'idle-documents',
  description:
    `${DOCUMENTS} stored documents of ${BYTES / 1000} KB; the server is restarted, and each is opened by one client, who then ` +
    'does nothing; then all leave.',
  contestants: ['codraft', 'hocuspocus', 'y-websocket'],
  figures: [
    { key: 'memory', title: 'KB/document', digits: 1, isCompared: true },
    { key: 'left', title: 'after they left', digits: 1, isCompared: true },
    { key: 'cost', title: 'CPU ms/document', digits: 2, isCompared: true },
    { key: 'before', title: 'MB before', digits: 0 },
    { key: 'peak', title: 'peak MB', digits: 0 },
  ],
  async run(run) {
    const state = documentOf(BYTES)
    const text = textOf(state)
    const server = await run.startServer()
    await inParallel(DOCUMENTS, 10, async (i) => {
      const writer = await run.joinConfirmed(`document ${i}`)
      await writeConfirmed(writer, [state])
      writer.close()
    })
    await server.idle()
    await server.stop()

    await server.start()
    await server.idle(1_000)
    const before = server.memory.now
    const opening = run.measure()
    const readers = await inParallel(DOCUMENTS, 50, (i) => run.join(`document ${i}`))
    await server.idle(1_000)
    const { server: cost } = opening.read()
    await wait(SETTLING)
    const { now: opened, peak } = server.memory
    for (const reader of readers) reader.close()
    await server.idle(1_000)
    await wait(SETTLING)
    const left = server.memory.now
    checkDocuments(readers, text)
    return {
      memory: (opened - before) / DOCUMENTS,
      left: (left - before) / DOCUMENTS,
      cost: cost / DOCUMENTS,
      before: before / 1024,
      peak: peak / 1024,
    }
  },
}
