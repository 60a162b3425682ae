import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test'
import type { CodraftServer } from './codraft-server.ts'
import { Link } from './link.ts'

/** Somebody at a browser of their own, with a network of their own. */
export class Person {
  readonly name: string
  readonly page: Page
  readonly link: Link
  /** What the page reported as gone wrong; a test ends with none. */
  readonly errors: string[] = []

  static async arrive(name: string, context: BrowserContext, server: CodraftServer): Promise<Person> {
    const link = await Link.open(Number(new URL(server.url).port))
    return new Person(name, await context.newPage(), link)
  }

  private constructor(name: string, page: Page, link: Link) {
    this.name = name
    this.page = page
    this.link = link
    page.on('pageerror', ({ message }) => {
      // Firefox reports a socket that could not be opened as an error of the page.
      if (!/connection to the server at ws|connection to ws/.test(message)) this.errors.push(message)
    })
  }

  /** Mends the link; the browser says so to the page, which then does not wait for its next attempt. */
  async backOnline(): Promise<void> {
    this.link.mend()
    await this.page.evaluate(() => window.dispatchEvent(new Event('online')))
  }

  /** Opens a document and resolves when its text is there. */
  async open(documentName: string): Promise<void> {
    await this.page.goto(`${this.link.url}d/${encodeURIComponent(documentName)}?name=${this.name}`)
    await expect(this.text).toHaveAttribute('data-synced')
  }

  /** The editable text. */
  get text(): Locator {
    return this.page.locator('.ProseMirror')
  }

  block(index: number): Locator {
    return this.text.locator('> *').nth(index)
  }

  get saveState(): Locator {
    return this.page.locator('[data-save-state]')
  }

  control(action: string): Locator {
    return this.page.locator(`[data-action="${action}"]`)
  }

  /** Puts the caret at the start or the end of a block. */
  async caretIn(index: number, where: 'start' | 'end' = 'end'): Promise<void> {
    await this.block(index).click()
    await this.page.keyboard.press(where === 'end' ? 'End' : 'Home')
  }

  /** Types where the caret is; a line break begins a new paragraph. */
  async type(text: string, delay = 0): Promise<void> {
    await this.page.keyboard.type(text, { delay })
  }

  /** Puts a text where the caret is in one go, as an input method does: one step to undo, however slow the machine. */
  async insert(text: string): Promise<void> {
    await this.page.keyboard.insertText(text)
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  /** Resolves when the page says that everything is on the server's disk. */
  async saved(): Promise<void> {
    await expect(this.saveState).toHaveAttribute('data-save-state', 'saved')
  }

  /** The people whom the page shows. */
  get people(): Locator {
    return this.page.getByRole('list', { name: 'People in this document' }).getByRole('listitem')
  }

  /** The text, a line to each block. */
  async lines(): Promise<string[]> {
    return this.text.locator('> *').evaluateAll((blocks) => blocks.map((block) => block.textContent ?? ''))
  }
}

/** Resolves when all see the same text, of which something holds. */
export async function converged(
  people: readonly Person[],
  holds: (lines: string[]) => boolean,
): Promise<void> {
  await expect
    .poll(async () => {
      const [first = [], ...others] = await Promise.all(people.map((person) => person.lines()))
      const isSame = others.every((lines) => JSON.stringify(lines) === JSON.stringify(first))
      return isSame && holds(first) ? 'the same' : JSON.stringify([first, ...others])
    })
    .toBe('the same')
}
