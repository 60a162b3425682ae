import { defineConfig, type Project } from '@playwright/test'

/** The flags that a Chromium needs as root and without a network to the outside. */
const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where a browser is, if a variable says so; otherwise Playwright's own is taken. */
function executablePath(variable: string): { executablePath?: string } {
  const path = process.env[variable]
  return path === undefined || path === '' ? {} : { executablePath: path }
}

const projects: Project[] = [
  { name: 'server', testMatch: 'server/*.spec.ts' },
  {
    name: 'chromium',
    testMatch: ['browser/*.spec.ts', 'merging/*.spec.ts'],
    use: {
      browserName: 'chromium',
      launchOptions: { args: chromiumFlags, ...executablePath('CODRAFT_CHROMIUM') },
    },
  },
  {
    name: 'firefox',
    testMatch: ['browser/*.spec.ts', 'merging/rounds.spec.ts'],
    // What no engine does differently: the server's pages, files, what the README shows.
    testIgnore: ['browser/{pages,readme,import}.spec.ts'],
    grepInvert: /@one-engine/,
    use: {
      browserName: 'firefox',
      // Drives an unpatched Firefox, as Debian ships it, by WebDriver BiDi.
      channel: 'moz-firefox',
      launchOptions: executablePath('CODRAFT_FIREFOX'),
    },
  },
]

export default defineConfig({
  projects,
  outputDir: '../test-results',
  // Each test has a server of its own; more at once than processors would only make all of them slow.
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
})
