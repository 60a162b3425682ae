import type { Head } from './head.ts'
import type { HistorySegment, HistoryTrim } from './history.ts'

/**
 * Throws a `RangeError` if a trim does not fit what is stored: a document's head, where its history begins (the sequence
 * number up to which the base stands for entries; 0 if there is none), and its segments.
 */
export function checkTrim(
  { through, base }: HistoryTrim,
  head: Head,
  beginsAfter: number,
  segments: readonly HistorySegment[],
): void {
  const problem = (reason: string): RangeError =>
    new RangeError(`Cannot trim the history through ${through}: ${reason}`)
  if (!Number.isInteger(through) || through < 1 || through > head.through) {
    throw problem(`folded are entries up to ${head.through}`)
  }
  if (through < beginsAfter) throw problem(`it begins after ${beginsAfter}`)
  const divided = segments.find(({ first, last }) => first <= through && last > through)
  if (divided !== undefined) throw problem(`a segment holds entries ${divided.first} to ${divided.last}`)
  if (base === null) {
    if (through !== head.through) throw problem(`without a base only through ${head.through}, the snapshot's`)
    return
  }
  const without = head.kept.filter((sequence) => sequence <= through)
  if (base.through !== through || base.without.join() !== without.join()) {
    const [given, stored] = [base.without, without].map((sequences) => sequences.join(', ') || 'none')
    throw problem(`the base is through ${base.through} without ${given}; not folded are ${stored}`)
  }
}
