import { contestantOf, type ContestantName } from './contestants.ts'
import { Run, type RunOptions } from './run.ts'
import { scenarioOf } from './scenarios/index.ts'

/** What the process of one run is told, as JSON in its only argument; it answers with the figures as JSON. */
export interface Order extends Omit<RunOptions, 'contestant'> {
  readonly scenario: string
  readonly contestant: ContestantName
}

const order = JSON.parse(process.argv[2] ?? '') as Order
const run = new Run({ ...order, contestant: contestantOf(order.contestant) })

async function fail(problem: unknown): Promise<never> {
  process.stderr.write(`${problem instanceof Error ? problem.stack : String(problem)}\n`)
  await run.close()
  process.exit(1)
}
const interrupted = (signal: NodeJS.Signals): void =>
  void fail(new Error(`ended by ${signal}: it took too long, or somebody was impatient`))
process.on('SIGINT', interrupted)
process.on('SIGTERM', interrupted)
// Also what goes wrong while nobody waits for it, such as a connection that the server ends.
process.on('uncaughtException', (error) => void fail(error))

const figures = await scenarioOf(order.scenario).run(run)
await run.close()
// Not before all of it is written; and whatever is still open.
process.stdout.write(JSON.stringify(figures), () => process.exit(0))
