import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import axe from 'axe-core'
import { CodraftServer } from '../support/codraft-server.ts'
import { expect, test } from '../support/test.ts'

/** What axe finds on a page that is more than a trifle. */
async function seriousProblems(page: Page): Promise<string[]> {
  // Through the debugger, which a Content-Security-Policy does not bind.
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    type Results = { violations: { id: string; impact: string; nodes: { html: string }[] }[] }
    const run = Reflect.get(Reflect.get(window, 'axe') as object, 'run') as () => Promise<Results>
    const { violations } = await run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}

test('the home page opens a document by its name, and a new one', async ({ page, server }) => {
  await page.goto(server.url)
  await page.getByLabel('Or open one by its name').fill('team/größe 1')
  await page.getByRole('button', { name: 'Open' }).click()
  await expect(page).toHaveURL(/\/d\/team\/gr%C3%B6%C3%9Fe%201$/)
  await expect(page).toHaveTitle(/team\/größe 1/)
  await expect(page.locator('.ProseMirror')).toHaveAttribute('data-synced')
  await page.goto(server.url)
  await page.getByRole('button', { name: 'New document' }).click()
  await expect(page).toHaveURL(/\/d\/.{8,}/)
  await expect(page.locator('.ProseMirror')).toHaveAttribute('data-synced')
})

test('a name that is not legal is refused in words', async ({ page, server }) => {
  await page.goto(server.url)
  await page.getByLabel('Or open one by its name').fill('a//b')
  await page.getByRole('button', { name: 'Open' }).click()
  await expect(page.getByRole('alert')).not.toBeEmpty()
  await page.goto(`${server.url}d/${'a'.repeat(300)}`)
  await expect(page.locator('body')).toContainText(/name/)
  await expect(page.locator('.ProseMirror')).toHaveCount(0)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on either page, ${colorScheme}`, async ({ alice, page, server }) => {
    await page.emulateMedia({ colorScheme })
    await page.goto(server.url)
    expect(await seriousProblems(page)).toEqual([])
    await alice.page.emulateMedia({ colorScheme })
    await alice.text.click()
    await alice.type('# Heading\ntext\n- item\n')
    await alice.type('more')
    expect(await seriousProblems(alice.page)).toEqual([])
  })
}

test('everything fits into 360 px, and every action can be reached there', async ({ alice }) => {
  await alice.page.setViewportSize({ width: 360, height: 640 })
  await alice.text.click()
  await alice.type('a line that is a good deal longer than the screen of a small telephone is wide')
  await alice.press('ControlOrMeta+Alt+1')
  const overflow = await alice.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
  const isCut = await alice.text
    .locator('h1')
    .evaluate((heading) => heading.scrollWidth > heading.clientWidth)
  expect(isCut).toBe(false)
  await alice.page.getByRole('button', { name: /^More/ }).click()
  await alice.control('task-list').locator('visible=true').click()
  await expect(alice.block(0)).toHaveAttribute('data-list', 'task')
})

const testBelowPath = test.extend({
  // The pattern is Playwright's way to see which fixtures are needed.
  // eslint-disable-next-line no-empty-pattern
  server: async ({}, use) => {
    const server = await CodraftServer.start({ args: ['--base-path', '/docs'] })
    await use(server)
    await server.remove()
  },
})

testBelowPath('everything works below a path', async ({ page, server }) => {
  await page.goto(`${server.url}docs/`)
  await page.getByRole('button', { name: 'New document' }).click()
  await expect(page).toHaveURL(/\/docs\/d\//)
  await expect(page.locator('.ProseMirror')).toHaveAttribute('data-synced')
  await page.locator('.ProseMirror').click()
  await page.keyboard.type('here')
  await expect(page.locator('[data-save-state]')).toHaveAttribute('data-save-state', 'saved')
})

test('a page of another origin embeds two editors of two documents', async ({ page, server, openSite }) => {
  const example = readFileSync(new URL('../../client/examples/two-editors.html', import.meta.url), 'utf8')
  await openSite(example.replaceAll('http://127.0.0.1:1234/', server.url))
  const editors = page.locator('.ProseMirror[data-synced]')
  await expect(editors).toHaveCount(2)
  await editors.nth(0).click()
  await page.keyboard.type('the agenda')
  await editors.nth(1).click()
  await page.keyboard.type('the minutes')
  await expect(editors.nth(0)).toHaveText('the agenda')
  await expect(editors.nth(1)).toHaveText('the minutes')
  await expect(page.locator('[data-save-state="saved"]')).toHaveCount(2)

  // Taken off the page, an editor leaves nothing behind and stays in its document only.
  await page.evaluate(() => document.querySelector('codraft-editor')?.remove())
  await expect(editors).toHaveCount(1)
  await page.goto(`${server.url}d/example/agenda`)
  await expect(page.locator('.ProseMirror')).toHaveText('the agenda')
})
