import fc from 'fast-check'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { seed, textOf, writeTextDocument } from '../../../document/text-form/index.ts'
import { encodeMessage, type AwarenessEntry } from '../../../protocol/index.ts'
import { keyboardTrace } from './keyboard-trace.ts'
import { writtenUpdates } from './written-updates.ts'

/** Messages that clients send: of a typed text, of tables, formats and sub-documents, of carets, and of joining. */
export function realMessages(seedOfAll: number): Uint8Array[] {
  const written = fc.sample(writtenUpdates, { numRuns: 15, seed: seedOfAll }).flat()
  const typed = keyboardTrace(2_000)
  const updates = [
    ...written,
    ...tableUpdates(),
    ...(typed === null ? [] : [...typed.updates.slice(0, 300), typed.whole]),
  ]
  const stateVector = Y.encodeStateVector(new Map(Array.from({ length: 9 }, (_, i) => [7 ** i, 5 ** i])))
  return [
    ...updates.map((update) => encodeMessage({ type: 'update', update })),
    ...updates.slice(0, 40).map((update) => encodeMessage({ type: 'sync-step-2', update })),
    ...Array.from({ length: 15 }, () => encodeMessage({ type: 'sync-step-1', stateVector })),
    ...Array.from({ length: 40 }, (_, i) => encodeMessage({ type: 'awareness', entries: carets(i) })),
    encodeMessage({ type: 'query-awareness' }),
    encodeMessage({ type: 'keep-alive' }),
    encodeMessage({ type: 'resume', secret: 'abc' }),
  ]
}

const text = (content: string, ...marks: string[]) =>
  schema.text(
    content,
    marks.map((name) => schema.mark(name)),
  )
const cell = (content: string) =>
  schema.node('table_cell', null, schema.node('paragraph', null, text(content)))

/** What writing a document with a table and formats sends, and then changing it. */
function tableUpdates(): Uint8Array[] {
  const doc = new Y.Doc()
  doc.clientID = 50
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  seed(doc)
  writeTextDocument(
    textOf(doc),
    schema.node('doc', null, [
      schema.node('paragraph', { style: 'heading1' }, [text('one '), text('two', 'bold', 'italic')]),
      schema.node('table', null, [
        schema.node('table_row', null, [cell('a'), cell('b')]),
        schema.node('table_row', null, [cell('c'), cell('d')]),
      ]),
      schema.node('paragraph', null, text('end')),
    ]),
  )
  const written = textOf(doc)
  written.format(1, 5, { italic: true })
  written.delete(2, 4)
  written.insert(3, 'more', { bold: true })
  written.insertEmbed(4, new Y.Map([['kind', 'paragraph']]))
  return updates
}

function carets(i: number): AwarenessEntry[] {
  const state = JSON.stringify({
    user: { name: 'Mallory', color: '#30bced' },
    cursor: { anchor: i, head: i + 1 },
  })
  const own = { clientID: 60, clock: i + 1, state: i % 8 === 7 ? null : state }
  return i % 3 === 0 ? [own, { clientID: 2 ** 31 + i, clock: 1, state }] : [own]
}
