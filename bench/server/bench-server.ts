import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ContestantName } from './contestants.ts'
import { hasTrace } from './load/typing-trace.ts'
import { parseOptions, usage, UsageError, type Options } from './options.ts'
import { installPeers, peerNode } from './peers.ts'
import { profileSummary } from './profile-summary.ts'
import { tablesOf, type Outcome } from './results.ts'
import type { Order } from './run-once.ts'
import type { Figures, Scenario } from './scenario.ts'

const projectFolder = fileURLToPath(new URL('../..', import.meta.url))
const runOnce = fileURLToPath(new URL('./run-once.ts', import.meta.url))

/** No run takes so long, in milliseconds. */
const RUN_TIMEOUT = 240_000
/** It takes longer than all others together, and is there for the order of magnitude: it does everything once. */
const SLOWEST: ContestantName = 'y-websocket'

/** Measures the server beside others, and prints what came of it: README.md, "server". */
export async function benchServer(args: readonly string[]): Promise<void> {
  let options: Options
  try {
    options = parseOptions(args, peerNode)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${error.message}\n${usage}`)
    process.exitCode = 2
    return
  }
  buildServer()
  // Also for Codraft alone if it shall run on the peers' Node.
  if (options.contestants.some((name) => name !== 'codraft') || options.node === peerNode()) installPeers()

  const start = performance.now()
  const all: Record<string, unknown> = {}
  if (!options.json) print(heading(options))
  for (const scenario of options.scenarios) {
    const outcomes = await measure(scenario, options)
    all[scenario.name] = Object.fromEntries(outcomes)
    if (options.json) continue
    print(`### ${scenario.name}\n\n${scenario.description}\n\n${tablesOf(scenario, outcomes)}\n`)
    if (options.profileFolder !== null)
      print(`${profileSummary(join(options.profileFolder, scenario.name))}\n`)
  }
  if (options.json) print(JSON.stringify({ machine: machine(options), scenarios: all }, null, 2))
  else print(`All of it took ${((performance.now() - start) / 60_000).toFixed(1)} minutes.`)
}

/** All repeats of all contestants, in turns, so that what else the machine does meets all of them. */
async function measure(
  { name, contestants, repeats }: Scenario,
  options: Options,
): Promise<Map<ContestantName, Outcome[]>> {
  const chosen = contestants.filter((contestant) => options.contestants.includes(contestant))
  const outcomes = new Map(chosen.map((contestant) => [contestant, [] as Outcome[]]))
  const repeatsOf = (contestant: ContestantName): number =>
    repeats?.(contestant, options.repeats) ?? (contestant === SLOWEST ? 1 : options.repeats)
  for (let repeat = 0; repeat < Math.max(...chosen.map(repeatsOf)); repeat++) {
    for (const i of chosen.keys()) {
      // Nobody is always the first.
      const contestant = chosen[(i + repeat) % chosen.length]
      if (contestant === undefined || repeat >= repeatsOf(contestant)) continue
      process.stderr.write(`${name}, ${repeat + 1} of ${repeatsOf(contestant)}: ${contestant}\n`)
      outcomes.get(contestant)?.push(await runInProcess(name, contestant, repeat, options))
    }
  }
  return outcomes
}

async function runInProcess(
  scenario: string,
  contestant: ContestantName,
  repeat: number,
  { node, seconds, serverCore, loadCore, profileFolder: allProfiles }: Options,
): Promise<Outcome> {
  const profileFolder = allProfiles === null ? null : join(allProfiles, scenario)
  if (profileFolder !== null) mkdirSync(profileFolder, { recursive: true })
  const order: Order = { scenario, contestant, repeat, node, seconds, core: serverCore, profileFolder }
  const child = spawn(
    'taskset',
    ['-c', loadCore, process.execPath, '--import', 'tsx', runOnce, JSON.stringify(order)],
    { cwd: projectFolder, stdio: ['ignore', 'pipe', 'pipe'], timeout: RUN_TIMEOUT },
  )
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === 0) return { figures: JSON.parse(output) as Figures }
  process.stderr.write(`${errors}\n`)
  const reason = /^\w*Error: (.*)$/m.exec(errors)?.[1] ?? `exit code ${code}`
  return { failure: reason }
}

/** The server is measured as it is delivered: what the sources say now. */
function buildServer(): void {
  const script = existsSync(join(projectFolder, 'dist/app')) ? 'types' : 'build'
  const { status } = spawnSync('npm', ['run', '--silent', script], {
    cwd: projectFolder,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) throw new Error(`npm run ${script} failed`)
}

function heading(options: Options): string {
  const { codraft, peers, processor, load } = machine(options)
  return `${new Date().toISOString().slice(0, 10)}, ${processor}, load ${load}; Codraft on Node ${codraft}, the others on ${peers}; ${options.repeats} repeats of ${options.seconds} s; the keyboard trace is ${hasTrace() ? 'the real one' : 'a generated one'}.\n`
}

function machine({ node }: Options) {
  return {
    date: new Date().toISOString(),
    processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    load: loadavg()[0]?.toFixed(1) ?? '',
    codraft: versionOf(node),
    peers: existsSync(peerNode()) ? versionOf(peerNode()) : '',
  }
}

function versionOf(node: string): string {
  return spawnSync(node, ['--version']).stdout.toString().trim()
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
