import type { Node } from 'prosemirror-model'
import type { GridCell } from '../schema/table-grid.ts'

/** A row or column among those before, one among those now, and how many cells say that it is the same. */
interface Claim {
  readonly old: number
  readonly now: number
  cells: number
}

/**
 * For each of the rows or columns that there are now which of the old ones it is, null for none. They are known again by
 * their cells, which an editor keeps where it changes nothing, merged ones too; what is left by its place.
 */
export function alignLines(
  kind: 'row' | 'column',
  [oldCount, oldCells]: readonly [number, readonly GridCell[]],
  [count, cells]: readonly [number, readonly GridCell[]],
): (number | null)[] {
  const [start, span] = kind === 'row' ? (['row', 'rowspan'] as const) : (['column', 'colspan'] as const)
  const old = uniqueCells(oldCells)
  const claims = new Map<string, Claim>()
  for (const [node, cell] of uniqueCells(cells)) {
    const before = old.get(node)
    if (before === undefined) continue
    for (let i = 0; i < Math.min(cell[span], before[span]); i++) {
      const claim: Claim = { old: before[start] + i, now: cell[start] + i, cells: 0 }
      const key = `${claim.old}:${claim.now}`
      const known = claims.get(key) ?? claim
      known.cells++
      claims.set(key, known)
    }
  }
  const from = Array.from({ length: count }, (): number | null => null)
  const left = new Set(Array.from({ length: oldCount }, (_, i) => i))
  for (const claim of [...claims.values()].toSorted((a, b) => b.cells - a.cells)) {
    if (from[claim.now] === null && left.delete(claim.old)) from[claim.now] = claim.old
  }
  const [...rest] = left
  return from.map((index) => index ?? rest.shift() ?? null)
}

/** A cell that is there several times, as one and the same node, says nothing. */
function uniqueCells(cells: readonly GridCell[]): Map<Node, GridCell> {
  const unique = new Map<Node, GridCell>()
  const several = new Set<Node>()
  for (const cell of cells) {
    if (unique.has(cell.node)) several.add(cell.node)
    unique.set(cell.node, cell)
  }
  for (const node of several) unique.delete(node)
  return unique
}
