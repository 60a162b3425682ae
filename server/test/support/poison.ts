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

/** Such an update that waits, and throws only when what it depends on has come. */
export function delayedPoison(): { readonly poison: Uint8Array; readonly dependency: Uint8Array } {
  const doc = new Y.Doc()
  doc.clientID = 2
  const root = doc.getArray('root')
  root.insert(0, ['first'])
  const dependency = Y.encodeStateAsUpdate(doc)
  doc.clientID = 3
  const map = new Y.Map()
  root.insert(1, [map])
  map.set('key', 'value')
  const poison = Y.encodeStateAsUpdate(doc, Y.encodeStateVectorFromUpdate(dependency))
  poison[CLOCK_OF_THE_DELAYED_PARENT] = 1
  return { poison, dependency }
}

const CLOCK_OF_THE_DELAYED_PARENT = 11
