import type { Compaction, StoredDocument } from '../persistence/index.ts'
import { isCovered } from './sync/clocks.ts'
import { LoadedDocument } from './sync/loaded-document.ts'
import { readStored } from './sync/stored-contents.ts'

/** The compaction that folds all that a stored document has, but for what waits for its dependencies; null if there is nothing to fold. */
export function foldStored({ snapshot, entries, lastSequence }: StoredDocument): Compaction | null {
  if (entries.length === 0) return null
  const document = new LoadedDocument(
    { snapshot: snapshot?.update ?? null, entries: entries.map(({ update }) => update) },
    { isCareful: true },
  )
  try {
    const fold = document.fold()
    const keep = entries.flatMap(({ sequence, update }) => {
      const contents = readStored(update)?.contents
      return contents === undefined || isCovered(contents, fold.lacking) ? [] : [sequence]
    })
    if (keep.length === entries.length) return null
    return { snapshot: fold.snapshot, through: lastSequence, keep }
  } finally {
    document.close()
  }
}
