import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { seed, textOf, writeTextDocument } from '../document/text-form/index.ts'
import type { DocumentLog } from '../persistence/index.ts'

/** The document that an import was to make is there already. */
export class DocumentExists extends Error {
  override readonly name = 'DocumentExists'
}

/** The only client whose writing leaves a document without content: that of the seed (FORM.md). */
const SEED_CLIENT = 0

/** Stores a document as a new one; resolves when it is on disk. Rejects with `DocumentExists` if somebody has written in it. */
export async function storeImport(log: DocumentLog, documentName: string, document: Node): Promise<void> {
  const { snapshot, entries } = await log.load(documentName)
  const updates = [...(snapshot === null ? [] : [snapshot]), ...entries].map(({ update }) => update)
  if (!updates.every(isSeed)) {
    throw new DocumentExists(
      `the document ${JSON.stringify(documentName)} exists already, and is left as it is`,
    )
  }
  const doc = new Y.Doc()
  seed(doc)
  writeTextDocument(textOf(doc), document)
  await log.append(documentName, [{ author: '', update: Y.encodeStateAsUpdate(doc) }])
}

/** Whether an update brings nothing but what a visitor's editor makes of an empty document. */
function isSeed(update: Uint8Array): boolean {
  try {
    const { structs, ds } = Y.decodeUpdate(update)
    return ds.clients.size === 0 && structs.every(({ id }) => id.client === SEED_CLIENT)
  } catch {
    return false
  }
}
