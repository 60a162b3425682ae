import { Maintenance, type Folding, type RepairReport } from '../persistence/index.ts'
import type { FolderConfig } from './config.ts'
import { PastState } from './history/past-state.ts'

/** What persistence cannot do, since it does not read updates. */
const folding: Folding = {
  fold: async (beginning, entries) => {
    const state = new PastState(beginning)
    for (const entry of entries) state.add(entry)
    return state.asSnapshot()
  },
}

/** Repairs a data folder that no server has open. Rejects with a `PersistenceError`. */
export function repair({ dataDir }: FolderConfig, now: () => Date = () => new Date()): Promise<RepairReport> {
  const stamp = now().toISOString().replaceAll(':', '-').replace(/\.\d+/, '')
  return Maintenance.repair(dataDir, folding, stamp)
}

/** What was done, in words. */
export function repairInWords({ setAsideIn, folder, documents }: RepairReport): string {
  if (setAsideIn === null) return 'Nothing is damaged.'
  return [
    ...folder.map((what) => `Repaired the folder: ${what}.`),
    ...documents.map(({ documentName, lost }) => {
      const what = lost.length === 0 ? 'nothing was lost' : `lost: ${lost.join('; ')}`
      return `Repaired ${JSON.stringify(documentName)}: ${what}.`
    }),
    `What was taken out is in ${setAsideIn}.`,
  ].join('\n')
}
