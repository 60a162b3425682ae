import { expect, test } from '../support/test.ts'

/** The tests load nothing from other servers. */
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80"><rect width="120" height="80"/></svg>'

test('code by its rule: lines by Enter, out of it by Enter in an empty line, and others see it', async ({
  alice,
  bob,
}) => {
  await alice.text.click()
  await alice.type('```js ')
  await alice.type('if (a) {\n  b()\n')
  await alice.press('Backspace', 'Backspace')
  await alice.type('}\n\nafter')
  await expect(alice.text.locator('pre > code.language-js')).toHaveText('if (a) {\n  b()\n}')
  await expect(bob.text.locator('pre')).toHaveText('if (a) {\n  b()\n}')
  await expect(bob.block(1)).toHaveText('after')
  await alice.caretIn(0)
  await alice
    .control('heading-1')
    .first()
    .evaluate((control: HTMLElement) => control.click())
  await expect(bob.text.locator('h1')).toHaveText('if (a) {\n  b()\n}')
})

test('the arrows stop above the first block and below the last, and one writes there', async ({
  alice,
  bob,
}) => {
  await alice.text.click()
  await alice.type('```js ')
  await alice.type('code')
  await alice.press('ArrowDown', 'ArrowDown', 'ArrowDown')
  await alice.type('below')
  await expect(bob.block(1)).toHaveText('below')
  await alice.caretIn(0, 'start')
  await alice.press('ArrowUp', 'ArrowUp', 'ArrowUp')
  await alice.type('above')
  await expect(bob.text.locator('> *')).toHaveText(['above', 'code', 'below'])
})

test('an image by its address, with a caption; Backspace takes it away', async ({ alice }) => {
  await alice.page.route('https://example.org/**', (route) =>
    route.fulfill({ contentType: 'image/svg+xml', body: PICTURE }),
  )
  await alice.text.click()
  await alice.control('insert-image').first().click()
  const box = alice.page.getByRole('dialog', { name: 'Image' })
  await alice.type('javascript:alert(1)')
  await alice.press('Enter')
  await expect(box.getByRole('alert')).toContainText('web address of a picture')
  await box.getByLabel('Address').fill('example.org/cat.png')
  await box.getByLabel('Alternative text').fill('A cat')
  await alice.press('Enter')
  const picture = alice.text.locator('figure > img')
  await expect(picture).toHaveAttribute('alt', 'A cat')
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(120)
  await expect(alice.text).toBeFocused()
  await alice.type('below')
  await expect(alice.block(1)).toHaveText('below')
  await alice.text.locator('figcaption').click()
  await alice.type('My cat')
  await expect(alice.page.getByRole('button', { name: 'Style: Normal text' })).toBeVisible()
  await expect(alice.text.locator('figcaption')).toHaveText('My cat')
  await picture.click()
  await expect(alice.text.locator('figure')).toHaveClass(/ProseMirror-selectednode/)
  await alice.press('Backspace')
  await expect(alice.text.locator('figure')).toHaveCount(0)
  await expect(alice.text).toHaveText('below')
})

test('Escape in the fields of an image leaves the document as it is', async ({ alice }) => {
  await alice.text.click()
  await alice.type('a')
  await alice.control('insert-image').first().click()
  await alice.type('example.org')
  await alice.press('Escape')
  await alice.type('b')
  expect(await alice.lines()).toEqual(['ab'])
})

test('arrow keys go over a page break and a rule to before the first block, where one can write', async ({
  alice,
}) => {
  await alice.text.click()
  await alice.type('--- ')
  await alice.press('ControlOrMeta+Enter')
  await expect(alice.text.locator('hr')).toHaveCount(2)
  const selected = alice.text.locator('.ProseMirror-selectednode')
  const gap = alice.text.locator('.ProseMirror-gapcursor')
  await alice.press('Backspace')
  await expect(selected).toHaveAttribute('data-page-break')
  await alice.press('ArrowLeft')
  await expect(gap).toHaveCount(1)
  await alice.press('ArrowLeft')
  await expect(selected).toHaveCount(1)
  await alice.press('ArrowLeft')
  await expect(gap).toHaveCount(1)
  await alice.type('before')
  await expect(alice.block(0)).toHaveText('before')
  await expect(alice.text.locator('hr[data-page-break]')).toHaveCount(1)
})
