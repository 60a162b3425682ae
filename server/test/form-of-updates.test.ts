import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { documentForm, seed, type DocumentForm } from '../../document/text-form/index.ts'
import { formOfUpdates } from '../sync/form-of-updates.ts'
import { writtenUpdates } from './support/written-updates.ts'

/** What Yjs says of the document that some updates make; null if some of it still waits. */
function formOfLoaded(updates: readonly Uint8Array[]): DocumentForm | null {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  const { pendingStructs, pendingDs } = doc.store
  return pendingStructs === null && pendingDs === null ? documentForm(doc) : null
}

const PEERS = 3
const step = fc.record({
  peer: fc.nat(PEERS - 1),
  told: fc.option(fc.nat(PEERS - 1), { freq: 2 }),
  key: fc.constantFrom('form', 'form', 'version', 'other'),
  value: fc.constantFrom('text', 'xml', 'text', 7, 1, 0, 0.5, null, true, undefined, 'pages', 'gone'),
  root: fc.constantFrom('codraft', 'codraft', 'codraft', 'text', 'prosemirror', 'list'),
})

/** What several peers write who do not agree on the form, each of their updates. */
const disputed = fc.array(step, { maxLength: 30 }).map((steps) => {
  const updates: Uint8Array[] = []
  const docs = Array.from({ length: PEERS }, (_, i) => {
    const doc = new Y.Doc()
    doc.clientID = i * 1_000
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'told') updates.push(update)
    })
    return doc
  })
  for (const { peer, told, key, value, root } of steps) {
    const [doc, other] = [docs[peer], docs[told ?? peer]]
    if (doc === undefined || other === undefined) continue
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), 'told')
    if (root === 'text') writeAndDelete(doc.getText(root), value)
    else if (root !== 'codraft') writeAndDelete(doc.getArray(root), value)
    else if (value === 'gone') doc.getMap(root).delete(key)
    else if (value === 'pages') doc.getMap(root).set(key, new Y.Map([[key, 'text']]))
    else doc.getMap(root).set(key, value)
  }
  return updates
})

function writeAndDelete(type: Y.Text | Y.Array<unknown>, value: unknown): void {
  if (type instanceof Y.Text) type.insert(0, 'a')
  else type.insert(0, [value ?? null])
  if (value === 'gone') type.delete(0, type.length)
}

/** The same document in other updates. */
function otherForms(updates: Uint8Array[]): Uint8Array[][] {
  const half = updates.length >> 1
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return [
    updates,
    updates.toReversed(),
    [Y.encodeStateAsUpdate(doc)],
    updates.length === 0 ? [] : [Y.mergeUpdates(updates)],
    [Y.encodeStateAsUpdate(doc), ...updates.slice(half)],
    [...updates.slice(0, half), Y.encodeStateAsUpdate(doc)],
  ]
}

describe('the form of a document, told from bytes, is that of the document loaded', () => {
  test('whoever writes what', () => {
    fc.assert(
      fc.property(disputed, (updates) => {
        for (const each of otherForms(updates)) expect(formOfUpdates(each)).toEqual(formOfLoaded(each))
      }),
      { numRuns: 150 },
    )
  })

  test('with all else that a document may hold', () => {
    fc.assert(
      fc.property(writtenUpdates, disputed, (written, more) => {
        const updates = [...written, ...more]
        expect(formOfUpdates(updates)).toEqual(formOfLoaded(updates))
      }),
      { numRuns: 60 },
    )
  })

  test('of a new document', () => {
    const doc = new Y.Doc()
    expect(formOfUpdates([])).toEqual({ form: 'empty' })
    expect(formOfUpdates([Y.encodeStateAsUpdate(doc)])).toEqual({ form: 'empty' })
    seed(doc)
    expect(formOfUpdates([Y.encodeStateAsUpdate(doc)])).toEqual({ form: 'text', version: 1 })
  })

  test('where what overwrites an entry stands before it in the bytes', () => {
    const doc = new Y.Doc()
    doc.clientID = 1
    doc.getMap('codraft').set('form', 'xml')
    doc.clientID = 2
    doc.getMap('codraft').set('form', 'text')
    doc.clientID = 3
    doc.getMap('codraft').set('form', 'xml')
    expect(formOfUpdates([Y.encodeStateAsUpdate(doc)])).toEqual({ form: 'xml', version: 1 })
  })
})
