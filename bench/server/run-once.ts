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

function end(signal: NodeJS.Signals): void {
  process.stderr.write(`${signal}\n`)
  void run.close().finally(() => process.exit(1))
}
process.on('SIGINT', end)
process.on('SIGTERM', end)

try {
  const figures = await scenarioOf(order.scenario).run(run)
  process.stdout.write(JSON.stringify(figures))
} finally {
  await run.close()
}
// Whatever is still open, such as sockets that nobody reads.
process.exit(0)
