import { encodeDeletes } from './gapless-update.ts'
import { ClockRanges } from './clock-ranges.ts'
import { readUpdateContents, type UpdateContents } from './update-contents.ts'

/** Whether an update brings nothing, and at most deletes. */
export function isDeletesOnly(update: Uint8Array): boolean {
  return update[0] === 0
}

/** An update that brings nothing and deletes nothing. */
const NOTHING = Uint8Array.of(0, 0)

/**
 * What of an update that only deletes somebody lacks who has sent all that they have deleted: a state vector does not say
 * that, and all that was ever deleted in a document can be most of what there is to be sent.
 */
export function lackingDeletes(update: Uint8Array, theirs: Uint8Array): Uint8Array {
  // Whoever comes back has mostly missed nothing, and Yjs writes the same deletions as the same bytes.
  if (Buffer.compare(update, theirs) === 0) return NOTHING
  const has = sets(readUpdateContents(theirs).deletes)
  const lacking = new Map<number, ClockRanges>()
  for (const [client, ranges] of sets(readUpdateContents(update).deletes)) {
    const rest = has.get(client)?.missingOf(ranges) ?? ranges
    if (rest.size > 0) lacking.set(client, rest)
  }
  return encodeDeletes(lacking)
}

function sets(deletes: UpdateContents['deletes']): Map<number, ClockRanges> {
  return new Map([...deletes].map(([client, ranges]) => [client, ClockRanges.of(ranges)]))
}
