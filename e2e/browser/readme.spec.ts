import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { expect, test } from '../support/test.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The first sample in a language, with the address of a server that runs. */
function sample(language: string, serverUrl: string): string {
  const code = readme.match(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``))?.[1] ?? ''
  expect(code).toContain('http://127.0.0.1:1234')
  return code.replaceAll('http://127.0.0.1:1234', serverUrl.replace(/\/$/, ''))
}

test('README’s page without a bundler shows an editor', async ({ page, server, openSite }) => {
  await openSite(sample('html', server.url))
  await expect(page.locator('codraft-editor .ProseMirror[data-synced]')).toBeVisible()
})

test('README’s sample for apps, bundled, shows an editor and takes it away again', async ({
  page,
  server,
  openSite,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'codraft-app-'))
  const code = sample('ts', server.url)
    .replace("'codraft/client'", `'${join(root, 'dist/client/index.js')}'`)
    // Not at once, or there would be nothing to see.
    .replace(
      'editor.close()',
      "addEventListener('pagehide', () => editor.close()); window.closeEditor = () => editor.close()",
    )
  await writeFile(join(folder, 'app.js'), code)
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: {
      lib: { entry: 'app.js', formats: ['iife'], name: 'app', fileName: () => 'out.js' },
      outDir: 'out',
    },
  })
  const script = await readFile(join(folder, 'out/out.js'), 'utf8')
  rmSync(folder, { recursive: true })
  await openSite('<div id="notes"></div>')
  await page.addScriptTag({ content: script })
  await expect(page.locator('.ProseMirror[data-synced]')).toBeVisible()
  await page.evaluate(() => (Reflect.get(window, 'closeEditor') as () => void)())
  await expect(page.locator('.ProseMirror')).toHaveCount(0)
})
