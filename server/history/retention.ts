import type { HistoryBase, HistoryLog, HistorySegment, LogEntry } from '../../persistence/index.ts'
import { makeBase } from './make-base.ts'

/** How much of a document's past is kept; what is not folded yet is not counted. */
export interface Retention {
  /** How long, in milliseconds; `Infinity` is for ever, 0 not at all. */
  readonly age: number
  /** In bytes on disk, without what the history begins with, which is about as large as the document; `Infinity` is all, 0 nothing. */
  readonly bytes: number
}

/** How many compressed bytes leave a history at a time: their entries are in memory meanwhile, about five times as large. */
const BYTES_AT_A_TIME = 4 * 1024 * 1024

/**
 * Lets go what of a document's past is too old, at a time in milliseconds since 1970, or too much, and makes of it what the
 * rest builds on. Resolves with the number of bytes let go; rejects with a `PersistenceError`, or with a `RangeError` if the
 * document was compacted meanwhile such that it has to be tried again.
 */
export async function retain(
  log: HistoryLog,
  documentName: string,
  retention: Retention,
  now: number,
): Promise<number> {
  let gone = 0
  while (true) {
    const size = await log.historySize(documentName)
    const isTooOld = size.oldest !== null && size.oldest < now - retention.age
    if (size.bytes === 0 || (!isTooOld && size.bytes <= retention.bytes)) return gone
    if (retention.age === 0 || retention.bytes === 0) {
      const { foldedThrough } = await log.history(documentName)
      await log.trimHistory(documentName, { through: foldedThrough, base: null })
      return gone + size.bytes
    }
    const { through, bytes } = oldestSegments(await log.historySegments(documentName), retention, now)
    await trim(log, documentName, through)
    gone += bytes
  }
}

/** The oldest segments that are to go next: up to which sequence number, and how many bytes. */
function oldestSegments(
  segments: readonly HistorySegment[],
  retention: Retention,
  now: number,
): { through: number; bytes: number } {
  const inAll = segments.reduce((sum, segment) => sum + segment.bytes, 0)
  let [through, bytes] = [0, 0]
  for (const segment of segments) {
    const isDue = segment.until < now - retention.age || inAll - bytes > retention.bytes
    // One that overlaps with what goes has to go with it. The first one goes even if it is a later one that is due, since
    // clocks are set back now and then.
    const hasToGo = bytes === 0 || segment.first <= through
    if (!hasToGo && (!isDue || bytes >= BYTES_AT_A_TIME)) break
    through = Math.max(through, segment.last)
    bytes += segment.bytes
  }
  return { through, bytes }
}

async function trim(log: HistoryLog, documentName: string, through: number): Promise<void> {
  const history = await log.history(documentName)
  const kept = new Set(history.kept)
  const updates: LogEntry[] = []
  for await (const entry of history.entries()) {
    if (entry.sequence > through) break
    if (!kept.has(entry.sequence)) updates.push(entry)
  }
  const beginning = await makeBase({ beginning: history.base, updates })
  const time = updates.reduce(
    (latest, entry) => Math.max(latest, entry.time),
    history.base?.time ?? -Infinity,
  )
  const base: HistoryBase = {
    ...beginning,
    through,
    without: history.kept.filter((sequence) => sequence <= through),
    time: Number.isFinite(time) ? time : null,
  }
  await log.trimHistory(documentName, { through, base })
}
