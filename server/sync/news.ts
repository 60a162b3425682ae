import type { ClockRange } from './clock-ranges.ts'
import type { UpdateContents } from './update-contents.ts'

/** What a document has, in whatever form it is kept. */
export interface Holdings {
  /** Whether it has a client's structs, or they wait for their dependencies. */
  brings(client: number, range: ClockRange): boolean
  /** Whether it has deleted a client's structs, or that waits. */
  deletes(client: number, range: ClockRange): boolean
}

/**
 * Whether an update would change a document now or later. An up-to-date client's sync step 2 would not, and is not empty
 * either.
 */
export function isNews({ structs, deletes }: UpdateContents, holdings: Holdings): boolean {
  for (const [client, ranges] of structs) {
    for (const range of ranges) if (!holdings.brings(client, range)) return true
  }
  for (const [client, ranges] of deletes) {
    for (const range of ranges) if (!holdings.deletes(client, range)) return true
  }
  return false
}
