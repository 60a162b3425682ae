import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { codraft, codraftWithInput, foreignFile, foreignUpdate, root } from '../support/codraft-command.ts'
import { CodraftServer } from '../support/codraft-server.ts'
import { StockClient } from '../support/stock-client.ts'

test.describe('codraft import', () => {
  let dataDir: string
  test.beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'codraft-e2e-'))
  })
  test.afterEach(() => rmSync(dataDir, { recursive: true }))

  test('says what it made, and what has no counterpart, and leaves an existing document alone', () => {
    const args = ['import', '--from', 'blocknote', '--document', 'trip', '--data', dataDir]
    const first = codraft(...args, foreignFile('blocknote.bin'))
    expect(first).toMatchObject({ status: 0, stderr: '' })
    expect(first.stdout).toMatch(/^Imported "trip" from blocknote: 17 blocks, \d+ words\.\n/)
    expect(first.stdout).toContain('\n  file ×1: kept as a link\n')
    const second = codraft(...args, foreignFile('blocknote.bin'))
    expect(second).toMatchObject({ status: 1, stdout: '' })
    expect(second.stderr).toBe('codraft: the document "trip" exists already, and is left as it is\n')
  })

  test('reads standard input, and prints JSON', () => {
    const args = ['import', '--json', '--from', 'y-prosemirror', '--document', 'a', '--data', dataDir, '-']
    const { status, stdout } = codraftWithInput(foreignUpdate('y-prosemirror.v2.bin'), ...args)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      document: 'a',
      from: 'y-prosemirror',
      fragment: 'prosemirror',
      blocks: 14,
      losses: [{ kind: 'comment', count: 4, outcome: 'dropped, its text is kept' }, {}, {}],
    })
  })

  test('refuses in one line what is no such file, and every wrong flag', () => {
    const to = ['--document', 'a', '--data', dataDir]
    const refused = (status: number, pattern: RegExp, ...args: string[]): void => {
      const result = codraft('import', ...to, ...args)
      expect(result).toMatchObject({ status, stdout: '' })
      expect(result.stderr).toMatch(pattern)
    }
    const tiptap = foreignFile('tiptap.bin')
    refused(1, /^codraft: the file is no Yjs update.*\n$/, '--from', 'tiptap', join(root, 'README.md'))
    refused(1, /^codraft: ENOENT.*\n$/, '--from', 'tiptap', join(dataDir, 'nothing.bin'))
    refused(
      1,
      /^codraft: .*no fragment "x"; it has "default"\n$/,
      '--from',
      'tiptap',
      '--fragment',
      'x',
      tiptap,
    )
    refused(2, /--from: "word" is not one of/, '--from', 'word', tiptap)
    refused(2, /--from/, tiptap)
    refused(2, /missing required argument/, '--from', 'tiptap')
  })
})

test('a document is not imported under a running server, and is there for clients when it runs again', async () => {
  const server = await CodraftServer.start()
  const args = ['import', '--from', 'tiptap', '--document', 'team/plan', '--data', server.dataDir]
  const during = codraft(...args, foreignFile('tiptap.bin'))
  expect(during).toMatchObject({ status: 1, stdout: '' })
  expect(during.stderr).toMatch(/^codraft: .*another process/)
  await server.signal('SIGTERM')
  expect(codraft(...args, foreignFile('tiptap.bin')).status).toBe(0)
  await server.start()
  const client = await new StockClient(server.webSocketUrl, 'team/plan').synced()
  expect(client.doc.getMap('codraft').toJSON()).toEqual({ form: 'text', version: 1 })
  expect(client.text.toJSON()).toContain('a()\nb()')
  client.close()
  await server.remove()
})
