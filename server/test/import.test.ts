import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../document/index.ts'
import { readTextDocument, seed, textOf } from '../../document/text-form/index.ts'
import { MemoryDocumentLog } from '../../persistence/index.ts'
import { ConfigError, readImportConfig } from '../config.ts'
import { importFile, summaryInWords } from '../import.ts'
import { DocumentExists, storeImport } from '../store-import.ts'

const notes = schema.node('doc', null, [
  schema.node('paragraph', { style: 'heading1' }, [schema.text('Notes')]),
  schema.node('paragraph', { list: 'bullet' }, [schema.text('one', [schema.mark('bold')])]),
])

/** What a client that joins is given. */
async function stored(log: MemoryDocumentLog, documentName: string): Promise<Y.Doc> {
  const doc = new Y.Doc()
  const { entries } = await log.load(documentName)
  for (const { update } of entries) Y.applyUpdate(doc, update)
  return doc
}

async function append(log: MemoryDocumentLog, documentName: string, doc: Y.Doc): Promise<void> {
  await log.append(documentName, [{ author: 'ada', update: Y.encodeStateAsUpdate(doc) }])
}

describe('storing an imported document', () => {
  test('makes one of the text form', async () => {
    const log = new MemoryDocumentLog()
    await storeImport(log, 'notes', notes)
    const doc = await stored(log, 'notes')
    expect(doc.getMap('codraft').toJSON()).toEqual({ form: 'text', version: 1 })
    expect(readTextDocument(textOf(doc), schema).toJSON()).toEqual(notes.toJSON())
  })

  test('takes the place of an empty one that somebody has only looked at', async () => {
    const log = new MemoryDocumentLog()
    const looked = new Y.Doc()
    seed(looked)
    await append(log, 'notes', looked)
    await storeImport(log, 'notes', notes)
    const doc = await stored(log, 'notes')
    expect(readTextDocument(textOf(doc), schema).toJSON()).toEqual(notes.toJSON())
  })

  test('leaves one alone in which somebody has written, and one that cannot be read', async () => {
    const log = new MemoryDocumentLog()
    const written = new Y.Doc()
    seed(written)
    textOf(written).insert(1, 'mine')
    await append(log, 'notes', written)
    await log.append('odd', [{ author: '', update: Uint8Array.of(1, 2, 3) }])
    await expect(storeImport(log, 'notes', notes)).rejects.toBeInstanceOf(DocumentExists)
    await expect(storeImport(log, 'odd', notes)).rejects.toBeInstanceOf(DocumentExists)
    expect(textOf(await stored(log, 'notes')).toJSON()).toBe('mine')
  })
})

test('the summary counts blocks and words, and names what is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'codraft-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const doc = new Y.Doc()
  const paragraphs = ['Two words', "it's one, 三 four", ''].map((text) => {
    const element = new Y.XmlElement('callout')
    element.insert(0, [new Y.XmlText(text)])
    return element
  })
  doc.getXmlFragment('body').insert(0, paragraphs)
  const file = join(folder, 'notes.bin')
  await writeFile(file, Y.encodeStateAsUpdate(doc))
  const flags = { from: 'tiptap', document: 'notes', fragment: 'body', data: join(folder, 'data') }
  const summary = await importFile(readImportConfig(file, flags, {}))
  expect(summary).toEqual({
    document: 'notes',
    from: 'tiptap',
    fragment: 'body',
    blocks: 2,
    words: 6,
    losses: [
      { kind: 'callout', count: 2, outcome: 'kept as paragraphs' },
      { kind: 'callout', count: 1, outcome: 'left out' },
    ],
  })
  expect(summaryInWords(summary)).toBe(
    [
      'Imported "notes" from tiptap: 2 blocks, 6 words.',
      'What has no counterpart:',
      '  callout ×2: kept as paragraphs',
      '  callout ×1: left out',
    ].join('\n'),
  )
  const odd = [{ kind: 'call\u{1b}[2Jout', count: 1, outcome: 'left out' }]
  expect(summaryInWords({ ...summary, losses: odd })).toContain('\n  call\u{fffd}[2Jout ×1: left out')
  expect(summaryInWords({ ...summary, blocks: 1, words: 1, losses: [] })).toBe(
    'Imported "notes" from tiptap: 1 block, 1 word.\nEverything in it has a counterpart.',
  )
})

test('every bad value of an import is named in one error', () => {
  expect(() => readImportConfig('-', { from: 'word', document: ' notes', data: '' }, {})).toThrow(
    new ConfigError(
      [
        'the configuration cannot be used:',
        '  --from: "word" is not one of y-prosemirror, tiptap, blocknote',
        '  --document: " notes" begins or ends with white space',
        '  --data: "" is not the path of a folder',
      ].join('\n'),
    ),
  )
})
