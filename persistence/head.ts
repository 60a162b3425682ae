import type { Compaction } from './document-log.ts'

/** What a log knows of a document as a whole: enough to tell which entries must be there, and to append the next one. */
export interface Head {
  /** The sequence number of the last entry ever appended. */
  readonly lastSequence: number
  /** The last entry that the snapshot stands for; 0 if there is none. */
  readonly through: number
  /** The entries up to `through` that were kept, ascending. */
  readonly kept: readonly number[]
}

/** The head of a document that was never written to. */
export const emptyHead: Head = { lastSequence: 0, through: 0, kept: [] }

/** The sequence numbers of the entries that must be stored, ascending. */
export function* storedSequences(head: Head): Iterable<number> {
  yield* head.kept
  for (let sequence = head.through + 1; sequence <= head.lastSequence; sequence++) yield sequence
}

/** The head after a compaction, and the entries that it folds. Throws a `RangeError` if it names what is not there. */
export function compactHead(head: Head, { through, keep }: Compaction): { head: Head; folded: number[] } {
  if (!Number.isInteger(through) || through < 1 || through < head.through || through > head.lastSequence) {
    const lowest = Math.max(1, head.through)
    throw new RangeError(
      `Cannot compact through ${through} (entries ${lowest} to ${head.lastSequence} can be)`,
    )
  }
  const kept = new Set(keep)
  const folded: number[] = []
  const stays: number[] = []
  for (const sequence of storedSequences(head)) {
    if (sequence > through) break
    if (kept.delete(sequence)) stays.push(sequence)
    else folded.push(sequence)
  }
  const [unknown] = kept
  if (unknown !== undefined) {
    throw new RangeError(`Cannot keep entry ${unknown}: it is folded already or not up to ${through}`)
  }
  return { head: { ...head, through, kept: stays }, folded }
}
