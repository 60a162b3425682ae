import { codraft, foreignFile } from '../support/codraft-command.ts'
import { expect, test } from '../support/test.ts'

test.use({
  documentName: 'imported',
  server: async ({ server, documentName }, use) => {
    await server.signal('SIGTERM')
    const args = ['import', '--from', 'tiptap', '--document', documentName, '--data', server.dataDir]
    expect(codraft(...args, foreignFile('tiptap.bin')).status).toBe(0)
    await server.start()
    await use(server)
  },
})

test('what was imported is seen, written on, and saved', async ({ alice, bob }) => {
  await expect(alice.text.locator('h2')).toHaveText('Plan')
  await expect(alice.text.locator('a')).toHaveAttribute('href', 'https://example.org/x')
  await expect(alice.text.locator('[data-list="task"][data-checked="true"]')).toHaveText(['done', 'below'])
  await expect(alice.text.locator('pre')).toHaveText('a()\nb()')
  await expect(alice.text.locator('th')).toHaveText(['H1', 'H2'])
  await expect(alice.text.locator('td')).toHaveText(['c1', 'c2'])
  await alice.caretIn(0)
  await alice.type(' B')
  await alice.saved()
  await expect(bob.text.locator('h2')).toHaveText('Plan B')
})
