import * as Y from 'yjs'
import { ImportProblem } from './import-problem.ts'

/** What an update of Yjs's second encoding begins with; one of the first that does brings no content. */
const SECOND_ENCODING = 0

/** The document that an update holds, in either encoding. Throws an `ImportProblem`. */
export function loadUpdate(update: Uint8Array): Y.Doc {
  const doc = new Y.Doc()
  try {
    if (update[0] === SECOND_ENCODING && update.length > EMPTY_LENGTH) Y.applyUpdateV2(doc, update)
    else Y.applyUpdate(doc, update)
  } catch (cause) {
    throw new ImportProblem('no-update', 'the file is no Yjs update, or a damaged one', { cause })
  }
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
    throw new ImportProblem(
      'incomplete',
      'the file is only a part of a document: what it builds on is missing (Y.encodeStateAsUpdate gives all)',
    )
  }
  return doc
}

/** How many bytes an update without content has in the first encoding. */
const EMPTY_LENGTH = 2
