import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOrInstall, type Engine } from './browsers.ts'

/*
 * Everything that `npm test` runs, in the order in which it is cheapest to fail: types, lint, format, dead code, then
 * unit, property and integration tests, then the built server with real browsers. It all runs, also after a failure, and
 * the last line counts it.
 */

interface Count {
  passed: number
  failed: number
  skipped: number
}

const total: Count = { passed: 0, failed: 0, skipped: 0 }
/** What this machine could not run, and why. */
const notRun: string[] = []
const reports = mkdtempSync(join(tmpdir(), 'codraft-reports-'))

function run(command: string, args: readonly string[], environment: Record<string, string> = {}): boolean {
  console.log(`\n> ${command} ${args.join(' ')}`)
  return spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } }).status === 0
}

/** One check that passes or fails as a whole. */
function check(command: string, ...args: string[]): boolean {
  const passed = run(command, args)
  if (passed) total.passed++
  else total.failed++
  return passed
}

/** Adds a test runner's own count; a runner that fails without a count has failed once. */
function add(succeeded: boolean, count: Count | null): void {
  total.passed += count?.passed ?? 0
  total.skipped += count?.skipped ?? 0
  total.failed += count?.failed ?? 0
  if (!succeeded && (count === null || count.failed === 0)) total.failed++
}

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** The values under a key anywhere in a report. */
function* valuesOf(report: unknown, key: string): Generator {
  if (typeof report !== 'object' || report === null) return
  for (const [name, value] of Object.entries(report)) {
    if (name === key) yield value
    yield* valuesOf(value, key)
  }
}

function textAt(report: unknown, key: string): string {
  const [value] = valuesOf(report, key)
  return typeof value === 'string' ? value : ''
}

/** Notes down, once each, what a runner has skipped, and why if it says so. */
function noteSkipped(titles: Iterable<string>): void {
  for (const title of titles) if (!notRun.includes(title)) notRun.push(title)
}

function* skippedByVitest(report: unknown): Generator<string> {
  for (const results of valuesOf(report, 'assertionResults')) {
    for (const result of Array.isArray(results) ? results : []) {
      if (/pending|skipped|todo/.test(textAt(result, 'status'))) yield textAt(result, 'fullName')
    }
  }
}

function* skippedByPlaywright(report: unknown): Generator<string> {
  for (const specs of valuesOf(report, 'specs')) {
    for (const spec of Array.isArray(specs) ? specs : []) {
      const reason = textAt(spec, 'description')
      if ([...valuesOf(spec, 'status')].includes('skipped')) {
        yield `${textAt(spec, 'title')}${reason === '' ? '' : `: ${reason}`}`
      }
    }
  }
}

function numberAt(report: unknown, key: string): number {
  const value =
    typeof report === 'object' && report !== null
      ? Object.entries(report).find(([name]) => name === key)?.[1]
      : 0
  return typeof value === 'number' ? value : 0
}

function vitest(): void {
  const report = join(reports, 'vitest.json')
  const succeeded = run('npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const counts = readReport(report)
  noteSkipped(skippedByVitest(counts))
  add(
    succeeded,
    counts === null
      ? null
      : {
          passed: numberAt(counts, 'numPassedTests'),
          failed: numberAt(counts, 'numFailedTests'),
          skipped: numberAt(counts, 'numPendingTests') + numberAt(counts, 'numTodoTests'),
        },
  )
}

function playwright(): void {
  const environment: Record<string, string> = {
    PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, 'playwright.json'),
  }
  const projects = ['server']
  for (const engine of ['chromium', 'firefox'] satisfies Engine[]) {
    const found = findOrInstall(engine)
    if ('path' in found) {
      environment[`CODRAFT_${engine.toUpperCase()}`] = found.path
      projects.push(engine)
    } else {
      notRun.push(`the browser tests in ${engine}: ${found.missing}`)
    }
  }
  if (projects.length === 1) total.failed++
  const args = ['playwright', 'test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json']
  const succeeded = run(
    'npx',
    [...args, ...projects.flatMap((project) => ['--project', project])],
    environment,
  )
  const report = readReport(join(reports, 'playwright.json'))
  noteSkipped(skippedByPlaywright(report))
  const stats: unknown =
    typeof report === 'object' && report !== null && 'stats' in report ? report.stats : null
  add(
    succeeded,
    stats === null
      ? null
      : {
          // One that passed only when it was tried again is a bug to be found, so it counts as failed.
          passed: numberAt(stats, 'expected'),
          failed: numberAt(stats, 'unexpected') + numberAt(stats, 'flaky'),
          skipped: numberAt(stats, 'skipped'),
        },
  )
}

const isBuilt =
  check('npx', 'tsc', '-b') &&
  check('npx', 'vite', 'build', '--config', 'client/vite.config.ts', '--logLevel', 'warn')
check('npx', 'oxlint', '--type-aware', '--deny-warnings')
check('npx', 'prettier', '--check', '.')
check('npx', 'knip')
vitest()
if (isBuilt) playwright()
else notRun.push('the tests of the built server: it could not be built')

rmSync(reports, { recursive: true, force: true })
for (const what of notRun) console.log(`\nNot run: ${what}`)
if (total.skipped > 0) console.log(`\nSkipped: ${total.skipped}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 ? 1 : 0
