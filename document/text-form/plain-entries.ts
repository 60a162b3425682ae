import type * as Y from 'yjs'
import { isPlain } from './plain-value.ts'
import { isTablePart } from './table-kind.ts'

/** The entries of a marker, whoever knows them, but for the parts of a table and for what is no JSON. */
export function plainEntries(marker: Y.Map<unknown>): ReadonlyMap<string, unknown> {
  const entries: Iterable<[string, unknown]> = marker.entries()
  return new Map([...entries].filter(([key, value]) => !isTablePart(key) && isPlain(value)))
}
