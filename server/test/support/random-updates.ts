import fc from 'fast-check'
import * as Y from 'yjs'

/** One thing that one writer does, numbers taken modulo what there is; or how much it hears of the others before. */
interface Step {
  readonly writer: number
  readonly kind: number
  readonly at: number
  readonly length: number
  readonly hears: number
}

/** What several people write into one document, each hearing of the others now and then: the updates, in one order in which they can be applied. */
export function randomUpdates({
  writers,
  steps,
}: {
  readonly writers: number
  readonly steps: number
}): fc.Arbitrary<Uint8Array[]> {
  const step: fc.Arbitrary<Step> = fc.record({
    writer: fc.nat(writers - 1),
    kind: fc.nat(9),
    at: fc.nat(60),
    length: fc.nat(6),
    hears: fc.nat(3),
  })
  return fc.array(step, { minLength: 1, maxLength: steps, size: 'max' }).map((all) => written(all, writers))
}

function written(steps: readonly Step[], writers: number): Uint8Array[] {
  const updates: Uint8Array[] = []
  const docs = Array.from({ length: writers }, (_, index) => {
    const doc = new Y.Doc()
    doc.clientID = 1 + index
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'heard') updates.push(update)
    })
    return doc
  })
  for (const [index, each] of steps.entries()) {
    const doc = docs[each.writer]
    if (doc === undefined) throw new RangeError(`there is no writer ${each.writer}`)
    if (each.hears === 0) for (const update of updates) Y.applyUpdate(doc, update, 'heard')
    edit(doc, each, `${index}`)
  }
  return updates
}

function edit(doc: Y.Doc, { kind, at, length }: Step, token: string): void {
  const text = doc.getText('text')
  const map = doc.getMap('map')
  const tree = doc.getXmlFragment('tree')
  const position = at % (text.length + 1)
  const most = Math.min(length, text.length - position)
  switch (kind) {
    case 0:
    case 1:
      return text.insert(position, `<${token}>`)
    case 2:
      return text.delete(position, most)
    case 3:
      return text.format(position, most, { bold: at % 2 === 0 ? true : null })
    case 4:
      return void map.set(`key ${at % 3}`, token)
    case 5:
      return map.delete(`key ${at % 3}`)
    case 6:
      return tree.insert(at % (tree.length + 1), [new Y.XmlElement('p'), new Y.XmlText(token)])
    case 7:
      return tree.length > 0 ? tree.delete(at % tree.length, 1) : undefined
    case 8: {
      const inner = new Y.Map()
      inner.set('deep', new Y.Array())
      return void map.set(`key ${at % 3}`, inner)
    }
    default: {
      const marker = new Y.Map()
      text.insertEmbed(position, marker)
      marker.set('kind', token)
      const inner = map.get(`key ${at % 3}`)
      const deep = inner instanceof Y.Map ? (inner.get('deep') as unknown) : null
      if (deep instanceof Y.Array) deep.insert(0, [token, at])
    }
  }
}
