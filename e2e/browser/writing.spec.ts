import { expect, test } from '../support/test.ts'

test('a new document is empty and editable at once', async ({ alice }) => {
  await expect(alice.text).toHaveAttribute('contenteditable', 'true')
  await alice.text.click()
  await alice.type('x')
  expect(await alice.lines()).toEqual(['x'])
})

for (const [action, key, selector] of [
  ['bold', 'ControlOrMeta+b', 'strong'],
  ['italic', 'ControlOrMeta+i', 'em'],
  ['underline', 'ControlOrMeta+u', 'u'],
] as const) {
  test(`${action} by its button and by its key`, async ({ alice }) => {
    await alice.text.click()
    await alice.type('word')
    await alice.press('ControlOrMeta+a')
    await alice.control(action).first().click()
    await expect(alice.text.locator(selector)).toHaveText('word')
    await expect(alice.control(action).first()).toHaveAttribute('aria-pressed', 'true')
    await expect(alice.text).toBeFocused()
    await alice.press(key)
    await expect(alice.text.locator(selector)).toHaveCount(0)
  })
}

for (const [action, key, list] of [
  ['ordered-list', 'ControlOrMeta+Shift+7', 'ordered'],
  ['bullet-list', 'ControlOrMeta+Shift+8', 'bullet'],
  ['task-list', 'ControlOrMeta+Shift+9', 'task'],
] as const) {
  test(`${action} by its button and by its key`, async ({ alice }) => {
    await alice.text.click()
    await alice.type('item')
    await alice.control(action).first().click()
    await expect(alice.block(0)).toHaveAttribute('data-list', list)
    await alice.press(key)
    await expect(alice.block(0)).not.toHaveAttribute('data-list')
    await alice.press(key)
    await expect(alice.block(0)).toHaveAttribute('data-list', list)
  })
}

test('styles by their keys and from the menu', async ({ alice }) => {
  await alice.text.click()
  await alice.type('line')
  await alice.press('ControlOrMeta+Alt+2')
  await expect(alice.text.locator('h2')).toHaveText('line')
  await alice.press('ControlOrMeta+Shift+b')
  await expect(alice.text.locator('blockquote')).toHaveText('line')
  await alice.press('ControlOrMeta+Alt+0')
  await expect(alice.text.locator('p')).toHaveText('line')
  await alice.page.getByRole('button', { name: /^Style/ }).click()
  await alice.control('heading-1').click()
  await expect(alice.text.locator('h1')).toHaveText('line')
  await alice.type(' more')
  await expect(alice.text.locator('h1')).toHaveText('line more')
})

test('a link by its key: the caret goes to the address, Enter applies', async ({ alice }) => {
  await alice.text.click()
  await alice.type('Codraft')
  await alice.press('ControlOrMeta+a', 'ControlOrMeta+k')
  await alice.type('example.org/page')
  await alice.press('Enter')
  await expect(alice.text.locator('a')).toHaveAttribute('href', 'https://example.org/page')
  await expect(alice.text).toBeFocused()
})

test('a link that would run a script is refused', async ({ alice }) => {
  await alice.text.click()
  await alice.type('word')
  await alice.press('ControlOrMeta+a', 'ControlOrMeta+k')
  await alice.type('javascript:alert(1)')
  await alice.press('Enter')
  await expect(alice.text.locator('a')).toHaveCount(0)
})

test('undo and redo by their buttons', async ({ alice }) => {
  await alice.text.click()
  await expect(alice.control('undo').first()).toBeDisabled()
  await alice.insert('word')
  await alice.control('undo').first().click()
  await expect(alice.text).toHaveText('')
  await alice.control('redo').first().click()
  await expect(alice.text).toHaveText('word')
})

test('the toolbar works without a mouse', async ({ alice }) => {
  await alice.text.click()
  await alice.type('word')
  await alice.press('ControlOrMeta+a', 'Alt+F10')
  const toolbar = alice.page.getByRole('toolbar')
  for (let i = 0; i < 20; i++) {
    if (await toolbar.getByRole('button', { name: /^Bold/ }).evaluate((button) => button.matches(':focus')))
      break
    await alice.press('ArrowRight')
  }
  await alice.press('Enter')
  await expect(alice.text.locator('strong')).toHaveText('word')
})
