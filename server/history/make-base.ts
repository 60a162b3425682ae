import { startThread } from '../start-thread.ts'
import { PastState, type PastBeginning, type PastUpdate } from './past-state.ts'

/** What a base is made of. */
export interface BaseMaterial {
  readonly beginning: PastBeginning | null
  readonly updates: readonly PastUpdate[]
}

/** Material of more bytes than this is worked on in a thread of its own. */
const LARGE = 1024 * 1024

/** What some updates led to, as one update with its attribution. Large ones are made off the main thread. */
export async function makeBase(material: BaseMaterial): Promise<PastBeginning> {
  const { beginning, updates } = material
  const size = updates.reduce((sum, { update }) => sum + update.length, beginning?.update.length ?? 0)
  return size > LARGE ? makeInThread(material) : makeHere(material)
}

/** The same on this thread. */
export function makeHere({ beginning, updates }: BaseMaterial): PastBeginning {
  const state = new PastState(beginning)
  for (const update of updates) state.add(update)
  return state.asBeginning()
}

function makeInThread(material: BaseMaterial): Promise<PastBeginning> {
  const worker = startThread('base-thread', import.meta.url, { workerData: material })
  return new Promise((resolve, reject) => {
    worker.once('message', (base: PastBeginning) => resolve(base))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`The thread that makes a base exited with ${code}`)))
  })
}
