import * as Y from 'yjs'
import { checkDocuments } from '../load/check-documents.ts'
import type { Client } from '../load/client.ts'
import { writeConfirmed } from '../load/confirmed-writer.ts'
import { documentOf, textOf } from '../load/typing-trace.ts'
import type { Run } from '../run.ts'
import type { Figures, Scenario } from '../scenario.ts'

const PEOPLE = 1_000
const BYTES = 1_000_000

export const joiners: Scenario = {
  name: 'joiners',
  description:
    `${PEOPLE} clients join a stored document of ${BYTES / 1_000_000} MB (typed and corrected by people) at once, with nothing; the server ` +
    'is restarted, and all come back at once, with all of it. Peaks are above what the server took before.',
  contestants: ['codraft', 'hocuspocus', 'y-websocket'],
  figures: [
    { key: 'joinCost', title: 'join: CPU ms/client', digits: 2, isCompared: true },
    { key: 'joinSeconds', title: 's', digits: 1, isCompared: true },
    { key: 'joinPeak', title: 'peak MB', digits: 0, isCompared: true },
    { key: 'joinBytes', title: 'sent MB', digits: 1, isCompared: true },
    { key: 'backCost', title: 'return: CPU ms/client', digits: 2, isCompared: true },
    { key: 'backSeconds', title: 's', digits: 1, isCompared: true },
    { key: 'backPeak', title: 'peak MB', digits: 0, isCompared: true },
    { key: 'backBytes', title: 'sent MB', digits: 2, isCompared: true },
    { key: 'backLoadCore', title: 'load core, %', digits: 0 },
  ],
  async run(run) {
    const state = documentOf(BYTES)
    const text = textOf(state)
    const server = await run.startServer()
    const writer = await run.joinConfirmed('document')
    await writeConfirmed(writer, [state])
    writer.close()
    await server.idle()
    await server.stop()

    await server.start()
    await server.idle(500)
    const joined = await together(run, () => run.join('document'))
    checkDocuments(joined.clients, text)
    for (const client of joined.clients) client.close()
    await server.stop()

    await server.start()
    await server.idle(500)
    const belongings = belongingsOf(state)
    const back = await together(run, () => run.join('document', belongings))
    for (const client of back.clients) client.close()
    return {
      joinCost: joined.cost,
      joinSeconds: joined.seconds,
      joinPeak: joined.peak,
      joinBytes: joined.bytes,
      backCost: back.cost,
      backSeconds: back.seconds,
      backPeak: back.peak,
      backBytes: back.bytes,
      backLoadCore: back.loadCore,
    } satisfies Figures
  },
}

/** Lets all join at once, and waits until the server has nothing to do any more. */
async function together(run: Run, join: () => Promise<Client>) {
  const { server } = run
  server.resetPeak()
  const before = server.memory.now
  const meter = run.measure()
  const clients = await Promise.all(Array.from({ length: PEOPLE }, join))
  const { seconds, loadCore } = meter.read()
  await server.idle(1_000)
  return {
    clients,
    seconds,
    loadCore,
    cost: meter.read().server / PEOPLE,
    peak: (server.memory.peak - before) / 1024,
    bytes: clients.reduce((sum, { connection }) => sum + connection.bytesReceived, 0) / 1_000_000,
  }
}

/**
 * What a client has that has all of the document. Its answer to the server holds all deletions, since a state vector
 * does not say which of them the server has: that is how Yjs answers.
 */
function belongingsOf(state: Uint8Array) {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, state)
  const answers = new Map<string, Uint8Array>()
  return {
    stateVector: Y.encodeStateVector(doc),
    answer: (stateVector: Uint8Array): Uint8Array => {
      const key = stateVector.join()
      const answer = answers.get(key) ?? Y.encodeStateAsUpdate(doc, stateVector)
      answers.set(key, answer)
      return answer
    },
  }
}
