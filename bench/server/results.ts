import { markdownTable } from '../markdown-table.ts'
import type { ContestantName } from './contestants.ts'
import type { Figures, Scenario } from './scenario.ts'

/** What came of one run: figures, or why there are none. */
export type Outcome = { readonly figures: Figures } | { readonly failure: string }

/** All runs of a scenario: by contestant, one for each repeat, in order. */
export type Outcomes = ReadonlyMap<ContestantName, readonly Outcome[]>

/** A table of medians, and ours as multiples of each other's, with the least and the most of the repeats. */
export function tablesOf({ figures, contestants }: Scenario, outcomes: Outcomes): string {
  const head = ['', ...figures.map(({ title }) => title)]
  const measured = contestants.filter((name) => outcomes.has(name))
  const rows = measured.map((name) => [
    name,
    ...figures.map(({ key, digits }) => {
      const values = valuesOf(outcomes, name, key)
      return values.length === 0 ? '–' : inDigits(median(values), digits)
    }),
  ])
  const failures = measured.flatMap((name) =>
    (outcomes.get(name) ?? []).flatMap((outcome) =>
      'failure' in outcome ? [`**${name} failed:** ${outcome.failure}`] : [],
    ),
  )
  const peers = measured.filter((name) => name !== 'codraft')
  const ratios = measured.includes('codraft')
    ? peers.map((peer) => [
        `codraft ÷ ${peer}`,
        ...figures.map(({ key, isCompared = false }) => (isCompared ? ratio(outcomes, peer, key) : '')),
      ])
    : []
  return [markdownTable(head, [...rows, ...ratios]), ...failures].join('\n\n')
}

/** Of the runs that stood beside each other, ours through the peer's: the median (the least – the most). */
function ratio(outcomes: Outcomes, peer: ContestantName, key: string): string {
  const theirs = outcomes.get(peer) ?? []
  const ratios = (outcomes.get('codraft') ?? []).flatMap((outcome, i) => {
    const [ours, their] = [valueIn(outcome, key), valueIn(theirs[i], key)]
    return ours === null || their === null || their === 0 ? [] : [ours / their]
  })
  if (ratios.length === 0) return '–'
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)]
  const middle = inDigits(median(ratios), 2)
  return ratios.length === 1 ? middle : `${middle} (${inDigits(least, 2)}–${inDigits(most, 2)})`
}

function valuesOf(outcomes: Outcomes, name: ContestantName, key: string): number[] {
  return (outcomes.get(name) ?? []).flatMap((outcome) => {
    const value = valueIn(outcome, key)
    return value === null ? [] : [value]
  })
}

function valueIn(outcome: Outcome | undefined, key: string): number | null {
  return outcome !== undefined && 'figures' in outcome ? (outcome.figures[key] ?? null) : null
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return (lower + upper) / 2
}

function inDigits(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
