import { converged } from '../support/person.ts'
import { expect, test } from '../support/test.ts'

test('writing goes on behind a link', async ({ alice }) => {
  await alice.text.click()
  await alice.type('hello world')
  await alice.press('ControlOrMeta+Shift+ArrowLeft', 'ControlOrMeta+k')
  await alice.type('example.com')
  await alice.press('Enter')
  await expect(alice.text).toBeFocused()
  await alice.type('!')
  await expect(alice.text).toHaveText('hello world!')
  await expect(alice.text.locator('a')).toHaveText('world')
})

test('who only passes through by Tab changes nothing', async ({ alice, browserName }) => {
  test.skip(browserName !== 'chromium', 'Which stops there are beside the text differs between browsers.')
  await alice.text.click()
  await alice.type('word')
  await alice.saved()
  await alice.page.reload()
  await expect(alice.text).toBeFocused()
  await alice.press('Shift+Tab')
  await expect(alice.text).not.toBeFocused()
  await alice.press('Tab')
  await expect(alice.text).toBeFocused()
  await expect(alice.page.getByText(/Escape, then Tab leaves/)).toBeVisible()
  await alice.press('Tab')
  await expect(alice.text).not.toBeFocused()
  await alice.press('Shift+Tab')
  await expect(alice.block(0)).toHaveAttribute('data-indent', '0')
  await alice.press('End', 'Tab')
  await expect(alice.block(0)).toHaveAttribute('data-indent', '1')
})

for (const [typed, selector] of [
  ['# ', 'h1'],
  ['- ', '[data-list="bullet"]'],
  ['1. ', '[data-list="ordered"]'],
  ['[] ', '[data-list="task"]'],
  ['> ', 'blockquote'],
] as const) {
  test(`undo gives back the ${JSON.stringify(typed)} that became formatting`, async ({ alice }) => {
    await alice.text.click()
    await alice.type(typed)
    await expect(alice.text.locator(selector)).toHaveCount(1)
    await alice.press('ControlOrMeta+z')
    await expect(alice.text.locator(selector)).toHaveCount(0)
    expect(await alice.lines()).toEqual([typed])
    await alice.press('ControlOrMeta+z')
    expect(await alice.lines()).toEqual([''])
  })
}

test('bold, cut, paste and a check are each a step to undo', async ({ alice }) => {
  await alice.text.click()
  await alice.type('[] word')
  await alice.press('ControlOrMeta+Shift+ArrowLeft', 'ControlOrMeta+b', 'ControlOrMeta+x')
  await alice.text.getByRole('checkbox').click()
  await expect(alice.block(0)).toHaveAttribute('data-checked', 'true')
  await alice.press('ControlOrMeta+z')
  await expect(alice.block(0)).toHaveAttribute('data-checked', 'false')
  await alice.press('ControlOrMeta+z')
  await expect(alice.text.locator('strong')).toHaveText('word')
  await alice.press('ControlOrMeta+z')
  await expect(alice.text.locator('strong')).toHaveCount(0)
  expect(await alice.lines()).toEqual(['word'])
})

test('the text that an address is typed for stays the same while others write before it', async ({
  alice,
  bob,
}) => {
  await alice.text.click()
  await alice.type('hello world')
  await converged([alice, bob], (lines) => lines[0] === 'hello world')
  await alice.press('ControlOrMeta+Shift+ArrowLeft', 'ControlOrMeta+k')
  await bob.caretIn(0, 'start')
  await bob.insert('oh, ')
  await converged([alice, bob], (lines) => lines[0] === 'oh, hello world')
  await alice.type('example.org')
  await alice.press('Enter')
  await expect(alice.text.locator('a')).toHaveText('world')
})

test('Ctrl+click opens a link', async ({ alice }) => {
  await alice.text.click()
  await alice.type('see https://example.invalid/a ')
  const [opened] = await Promise.all([
    alice.page.context().waitForEvent('page'),
    alice.text.locator('a').click({ modifiers: ['ControlOrMeta'] }),
  ])
  await opened.close()
  expect(alice.page.context().pages()).toHaveLength(1)
})

test('pasted styles are read, and nobody is told of them', async ({ alice, browserName }) => {
  test.skip(browserName !== 'chromium', 'Firefox gives an event that a script has made no clipboard.')
  const messages: string[] = []
  alice.page.on('console', (message) => messages.push(message.text()))
  await alice.text.click()
  await alice.text.evaluate((text) => {
    const clipboardData = new DataTransfer()
    const html =
      '<style>p { color: red }</style><p style="text-align: center">a <span style="font-weight: 700">b</span></p>'
    clipboardData.setData('text/html', html)
    text.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await expect(alice.text.locator('strong')).toHaveText('b')
  await expect(alice.block(0)).toHaveCSS('text-align', 'center')
  expect(messages).toEqual([])
})

for (const [what, keys] of [
  ['makes it a heading', ['End', 'ControlOrMeta+Alt+1']],
  ['makes it a task', ['End', 'ControlOrMeta+Shift+9']],
] as const) {
  test(`a composition goes on while somebody else ${what}`, async ({ alice, bob, browserName }) => {
    test.skip(browserName !== 'chromium', 'Only Chromium lets a test compose.')
    await alice.text.click()
    await alice.type('text')
    await converged([alice, bob], (lines) => lines[0] === 'text')
    const input = await alice.page.context().newCDPSession(alice.page)
    const compose = async (text: string) =>
      input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
    await compose('に')
    await expect(alice.text).toHaveText('textに')
    await bob.block(0).click()
    await bob.press(...keys)
    await expect(alice.text.locator('[data-style="heading1"], [data-list="task"]')).toHaveCount(1)
    await compose('にほ')
    await compose('にほん')
    await input.send('Input.insertText', { text: '日本' })
    await converged([alice, bob], (lines) => lines.join('') === 'text日本')
    if (what === 'makes it a heading') await expect(alice.text.locator('h1')).toHaveCount(1)
    if (what === 'makes it a task') await expect(alice.text.getByRole('checkbox')).toHaveCount(1)
    await alice.type('.')
    await converged([alice, bob], (lines) => lines.join('') === 'text日本.')
  })
}
