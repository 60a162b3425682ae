import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chromium, firefox } from '@playwright/test'

/** The engines that the browser tests run in. */
export type Engine = 'chromium' | 'firefox'

/** Where a browser is, or why there is none. */
export type FoundBrowser = { readonly path: string } | { readonly missing: string }

const debianPackages = { chromium: 'chromium', firefox: 'firefox-esr' } as const

const systemPaths = {
  chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  firefox: ['/usr/bin/firefox-esr'],
} as const

/** Finds a browser (a variable, Playwright's own, the system's), and installs one if there is none. */
export function findOrInstall(engine: Engine): FoundBrowser {
  return find(engine) ?? install(engine) ?? { missing: `no ${engine} was found and none could be installed` }
}

function find(engine: Engine): FoundBrowser | null {
  const variable = `CODRAFT_${engine.toUpperCase()}`
  const given = process.env[variable]
  if (given !== undefined && given !== '') {
    return existsSync(given) ? { path: given } : { missing: `${variable} names ${given}, which is not there` }
  }
  const own = { chromium, firefox }[engine].executablePath()
  const path = [own, ...systemPaths[engine]].find((candidate) => existsSync(candidate))
  return path === undefined ? null : { path }
}

function install(engine: Engine): FoundBrowser | null {
  console.log(`Installing ${engine} for the browser tests …`)
  if (isDebianAsRoot()) {
    apt('update')
    apt('install', '-y', '--no-install-recommends', debianPackages[engine], 'fonts-liberation')
  } else {
    spawnSync('npx', ['playwright', 'install', engine], { stdio: 'ignore' })
  }
  return find(engine)
}

function apt(...args: string[]): void {
  spawnSync('apt-get', args, {
    stdio: 'ignore',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

function isDebianAsRoot(): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false
  return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
}
