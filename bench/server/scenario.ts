import type { ContestantName } from './contestants.ts'
import type { Run } from './run.ts'

/** One number that a scenario measures. */
export interface Figure {
  readonly key: string
  /** As a column's head, with its unit. */
  readonly title: string
  /** Digits behind the point. */
  readonly digits: number
  /** Whether ours as a multiple of a peer's says something. */
  readonly isCompared?: boolean
}

/** By the keys of the scenario's figures; one that a contestant has nothing for is left out. */
export type Figures = Readonly<Record<string, number>>

/** Something that servers are put through. */
export interface Scenario {
  readonly name: string
  /** What happens, in a sentence or two. */
  readonly description: string
  readonly contestants: readonly ContestantName[]
  readonly figures: readonly Figure[]
  /** How often a contestant does it, when so often is asked for, if that is something of its own. */
  readonly repeats?: (contestant: ContestantName, asked: number) => number
  /** Does it once, with one contestant. */
  run(run: Run): Promise<Figures>
}
