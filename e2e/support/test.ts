import { expect, test as base } from '@playwright/test'
import { CodraftServer } from './codraft-server.ts'
import { Person } from './person.ts'
import { Site } from './site.ts'

interface Fixtures {
  /** A server on an empty data folder. */
  readonly server: CodraftServer
  /** A document name that no other test uses. */
  readonly documentName: string
  /** Opens a page of another origin, with this HTML, and resolves when it is loaded. */
  readonly openSite: (html: string) => Promise<void>
  readonly alice: Person
  readonly bob: Person
}

/** Playwright's test with a server and two people, each with the test's document open. */
export const test = base.extend<Fixtures>({
  // The pattern is Playwright's way to see which fixtures are needed.
  // eslint-disable-next-line no-empty-pattern
  server: async ({}, use) => {
    const server = await CodraftServer.start()
    await use(server)
    await server.remove()
  },
  // eslint-disable-next-line no-empty-pattern
  documentName: async ({}, use, { testId }) => use(`test ${testId}`),
  openSite: async ({ page }, use) => {
    const sites: Site[] = []
    await use(async (html) => {
      const site = await Site.open(html)
      sites.push(site)
      await page.goto(site.url)
    })
    for (const site of sites) site.close()
  },
  alice: async ({ browser, server, documentName }, use) => {
    const context = await browser.newContext()
    const alice = await Person.arrive('Alice', context, server)
    await alice.open(documentName)
    await use(alice)
    expect(alice.errors).toEqual([])
    await context.close()
    alice.link.close()
  },
  bob: async ({ browser, server, documentName }, use) => {
    const context = await browser.newContext()
    const bob = await Person.arrive('Bob', context, server)
    await bob.open(documentName)
    await use(bob)
    expect(bob.errors).toEqual([])
    await context.close()
    bob.link.close()
  },
})

export { expect }
