import { Maintenance, openLevelDocumentLog, PersistenceError } from '../persistence/index.ts'
import { bytesInWords } from './byte-words.ts'
import type { FolderConfig } from './config.ts'
import { foldStored } from './fold-stored.ts'
import { NoSuchDocument } from './inspect.ts'

/** What `codraft compact` did, as `--json` prints it. */
export interface CompactSummary {
  /** How many entries were folded, of the documents that had some. */
  readonly folded: readonly { readonly document: string; readonly entries: number }[]
  /** Documents that were left alone, and why. */
  readonly skipped: readonly { readonly document: string; readonly reason: string }[]
  /** What the store took on disk before and takes now, in bytes. */
  readonly before: number
  readonly after: number
}

/**
 * Folds documents' entries into their snapshots, and gives back the space that they took. Rejects with a `PersistenceError`,
 * or with a `NoSuchDocument`; a document that cannot be folded is passed over.
 */
export async function compact({ dataDir, documentName }: FolderConfig): Promise<CompactSummary> {
  const { store: before } = await Maintenance.sizesOnDisk(dataDir)
  const folded: { document: string; entries: number }[] = []
  const skipped: { document: string; reason: string }[] = []
  let isFound = documentName === null
  const log = await openLevelDocumentLog(dataDir)
  try {
    for await (const name of log.documentNames()) {
      if (documentName !== null && name !== documentName) continue
      isFound = true
      try {
        const stored = await log.load(name)
        const compaction = foldStored(stored)
        if (compaction === null) continue
        await log.compact(name, compaction)
        folded.push({ document: name, entries: stored.entries.length - compaction.keep.length })
      } catch (error) {
        // A full disk is everybody's; what is wrong with one document is not.
        if (error instanceof PersistenceError && error.code !== 'damaged') throw error
        skipped.push({ document: name, reason: error instanceof Error ? error.message : String(error) })
      }
    }
  } finally {
    await log.close()
  }
  if (!isFound && documentName !== null) throw new NoSuchDocument(documentName, dataDir)
  const maintenance = await Maintenance.open(dataDir)
  try {
    await maintenance.compactStorage()
  } finally {
    await maintenance.close()
  }
  const { store: after } = await Maintenance.sizesOnDisk(dataDir)
  return { folded, skipped, before, after }
}

/** The summary in words. */
export function compactInWords({ folded, skipped, before, after }: CompactSummary): string {
  const entries = folded.reduce((sum, one) => sum + one.entries, 0)
  return [
    `Folded ${entries} entries of ${folded.length} documents: ${bytesInWords(before)} before, ${bytesInWords(after)} now.`,
    ...skipped.map(({ document, reason }) => `Left ${JSON.stringify(document)} as it is: ${reason}`),
  ].join('\n')
}
