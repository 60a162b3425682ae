import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as Y from 'yjs'

/** `[position, characters deleted, text inserted]`. */
type Patch = readonly [number, number, string]

/** Where the keyboard traces are that are not part of this project; a variable may say so. */
const folder = process.env['CODRAFT_TRACES'] ?? join(import.meta.dirname, '../../../../shared/data/traces')

/** What one person typed in a real text, at most so many keys: an update for each, and the whole at the end. Null on a machine without it. */
export function keyboardTrace(
  most = Infinity,
): { readonly updates: Uint8Array[]; readonly whole: Uint8Array } | null {
  const path = join(folder, 'automerge-paper.json.gz')
  if (!existsSync(path)) return null
  const { txns } = JSON.parse(gunzipSync(readFileSync(path)).toString()) as {
    txns: readonly { readonly patches: readonly Patch[] }[]
  }
  const doc = new Y.Doc()
  doc.clientID = 40
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const text = doc.getText('text')
  for (const { patches } of txns.slice(0, most)) {
    doc.transact(() => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(position, deleted)
        if (inserted !== '') text.insert(position, inserted)
      }
    })
  }
  return { updates, whole: Y.encodeStateAsUpdate(doc) }
}
