import { allPairs, pairName, type Pair } from './actions.ts'
import { Random } from './random.ts'

/** What `npm test` runs: few pairs, always the same. */
const DEFAULT = 'sample:6:1'

/**
 * The pairs that `CODRAFT_PAIRS` names: `all`; `sample:40:7` (how many, drawn by which seed); `part:2/6` (the second
 * sixth of all); or pairs by name, `bold × link`, with semicolons between them; `*` stands for any action.
 */
export function whichPairs(text: string | undefined): readonly Pair[] {
  const wanted = text === undefined || text === '' ? DEFAULT : text
  if (wanted === 'all') return allPairs
  const [, count, seed] = /^sample:(\d+):(\d+)$/.exec(wanted) ?? []
  if (count !== undefined) return shuffled(allPairs, Number(seed)).slice(0, Number(count))
  const [, part, parts] = /^part:(\d+)\/(\d+)$/.exec(wanted) ?? []
  // Every n-th, so that each part has some of everything.
  if (part !== undefined) return allPairs.filter((_, index) => index % Number(parts) === Number(part) - 1)
  return wanted.split(';').flatMap((name) => named(name.trim()))
}

function named(name: string): readonly Pair[] {
  const [first, second] = name.split(/ [×x] /)
  const found = allPairs.filter(
    (pair) => (first === '*' || pair[0] === first) && (second === '*' || pair[1] === second),
  )
  if (found.length === 0) {
    throw new RangeError(`No pair is called “${name}”; one is called “${pairName(['bold', 'link'])}”`)
  }
  return found
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = new Random(seed)
  return items
    .map((item) => ({ item, order: random.share() }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ item }) => item)
}
