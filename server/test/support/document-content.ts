import * as Y from 'yjs'

/** All that a client has once it has these updates, as plain values to compare: what is pending and what is deleted, too. */
export function contentOf(...updates: readonly Uint8Array[]): unknown {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  const delta = doc.getText('text').toDelta() as { insert: unknown; attributes?: unknown }[]
  return {
    pending: doc.store.pendingStructs ?? doc.store.pendingDs,
    vector: Y.encodeStateVector(doc).join(),
    deleted: Y.createDeleteSetFromStructStore(doc.store),
    text: delta.map(({ insert, attributes }) => ({
      insert: insert instanceof Y.AbstractType ? (insert.toJSON() as unknown) : insert,
      attributes,
    })),
    map: doc.getMap('map').toJSON(),
    tree: doc.getXmlFragment('tree').toJSON(),
  }
}
