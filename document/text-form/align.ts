/**
 * For each of the new things which of the old ones it is, null for none: the same object where there is only one of it,
 * else by its place among those that are left.
 */
export function align(old: readonly object[], now: readonly object[]): (number | null)[] {
  const indices = uniqueIndices(old)
  const own = uniqueIndices(now)
  const from = now.map((thing) => (own.has(thing) ? (indices.get(thing) ?? null) : null))
  const matched = new Set(from)
  const oldLeft = old.flatMap((_, i) => (matched.has(i) ? [] : [i]))
  const nowLeft = now.flatMap((_, i) => (from[i] === null ? [i] : []))
  const isSame = (o: number | undefined, n: number | undefined): boolean =>
    o !== undefined && n !== undefined && old[o] === now[n]
  const pair = (o: number | undefined, n: number | undefined): void => {
    if (o !== undefined && n !== undefined) from[n] = o
  }
  if (oldLeft.length !== nowLeft.length) {
    while (isSame(oldLeft[0], nowLeft[0])) pair(oldLeft.shift(), nowLeft.shift())
    while (isSame(oldLeft.at(-1), nowLeft.at(-1))) pair(oldLeft.pop(), nowLeft.pop())
  }
  while (oldLeft.length > 0 && nowLeft.length > 0) pair(oldLeft.shift(), nowLeft.shift())
  return from
}

function uniqueIndices(things: readonly object[]): Map<object, number> {
  const indices = new Map<object, number>()
  const several = new Set<object>()
  for (const [i, thing] of things.entries()) {
    if (indices.has(thing)) several.add(thing)
    indices.set(thing, i)
  }
  for (const thing of several) indices.delete(thing)
  return indices
}
