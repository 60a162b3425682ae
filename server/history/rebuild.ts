import type { HistoryLog } from '../../persistence/index.ts'
import type { Moment } from './moment.ts'
import { PastState } from './past-state.ts'

/** A document as it was at a moment. */
export interface Past {
  readonly state: PastState
  /** The last entry in it. */
  readonly sequence: number
  /** When that was appended, in milliseconds since 1970; null if it is from before the history begins. */
  readonly time: number | null
}

/** The moment lies before what is kept of the document's past, or after all of it. */
export class NoSuchMoment extends Error {
  override readonly name = 'NoSuchMoment'
}

/**
 * A document as it was, from its history; by default as it is now. Rejects with `NoSuchMoment`, or with a
 * `PersistenceError`.
 */
export async function rebuild(log: HistoryLog, documentName: string, moment?: Moment): Promise<Past> {
  const { base, entries, lastSequence } = await log.history(documentName)
  const untilSequence = moment !== undefined && 'sequence' in moment ? moment.sequence : Infinity
  const untilTime = moment !== undefined && 'time' in moment ? moment.time : Infinity
  const name = JSON.stringify(documentName)
  if (untilSequence !== Infinity && untilSequence > lastSequence) {
    throw new NoSuchMoment(`the document ${name} has no entry ${untilSequence}: its last is ${lastSequence}`)
  }
  if (base !== null && (untilSequence < base.through || untilTime < (base.time ?? -Infinity))) {
    const since = base.time === null ? '' : `, of ${new Date(base.time).toISOString()}`
    throw new NoSuchMoment(`what is kept of the document ${name} begins with entry ${base.through}${since}`)
  }
  const state = new PastState(base)
  let [sequence, time] = [base?.through ?? 0, base?.time ?? null]
  for await (const entry of entries()) {
    // Clocks of computers are set back now and then: what was appended later counts as later.
    if (entry.sequence > untilSequence || entry.time > untilTime) break
    state.add(entry)
    if (entry.sequence > sequence) [sequence, time] = [entry.sequence, entry.time]
  }
  return { state, sequence, time }
}
