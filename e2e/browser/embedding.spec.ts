import type { Page } from '@playwright/test'
import { Person } from '../support/person.ts'
import { expect, test as base } from '../support/test.ts'

/** Somebody else's page, which has the editor from the test's server. */
class Host {
  readonly page: Page
  /** What the page reported as gone wrong; a test ends with none. */
  readonly errors: string[] = []

  constructor(page: Page) {
    this.page = page
    page.on('pageerror', ({ message }) => {
      if (!/connection to the server at ws|connection to ws/.test(message)) this.errors.push(message)
    })
  }

  /** Resolves when `createEditor` is there. */
  async ready(): Promise<void> {
    await this.page.waitForFunction(() => 'createEditor' in window)
  }

  /** Runs a script of the page's own. */
  async run(script: string): Promise<void> {
    await this.page.evaluate(`(async () => { ${script} })()`)
  }

  get texts() {
    return this.page.locator('.ProseMirror')
  }

  get saveState() {
    return this.page.locator('[data-save-state]')
  }
}

const test = base.extend<{
  readonly host: Host
  readonly embed: (content: string) => Promise<void>
  readonly carol: Person
}>({
  host: async ({ page }, use) => {
    const host = new Host(page)
    await use(host)
    expect(host.errors).toEqual([])
  },
  /** Opens somebody else's page with this in it; its scripts have `createEditor` for the test's server. */
  embed: async ({ host, server, openSite }, use) => {
    const script = `
      import { createEditor } from '${server.url}codraft-editor.js'
      window.createEditor = (element, options) => createEditor(element, { server: '${server.url}', ...options })
    `
    await use(async (content) => {
      await openSite(`<!doctype html><title>Host</title>${content}<script type="module">${script}</script>`)
      await host.ready()
    })
  },
  /** Somebody at the app's own page, who comes later. */
  carol: async ({ browser, server }, use) => {
    const context = await browser.newContext()
    const carol = await Person.arrive('Carol', context, server)
    await use(carol)
    expect(carol.errors).toEqual([])
    await context.close()
    carol.link.close()
  },
})

test.describe('an editor in an element that is on no page yet', () => {
  test('opens once, and works when the element comes, and when it is moved into a shadow tree', async ({
    host,
    embed,
  }) => {
    await embed('<div id="place"></div>')
    await host.run(`
      window.holder = document.createElement('div')
      window.editor = createEditor(holder, { document: 'late', autofocus: true })
      await new Promise((resolve) => editor.on('ready', resolve))
      await new Promise(requestAnimationFrame)
    `)
    expect(await host.page.evaluate('holder.querySelectorAll(".ProseMirror").length')).toBe(1)
    expect(await host.page.evaluate('editor.connectionStatus.kind')).toBe('synced')
    await host.run('place.append(holder)')
    await expect(host.texts).toHaveCount(1)
    await expect(host.texts).toBeFocused()
    await host.page.keyboard.type('here')
    await host.run(`place.attachShadow({ mode: 'open' }).append(holder)`)
    await host.texts.click()
    await host.page.keyboard.press('ControlOrMeta+End')
    await host.page.keyboard.type(' and there')
    await expect(host.texts).toHaveText('here and there')
    await host.page.keyboard.press('ControlOrMeta+a')
    await host.page.keyboard.press('ControlOrMeta+b')
    await expect(host.texts.locator('strong')).toHaveText('here and there')
    expect(await host.page.evaluate('document.adoptedStyleSheets.length')).toBe(0)
    expect(await host.page.evaluate('place.shadowRoot.adoptedStyleSheets.length')).toBeGreaterThan(0)
    await host.run('editor.close()')
    await expect(host.page.locator('codraft-frame')).toHaveCount(0)
    expect(await host.page.evaluate('place.shadowRoot.adoptedStyleSheets.length')).toBe(0)
  })
})

test('an editor that is closed with its link box open leaves nothing behind', async ({ host, embed }) => {
  await embed('<div id="place"></div>')
  await host.run(`window.editor = createEditor(place, { document: 'links' })`)
  await expect(host.texts).toHaveAttribute('data-synced')
  await host.texts.click()
  await host.page.keyboard.type('www.example.org ')
  await host.page.keyboard.press('ArrowLeft')
  await host.page.keyboard.press('ArrowLeft')
  await expect(host.page.getByRole('group', { name: 'Link' })).toBeVisible()
  await host.run(`
    window.dispatchEvent(new Event('resize'))
    editor.close()
    await new Promise(requestAnimationFrame)
  `)
  await expect(host.page.locator('codraft-frame')).toHaveCount(0)
})

test.describe('an element with unsaved changes', () => {
  test.beforeEach(async ({ host, server, embed }) => {
    await embed('<codraft-editor document="first"></codraft-editor><div id="place"></div>')
    await expect(host.texts).toHaveAttribute('data-synced')
    await server.signal('SIGKILL')
    await host.run(`window.element = document.querySelector('codraft-editor')`)
    await host.texts.click()
    await host.page.keyboard.type('precious')
    await expect(host.saveState).toHaveAttribute('data-save-state', 'unsaved')
  })

  for (const [what, script] of [
    [
      'other words in it',
      `element.setAttribute('placeholder', 'Write'); element.setAttribute('label', 'Notes')`,
    ],
    ['other chrome', `element.setAttribute('chrome', 'none'); element.setAttribute('chrome', 'full')`],
    ['another place on the page', `place.append(element)`],
    ['another place in a shadow tree', `place.attachShadow({ mode: 'open' }).append(element)`],
    [
      'another document and back',
      `element.setAttribute('document', 'x'); element.setAttribute('document', 'first')`,
    ],
  ] as const) {
    test(`keeps its editor with ${what}`, async ({ host, server }) => {
      await host.run(`${script}; await new Promise(requestAnimationFrame)`)
      await expect(host.texts).toHaveText('precious')
      await expect(host.saveState).toHaveAttribute('data-save-state', 'unsaved')
      await server.start()
      await expect(host.saveState).toHaveAttribute('data-save-state', 'saved')
      await host.texts.click()
      await host.page.keyboard.press('ControlOrMeta+a')
      await host.page.keyboard.type('more')
      await expect(host.texts).toHaveText('more')
    })
  }

  for (const [what, script, count] of [
    ['shows another document', `element.setAttribute('document', 'second')`, 1],
    ['is taken off the page', `element.remove()`, 0],
  ] as const) {
    test(`that ${what} still saves them, and the page warns until then`, async ({ host, server, carol }) => {
      await host.run(`${script}; await new Promise(requestAnimationFrame)`)
      await expect(host.texts.filter({ hasText: 'precious' })).toHaveCount(0)
      await expect(host.page.locator('codraft-frame')).toHaveCount(count)
      await host.page
        .evaluate(() => window.dispatchEvent(new Event('beforeunload', { cancelable: true })))
        .then((left) => expect(left).toBe(false))
      await server.start()
      await expect
        .poll(() =>
          host.page.evaluate(() => window.dispatchEvent(new Event('beforeunload', { cancelable: true }))),
        )
        .toBe(true)
      await carol.open('first')
      await expect(carol.text).toHaveText('precious')
      await expect(carol.people).toHaveCount(1)
    })
  }
})

test('an element tells of people when somebody comes or goes, not when their caret moves', async ({
  host,
  embed,
  carol,
}) => {
  // A colour that nobody chooses by chance: whoever shares one takes another, and that is told as well.
  await embed('<codraft-editor document="first" name="Host" color="#123456"></codraft-editor>')
  await expect(host.texts).toHaveAttribute('data-synced')
  await host.run(`
    window.told = []
    document.querySelector('codraft-editor').addEventListener('codraft-people', ({ detail }) =>
      told.push(detail.map(({ name }) => name).join()))
  `)
  await carol.open('first')
  await carol.text.click()
  await carol.type('words')
  await carol.press('Home', 'ArrowRight', 'Shift+End')
  await expect(host.texts).toHaveText('words')
  await expect(host.page.locator('.codraft-caret-flag', { hasText: 'Carol' })).toBeAttached()
  await carol.page.close()
  await expect.poll(() => host.page.evaluate('told')).toEqual(['Host,Carol', 'Host'])
})

test('an editor as high as its text shows what is typed below its toolbar, not under it', async ({
  host,
  embed,
}) => {
  await embed('<codraft-editor document="first"></codraft-editor>')
  await expect(host.texts).toHaveAttribute('data-synced')
  await host.texts.click()
  for (let line = 0; line < 60; line++) await host.page.keyboard.press('Enter')
  for (let line = 0; line < 40; line++) await host.page.keyboard.press('ArrowUp')
  await host.page.keyboard.type('x')
  const below = async (): Promise<number> => {
    const [bar, line] = await Promise.all([
      host.page.getByRole('toolbar').boundingBox(),
      host.texts.getByText('x', { exact: true }).boundingBox(),
    ])
    return (line?.y ?? 0) - (bar?.y ?? 0) - (bar?.height ?? 0)
  }
  await expect.poll(below).toBeGreaterThanOrEqual(0)
})

test('an element’s label, placeholder and chrome are those of its attributes', async ({ host, embed }) => {
  await embed('<codraft-editor document="first"></codraft-editor>')
  await expect(host.texts).toHaveAttribute('data-synced')
  await host.run(`
    window.element = document.querySelector('codraft-editor')
    window.editor = element.editor
    element.setAttribute('label', 'Notes')
    element.setAttribute('placeholder', 'Write here')
    element.setAttribute('chrome', 'none')
  `)
  await expect(host.texts).toHaveAccessibleName('Notes')
  await expect(host.texts.locator('[data-placeholder]')).toHaveAttribute('data-placeholder', 'Write here')
  await expect(host.page.getByRole('toolbar')).toHaveCount(0)
  await host.run(`element.setAttribute('chrome', 'full'); element.removeAttribute('placeholder')`)
  await expect(host.page.getByRole('toolbar')).toHaveCount(1)
  await expect(host.texts.locator('[data-placeholder]')).toHaveCount(0)
  expect(await host.page.evaluate('element.editor === editor')).toBe(true)
})
