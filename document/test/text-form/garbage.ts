import fc from 'fast-check'
import * as Y from 'yjs'
import { TEXT_NAME } from '../../text-form/index.ts'

type Garbage =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'map'; readonly entries: Readonly<Record<string, unknown>> }
  | { readonly kind: 'embed'; readonly value: object }
  | { readonly kind: 'shared'; readonly type: string }
  | {
      readonly kind: 'format'
      readonly key: string
      readonly value: unknown
      readonly from: number
      readonly length: number
    }
  | { readonly kind: 'any'; readonly value: unknown }
  | { readonly kind: 'delete'; readonly from: number; readonly length: number }

const garbageValue = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(undefined, Number.NaN, Infinity, 10n, new Uint8Array([1, 2])),
  fc.constant('type' as const),
)
const keys = fc.oneof(
  fc.constantFrom('kind', 'style', 'list', 'checked', 'indent', 'align', 'rows', 'bold', 'link', 'comment:1'),
  fc.string(),
)
/** Something that somebody may write into a text. */
export const arbitraryGarbage: fc.Arbitrary<Garbage> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: fc.string({ unit: 'binary', minLength: 1 }) }),
  fc.record({
    kind: fc.constant('map' as const),
    entries: fc.dictionary(
      keys,
      fc.oneof(garbageValue, fc.constantFrom('paragraph', 'rule', 'table', 'code', 'doc', 'text')),
    ),
  }),
  fc.record({ kind: fc.constant('embed' as const), value: fc.object() }),
  fc.record({
    kind: fc.constant('shared' as const),
    type: fc.constantFrom('array', 'text', 'xml', 'xmlText'),
  }),
  fc.record({
    kind: fc.constant('format' as const),
    key: keys,
    value: fc.jsonValue(),
    from: fc.nat(),
    length: fc.nat(),
  }),
  fc.record({ kind: fc.constant('any' as const), value: fc.jsonValue() }),
  fc.record({ kind: fc.constant('delete' as const), from: fc.nat(), length: fc.nat() }),
)

function sharedType(name: string): Y.Array<string | number> | Y.Text | Y.XmlElement | Y.XmlText {
  switch (name) {
    case 'array':
      return Y.Array.from<string | number>([1, 'x'])
    case 'text':
      return new Y.Text('inner')
    case 'xml':
      return new Y.XmlElement('p')
    default:
      return new Y.XmlText('inner')
  }
}

/** Anybody can write anything into the text, also as another kind of shared type. */
export function writeGarbage(garbage: Y.Doc, part: Garbage): void {
  const text = garbage.getText(TEXT_NAME)
  const at = text.length
  switch (part.kind) {
    case 'text':
      text.insert(at, part.text)
      break
    case 'map': {
      const map = new Y.Map<unknown>()
      text.insertEmbed(at, map)
      for (const [key, value] of Object.entries(part.entries))
        map.set(key, value === 'type' ? new Y.Map() : value)
      break
    }
    case 'embed':
      text.insertEmbed(at, part.value)
      break
    case 'shared':
      text.insertEmbed(at, sharedType(part.type))
      break
    case 'format':
      if (at > 0) text.format(part.from % at, part.length % at, { [part.key]: part.value })
      break
    case 'any': {
      // As an array of the same name would hold it.
      const foreign = new Y.Doc()
      foreign.getArray(TEXT_NAME).push([part.value])
      Y.applyUpdate(garbage, Y.encodeStateAsUpdate(foreign))
      break
    }
    case 'delete':
      if (at > 0) text.delete(part.from % at, Math.min(part.length % at, at - (part.from % at)))
      break
  }
}
