import * as Y from 'yjs'
import { codraftWithInput } from '../support/codraft-command.ts'
import { expect, test } from '../support/test.ts'

/** A node as Tiptap keeps it in the shared document. */
function node(type: string, ...content: readonly (Y.XmlElement | string)[]): Y.XmlElement {
  const element = new Y.XmlElement(type)
  element.insert(
    0,
    content.map((child) => (typeof child === 'string' ? new Y.XmlText(child) : child)),
  )
  return element
}

function updateOfTiptap(): Uint8Array {
  const doc = new Y.Doc()
  const cells = ['c1', 'c2'].map((text) => node('tableCell', node('paragraph', text)))
  doc
    .getXmlFragment('default')
    .insert(0, [
      node('heading', 'Plan'),
      node('taskList', node('taskItem', node('paragraph', 'one'), node('paragraph', 'more of it'))),
      node('codeBlock', 'a()\nb()'),
      node('table', node('tableRow', ...cells)),
      node('paragraph', 'The end'),
    ])
  return Y.encodeStateAsUpdate(doc)
}

test.use({
  documentName: 'imported',
  server: async ({ server, documentName }, use) => {
    await server.signal('SIGTERM')
    const to = ['--document', documentName, '--data', server.dataDir]
    expect(codraftWithInput(updateOfTiptap(), 'import', '--from', 'tiptap', ...to, '-').status).toBe(0)
    await server.start()
    await use(server)
  },
})

test('what was imported is seen, written on, and saved', async ({ alice, bob }) => {
  await expect(alice.text.locator('h1')).toHaveText('Plan')
  await expect(alice.text.locator('[data-list="task"]')).toHaveText('one')
  await expect(alice.text.locator('pre')).toHaveText('a()\nb()')
  await expect(alice.text.locator('td')).toHaveText(['c1', 'c2'])
  await alice.caretIn(0)
  await alice.type(' B')
  await alice.saved()
  await expect(bob.text.locator('h1')).toHaveText('Plan B')
})
