import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { NO_FORMATS, TextCursor } from '../../text-form/index.ts'

type Values = Readonly<Record<string, string | boolean | null>>
type Edit =
  | { readonly kind: 'insert'; readonly at: number; readonly text: string; readonly values: Values }
  | { readonly kind: 'marker'; readonly at: number; readonly values: Values }
  | { readonly kind: 'delete'; readonly at: number; readonly to: number }
  | { readonly kind: 'format'; readonly at: number; readonly to: number; readonly values: Values }

const at = fc.nat(1000)
const values = fc.dictionary(
  fc.constantFrom('bold', 'italic', 'link'),
  fc.constantFrom(true, 'a', 'b', null),
  { maxKeys: 2 },
)
const text = fc.constantFrom('a', 'bc', 'defg')
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at, text, values }),
  fc.record({ kind: fc.constant('marker' as const), at, values }),
  fc.record({ kind: fc.constant('delete' as const), at, to: at }),
  fc.record({ kind: fc.constant('format' as const), at, to: at, values }),
)

function rangeIn(length: number, from: number, to: number): { from: number; length: number } {
  const [start, end] = [from % (length + 1), to % (length + 1)]
  return { from: Math.min(start, end), length: Math.abs(start - end) }
}

function present(all: Values): Values {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
}

/** The public way: by index. */
function byIndex(shared: Y.Text, change: Edit): void {
  if (change.kind === 'insert')
    shared.insert(change.at % (shared.length + 1), change.text, present(change.values))
  if (change.kind === 'marker') {
    shared.insertEmbed(change.at % (shared.length + 1), new Y.Map(), present(change.values))
  }
  if (change.kind === 'insert' || change.kind === 'marker') return
  const { from, length } = rangeIn(shared.length, change.at, change.to)
  if (length === 0) return
  if (change.kind === 'delete') shared.applyDelta([{ retain: from }, { delete: length }])
  else shared.applyDelta([{ retain: from }, { retain: length, attributes: change.values }])
}

function byCursor(shared: Y.Text, change: Edit): void {
  shared.doc?.transact((yTransaction) => {
    const cursorAt = (index: number): TextCursor => {
      const cursor = new TextCursor(yTransaction, shared, null, NO_FORMATS)
      cursor.advance(
        index,
        (item) => (item.deleted || !item.countable ? 0 : item.length),
        () => false,
      )
      return cursor
    }
    if (change.kind === 'insert' || change.kind === 'marker') {
      const content = change.kind === 'insert' ? change.text : new Y.Map<unknown>()
      const formats = new Map<string, unknown>(Object.entries(present(change.values)))
      cursorAt(change.at % (shared.length + 1)).insert(content, formats)
      return
    }
    const { from, length } = rangeIn(shared.length, change.at, change.to)
    if (length === 0) return
    if (change.kind === 'delete') cursorAt(from).delete(length)
    else cursorAt(from).format(length, new Map(Object.entries(change.values)))
  })
}

/** With its text: of formats that come before that is asked for, Yjs does not know, and then takes places from its index. */
function createDoc(clientID: number): Y.Doc {
  const doc = Object.assign(new Y.Doc(), { clientID })
  doc.getText('text')
  return doc
}

it('writes what the methods of Y.Text write, to the byte', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(edit, fc.constantFrom(0, 1), fc.boolean()), { maxLength: 40 }), (edits) => {
      const people = [1, 2].map((clientID) =>
        [byIndex, byCursor].map((write) => ({ write, doc: createDoc(clientID) })),
      )
      for (const [change, who, deliver] of edits) {
        for (const { write, doc } of people[who] ?? []) {
          write(doc.getText('text'), change)
          // A use of the index that Yjs keeps while there are no formats.
          doc.getText('text').insert(Math.floor(doc.getText('text').length / 2), '.')
        }
        const [[indexA, cursorA], [indexB, cursorB]] = [people[0] ?? [], people[1] ?? []]
        if (deliver && indexA && indexB && cursorA && cursorB) {
          for (const [a, b] of [
            [indexA.doc, indexB.doc],
            [cursorA.doc, cursorB.doc],
          ] as const) {
            Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)))
            Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)))
          }
        }
        for (const [reference, own] of people) {
          if (reference === undefined || own === undefined) continue
          expect(Y.encodeStateAsUpdate(own.doc)).toEqual(Y.encodeStateAsUpdate(reference.doc))
        }
      }
    }),
    { numRuns: 300 },
  )
})
