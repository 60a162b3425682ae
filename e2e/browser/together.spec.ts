import * as Y from 'yjs'
import { converged } from '../support/person.ts'
import { StockClient } from '../support/stock-client.ts'
import { expect, test } from '../support/test.ts'

const count = (lines: readonly string[], pattern: RegExp): number =>
  lines.join('\n').match(pattern)?.length ?? 0

test('what both type at once is there, once, on both screens', async ({ alice, bob }) => {
  await alice.text.click()
  await alice.type('shared\nbelow')
  await converged([alice, bob], (lines) => lines.length === 2)
  await alice.caretIn(0, 'end')
  await bob.caretIn(0, 'start')
  await Promise.all([alice.type('a'.repeat(80), 5), bob.type('b'.repeat(80), 5)])
  await converged([alice, bob], (lines) => count(lines, /a/g) === 81 && count(lines, /b/g) === 81)
  expect((await alice.lines())[0]).toBe(`${'b'.repeat(80)}shared${'a'.repeat(80)}`)
})

test('who types first into an empty document loses nothing to who types at the same time', async ({
  alice,
  bob,
}) => {
  await Promise.all([alice.text.click(), bob.text.click()])
  await Promise.all([alice.type('from alice'), bob.type('from bob')])
  await converged([alice, bob], (lines) => {
    const letters = lines.join('')
    return letters.includes('alice') || letters.length >= 'from alicefrom bob'.length
  })
  await Promise.all([alice.saved(), bob.saved()])
  const text = (await alice.lines()).join('')
  expect(Array.from(text).toSorted()).toEqual(Array.from('from alicefrom bob').toSorted())
})

test('a caret stays where it is while others write above it', async ({ alice, bob }) => {
  await alice.text.click()
  await alice.type('one\ntwo')
  await converged([alice, bob], (lines) => lines.length === 2)
  await bob.caretIn(1, 'start')
  await alice.caretIn(0, 'start')
  await alice.type('zero\n')
  await converged([alice, bob], (lines) => lines.length === 3)
  await bob.type('>')
  await converged([alice, bob], (lines) => lines[2] === '>two')
})

test('what one reads stays in its place on the screen while others write above it', async ({
  alice,
  bob,
}) => {
  await alice.text.click()
  await alice.type(`${'a\n'.repeat(40)}read\n${'b\n'.repeat(40)}end`)
  await converged([alice, bob], (lines) => lines.at(-1) === 'end')
  await bob.caretIn(40, 'end')
  const block = bob.text.getByText('read', { exact: true })
  const top = (): Promise<number> => block.evaluate((element) => element.getBoundingClientRect().top)
  const before = await top()
  await alice.caretIn(0, 'start')
  await alice.type('zero\n')
  await alice.caretIn(50, 'start')
  await alice.type('between\n')
  await converged([alice, bob], (lines) => lines.length === 84 && lines[41] === 'read')
  expect(Math.abs((await top()) - before)).toBeLessThan(1)
})

test.describe('after a cut of the network', () => {
  test('what both wrote meanwhile merges, and both see each other again within a second', async ({
    alice,
    bob,
  }) => {
    await alice.text.click()
    await alice.type('before\nmiddle\nafter')
    await converged([alice, bob], (lines) => lines.length === 3)
    await bob.caretIn(2)
    await alice.saved()

    alice.link.cut()
    await alice.caretIn(0)
    await alice.type(' from alice')
    await bob.type(' from bob')
    await expect(alice.saveState).toHaveAttribute('data-save-state', 'unsaved')
    await bob.saved()
    await expect(alice.people).toHaveCount(1)
    await expect(bob.people).toHaveCount(1)

    const mended = Date.now()
    await alice.backOnline()
    await Promise.all(
      [alice, bob].map(async ({ people }) =>
        expect(people).toHaveCount(2, { timeout: mended + 1_000 - Date.now() }),
      ),
    )
    await converged([alice, bob], (lines) => lines.join() === 'before from alice,middle,after from bob')
    await alice.saved()
  })
})

// Bob's packets are lost; they come late, or his connection ends and a new one brings what the old one did not.
for (const end of ['resume', 'mend'] as const) {
  // The plain attribute that a style is: what y-prosemirror alone loses, since there it is another node.
  for (const [what, keys] of [
    ['a heading', ['ControlOrMeta+Alt+1']],
    ['a bulleted list', ['ControlOrMeta+Shift+8']],
    ['a heading and plain again', ['ControlOrMeta+Alt+1', 'ControlOrMeta+Alt+0']],
    ['a list and plain again', ['ControlOrMeta+Shift+8', 'ControlOrMeta+Shift+8']],
  ] as const) {
    // The engines differ in how they write, not in what a style is.
    const tag = what === 'a heading' ? [] : ['@one-engine']
    const title = `typing survives that somebody else makes the paragraph ${what} (${end})`
    test(title, { tag }, async ({ alice, bob }) => {
      await alice.text.click()
      await alice.type('a paragraph')
      await converged([alice, bob], (lines) => lines[0] === 'a paragraph')
      await Promise.all([alice.saved(), bob.saved()])
      bob.link.pause()
      await alice.caretIn(0)
      await alice.press(...keys)
      await bob.caretIn(0)
      await bob.insert(' with more')
      await alice.saved()
      await expect(bob.saveState).not.toHaveAttribute('data-save-state', 'saved')
      await expect(alice.text).toHaveText('a paragraph')
      bob.link[end]()
      await converged([alice, bob], (lines) => lines.join() === 'a paragraph with more')
      await bob.saved()
      const html = await Promise.all([alice, bob].map(({ text }) => text.innerHTML()))
      expect(html[0]).toBe(html[1])
    })
  }
}

test('undo takes back one’s own, and nobody else’s', async ({ alice, bob }) => {
  await alice.text.click()
  await alice.insert('alice')
  await converged([alice, bob], (lines) => lines[0] === 'alice')
  await bob.caretIn(0, 'end')
  await bob.insert(' bob')
  await converged([alice, bob], (lines) => lines[0] === 'alice bob')
  await alice.press('ControlOrMeta+z')
  await converged([alice, bob], (lines) => lines[0] === ' bob')
  await alice.press('ControlOrMeta+z', 'ControlOrMeta+z')
  await converged([alice, bob], (lines) => lines[0] === ' bob')
  await alice.press('ControlOrMeta+Shift+z')
  await converged([alice, bob], (lines) => lines[0] === 'alice bob')
  await bob.press('ControlOrMeta+z')
  await converged([alice, bob], (lines) => lines[0] === 'alice')
})

test('one sees who is there, where their caret is, and that they left', async ({ alice, bob }) => {
  await alice.text.click()
  await alice.type('some words')
  await converged([alice, bob], (lines) => lines[0] === 'some words')
  await expect(alice.people).toHaveCount(2)
  await expect(alice.people.nth(1)).toContainText('B')
  await bob.caretIn(0, 'end')
  const caret = alice.page.locator('.codraft-caret-flag', { hasText: 'Bob' })
  await expect(caret).toBeVisible()
  await expect(alice.text.getByText('Bob')).toHaveCount(0)
  await bob.page.close()
  await expect(alice.people).toHaveCount(1)
  await expect(caret).toHaveCount(0)
})

test('a document kept as a tree opens, and is read-only once it holds what the editor does not know', async ({
  alice,
  bob,
  server,
  documentName,
}) => {
  const treeName = `${documentName} tree`
  const dora = await new StockClient(server.webSocketUrl, treeName).synced()
  try {
    const tree = dora.doc.getXmlFragment('prosemirror')
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText('words')])
    tree.insert(0, [paragraph])
    await Promise.all([alice, bob].map((person) => person.open(treeName)))
    await alice.caretIn(0)
    await alice.type(' of hers')
    await converged([alice, bob], (lines) => lines[0] === 'words of hers')
    await expect.poll(() => tree.toJSON()).toBe('<paragraph>words of hers</paragraph>')
    await Promise.all([alice.saved(), bob.saved()])

    tree.insert(1, [new Y.XmlElement('callout')])
    const notice = alice.page.getByRole('alert')
    await expect(notice).toContainText('holds something that this editor does not know')
    await expect(alice.text).toHaveAttribute('contenteditable', 'false')
    await expect(alice.text).toHaveText('words of hers')
    // Nobody who can neither see nor write what is new appears to be there.
    await expect.poll(() => dora.provider.awareness.getStates().size).toBe(1)
    await alice.page.reload()
    await expect(notice).toContainText('holds something that this editor does not know')
    await expect(notice.getByRole('button', { name: 'Reload' })).toHaveCount(0)
    await expect.poll(() => dora.provider.awareness.getStates().size).toBe(1)
    expect(tree.length).toBe(2)
  } finally {
    dora.close()
  }
})

test('a document whose form a newer editor has raised can only be read', async ({
  alice,
  server,
  documentName,
}) => {
  await alice.text.click()
  await alice.type('words')
  await alice.saved()
  const dora = await new StockClient(server.webSocketUrl, documentName).synced()
  try {
    dora.doc.getMap('codraft').set('version', 2)
    const notice = alice.page.getByRole('alert')
    await expect(notice).toContainText('holds something that this editor does not know')
    await expect(alice.text).toHaveAttribute('contenteditable', 'false')
    await expect(alice.text).toHaveText('words')
    const before = Y.encodeStateAsUpdate(dora.doc)
    await alice.page.reload()
    await expect(notice).toContainText('This page is out of date')
    expect(Y.encodeStateAsUpdate(dora.doc)).toEqual(before)
  } finally {
    dora.close()
  }
})
