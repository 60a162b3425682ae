import type { ReadableFolder } from './data-folder.ts'
import { decodeRowKey, documentAndHistoryKeys, DOCUMENT_KEYS, nextKey } from './keys.ts'

/** The names of all documents in a folder, as `DocumentLog.documentNames` gives them. */
export async function* documentNamesIn(folder: ReadableFolder): AsyncGenerator<string, void, undefined> {
  const claimed = new Set(await folder.read(async ({ witness }) => witness.documentNames()))
  yield* claimed
  // One document's rows after the other's are skipped; each step is short, so that a slow caller holds nothing open.
  let range = DOCUMENT_KEYS
  while (true) {
    const { from } = range
    const key = await folder.read(({ store }) => store.firstKey({ from, to: DOCUMENT_KEYS.to }))
    if (key === null) return
    const row = decodeRowKey(key)
    if (row !== null && !claimed.has(row.documentName)) yield row.documentName
    // A key of no document is stepped over; whose row it was, the witness or that document's other rows tell.
    range = {
      from: row === null ? nextKey(key) : documentAndHistoryKeys(row.documentName).to,
      to: DOCUMENT_KEYS.to,
    }
  }
}
