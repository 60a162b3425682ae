import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { contestantNames, type ContestantName } from './contestants.ts'
import { scenarios } from './scenarios/index.ts'
import type { Scenario } from './scenario.ts'

/** What `npm run bench -- server` was asked for. */
export interface Options {
  readonly scenarios: readonly Scenario[]
  readonly contestants: readonly ContestantName[]
  readonly repeats: number
  readonly seconds: number
  /** The Node that Codraft runs on. */
  readonly node: string
  /** Where Codraft's profiles go; null for none. */
  readonly profileFolder: string | null
  readonly serverCore: string
  readonly loadCore: string
  /** Whether to print JSON instead of tables. */
  readonly json: boolean
}

/** What is wrong with the arguments; the message says it. */
export class UsageError extends Error {}

export const usage = `npm run bench -- server [scenario …] [options]

  --only <name,…>       these contestants only: ${contestantNames.join(', ')}
  --repeats <number>    how often everything is done (3; by y-websocket once)
  --seconds <number>    how long a load is kept up in each run (2)
  --node <path | 22>    the Node that Codraft runs on: by default the one that runs this; 22: the peers'
  --profile <folder>    runs Codraft with --cpu-prof, keeps the profiles there, and prints where the time went
                        (only Codraft, and once, unless said otherwise)
  --cores <s,l>         the processor cores for the server and for the load (0,1)
  --json                the figures of every run as JSON

Scenarios: ${scenarios.map(({ name }) => name).join(', ')}
`

/** Throws a `UsageError` if it cannot be done. */
export function parseOptions(args: readonly string[], peerNode: () => string): Options {
  const { values, positionals } = parse(args)
  if (values.help) throw new UsageError('')
  const isProfiling = values.profile !== undefined
  const [serverCore = '', loadCore = '', ...more] = values.cores.split(',')
  if (!/^\d+$/.test(serverCore) || !/^\d+$/.test(loadCore) || more.length > 0)
    throw new UsageError(`--cores: ${values.cores} is not two numbers of processor cores`)
  return {
    scenarios: positionals.length === 0 ? scenarios : positionals.map(scenarioNamed),
    contestants: (values.only ?? (isProfiling ? 'codraft' : contestantNames.join(',')))
      .split(',')
      .map(contestantNamed),
    repeats: positive('--repeats', values.repeats ?? (isProfiling ? '1' : '3')),
    seconds: positive('--seconds', values.seconds),
    node: values.node === undefined ? process.execPath : values.node === '22' ? peerNode() : values.node,
    profileFolder: values.profile === undefined ? null : resolve(values.profile),
    serverCore,
    loadCore,
    json: values.json,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        only: { type: 'string' },
        repeats: { type: 'string' },
        seconds: { type: 'string', default: '2' },
        node: { type: 'string' },
        profile: { type: 'string' },
        cores: { type: 'string', default: '0,1' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((known) => known.name === name)
  if (scenario === undefined) throw new UsageError(`There is no scenario ${name}`)
  return scenario
}

function contestantNamed(name: string): ContestantName {
  const found = contestantNames.find((known) => known === name)
  if (found === undefined) throw new UsageError(`There is no contestant ${name}`)
  return found
}

function positive(flag: string, value: string): number {
  const number = Number(value)
  if (!(number > 0)) throw new UsageError(`${flag}: ${value} is not a number above 0`)
  return number
}
