import * as Y from 'yjs'

/** An update that decodes, and throws while Yjs integrates it: its second item says that it is its own parent. */
export function poisonousUpdate(): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = 1
  const map = new Y.Map()
  doc.getArray('root').insert(0, [map])
  map.set('key', 'value')
  const update = Y.encodeStateAsUpdate(doc)
  update[CLOCK_OF_THE_PARENT] = 1
  return update
}

const CLOCK_OF_THE_PARENT = 15
