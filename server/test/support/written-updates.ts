import fc from 'fast-check'
import * as Y from 'yjs'

/** One thing that one peer does; numbers are taken modulo what there is. */
interface Edit {
  readonly peer: number
  readonly kind: number
  readonly at: number
  readonly text: string
  readonly value: unknown
}

const PEERS = 3

const edit: fc.Arbitrary<Edit> = fc.record({
  peer: fc.nat(PEERS - 1),
  kind: fc.nat(13),
  at: fc.nat(40),
  // Lone surrogates included.
  text: fc
    .string({ unit: 'binary', minLength: 1, maxLength: 6 })
    .map((text) => text.slice(0, 1 + (text.length >> 1))),
  value: fc.oneof(
    fc.constantFrom(null, undefined, true, false, -1, 2 ** 40, 0.1, 0.5, 10n, Uint8Array.of(1, 2)),
    fc.jsonValue(),
  ),
})

/** What several peers wrote, in any order, now and then told each other, and what Yjs makes of their updates. */
export const writtenUpdates: fc.Arbitrary<Uint8Array[]> = fc
  .tuple(fc.array(edit, { minLength: 1, maxLength: 40 }), fc.infiniteStream(fc.nat(1_000)))
  .map(([edits, numbers]) => {
    const next = (below: number): number => (numbers.next().value ?? 0) % below
    const updates: Uint8Array[] = []
    const docs = Array.from({ length: PEERS }, (_, i) => {
      const doc = new Y.Doc()
      // Of one byte, of three, and of more than 32 bits.
      doc.clientID = [1, 70_000, 2 ** 40][i] ?? 0
      doc.on('update', (update: Uint8Array, origin: unknown) => {
        if (origin !== 'told') updates.push(update)
      })
      return doc
    })
    for (const each of edits) {
      const doc = docs[each.peer]
      if (doc === undefined) continue
      const told = docs[next(PEERS)]
      if (next(3) === 0 && told !== undefined)
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(told, Y.encodeStateVector(doc)), 'told')
      perform(doc, each)
    }
    const wholes = docs.map((doc) => Y.encodeStateAsUpdate(doc))
    const some = updates.filter(() => next(2) === 0)
    const merged = some.length === 0 ? [] : [Y.mergeUpdates(some)]
    const differences = docs.map((doc) => {
      const had = Array.from(
        Y.decodeStateVector(Y.encodeStateVector(doc)),
        ([client, clock]): [number, number] => [client, next(clock + 2)],
      )
      return Y.diffUpdate(Y.mergeUpdates([...wholes, ...merged]), Y.encodeStateVector(new Map(had)))
    })
    return [...updates, ...wholes, ...merged, ...differences]
  })

function perform(doc: Y.Doc, { kind, at, text: written, value }: Edit): void {
  const text = doc.getText('text')
  const tree = doc.getXmlFragment('prosemirror')
  const list = doc.getArray('list')
  const map = doc.getMap(at % 3 === 0 ? 'codraft' : 'map')
  const position = at % (text.length + 1)
  const length = Math.min(1 + (at % 5), text.length - position)
  const index = at % (list.length + 1)
  const key = `k${at % 4}`
  switch (kind) {
    case 0:
    case 1:
      return text.insert(position, written)
    case 2:
      return text.delete(position, length)
    case 3:
      return text.format(position, length, {
        [key]: value === undefined || typeof value === 'bigint' ? true : value,
      })
    case 4:
      return text.insertEmbed(position, at % 2 === 0 ? new Y.Map([[key, value]]) : { [key]: written })
    case 5:
      return void map.set(key, value)
    case 6:
      return map.delete(key)
    case 7:
      return void map.set(key, at % 2 === 0 ? new Y.Array() : new Y.Text(written))
    case 8:
      return list.insert(index, [{ value }, written])
    case 9:
      return list.insert(index, [
        new Y.Doc({ guid: written, meta: { key }, autoLoad: at % 2 === 0, gc: at % 3 > 0 }),
      ])
    case 10:
      return list.delete(Math.min(index, list.length), Math.min(2, list.length - index))
    case 11: {
      const element = new Y.XmlElement(key)
      tree.insert(at % (tree.length + 1), [element, new Y.XmlHook(key) as unknown as Y.XmlElement])
      element.setAttribute(key, written)
      return element.insert(0, [new Y.XmlText(written)])
    }
    case 12:
      return tree.length === 0 ? undefined : tree.delete(at % tree.length, 1)
    default:
      return doc.transact(() => {
        text.insert(0, written)
        text.delete(0, 1)
        map.set(key, written)
      })
  }
}
