import type { ReadableFolder } from './data-folder.ts'
import type { LogEntry } from './document-log.ts'
import type { DocumentHistory, HistoryBase, HistorySegment, HistorySize } from './history.ts'
import { readBase, readSegments } from './history-changes.ts'
import { decodeSegment } from './history-segment.ts'
import { decodeRowKey, entryKeys, headKeys, historySegmentKey, nextKey } from './keys.ts'
import { damagedDocument, PersistenceError } from './persistence-error.ts'
import { decodeEntry, decodeHead, decodeHistorySegment, type StoredHead } from './rows.ts'

/** How many bytes of single entries are read at a time. */
const PAGE_BYTES = 1024 * 1024

/** Reads documents' pasts from rows. */
export class HistoryReader {
  readonly #folder: ReadableFolder

  constructor(folder: ReadableFolder) {
    this.#folder = folder
  }

  /** As `DocumentLog.historySize`. */
  async size(documentName: string): Promise<HistorySize> {
    const { bytes, oldest } = (await this.#head(documentName))?.history ?? { bytes: 0, oldest: null }
    return { bytes, oldest }
  }

  /** As `DocumentLog.history`. */
  async read(documentName: string): Promise<DocumentHistory> {
    const head = await this.#head(documentName)
    if (head === null) {
      return {
        base: null,
        kept: [],
        foldedThrough: 0,
        lastSequence: 0,
        entries: async function* () {},
      }
    }
    const base = await this.#unchanged(documentName, head, () => readBase(this.#folder, documentName, head))
    return {
      base,
      kept: head.kept,
      foldedThrough: head.through,
      lastSequence: head.lastSequence,
      entries: () => this.#entries(documentName, head, base),
    }
  }

  /** Reads what the head names; says so if it failed only because the document has changed since. */
  async #unchanged<T>(documentName: string, head: StoredHead, read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      const now = await this.#head(documentName)
      if (now?.revision === head.revision) throw error
      throw trimmedMeanwhile(documentName, error)
    }
  }

  async *#entries(
    documentName: string,
    opened: StoredHead,
    base: HistoryBase | null,
  ): AsyncGenerator<LogEntry, void, undefined> {
    const expected = expectedSequences(base, opened.lastSequence)
    let wanted = expected.next()
    let after = 0
    while (wanted.done !== true) {
      const page = await this.#page(documentName, opened, after, opened.lastSequence)
      for (const entry of page.entries) {
        if (wanted.done === true) return
        if (entry.sequence > wanted.value) break
        if (entry.sequence < wanted.value) continue
        yield entry
        wanted = expected.next()
      }
      // What the page should have held, and did not.
      if (wanted.done !== true && wanted.value <= page.through) {
        throw damagedDocument(documentName, `entry ${wanted.value} is missing in its history`)
      }
      after = page.through
    }
  }

  /**
   * The entries that follow `after`, ascending, and the number up to which they are all. What a compaction moves between
   * two of the reads might be in neither, so they are made again if there was one.
   */
  async #page(
    documentName: string,
    opened: StoredHead,
    after: number,
    last: number,
  ): Promise<{ entries: LogEntry[]; through: number }> {
    for (let head = await this.#head(documentName); ;) {
      if (head === null || baseOf(head) !== baseOf(opened)) throw trimmedMeanwhile(documentName)
      let page: { entries: LogEntry[]; through: number } | null = null
      let failure: unknown = null
      try {
        page = await this.#readPage(documentName, after, last)
      } catch (error) {
        failure = error
      }
      const now = await this.#head(documentName)
      const isSame = now?.through === head.through && now.history?.segments === head.history?.segments
      if (isSame && page !== null) return page
      if (isSame) throw failure
      head = now
    }
  }

  async #readPage(
    documentName: string,
    after: number,
    last: number,
  ): Promise<{ entries: LogEntry[]; through: number }> {
    const segments = (await readSegments(this.#folder, documentName)).filter((one) => one.last > after)
    const { together, through: end } = firstThatOverlap(segments)
    // Single entries lie between those of the segments, or before them all, or they are all that is left.
    const single = await this.#singleEntries(documentName, after + 1, together.length === 0 ? last : end)
    const [first] = together
    // Far ahead of the first segment: it is read when it is its turn.
    if (first !== undefined && single.through < first.first) return single
    const read = await Promise.all(together.map((segment) => this.#readSegment(documentName, segment)))
    const entries = [...single.entries, ...read.flat()]
      .filter(({ sequence }) => sequence > after && sequence <= single.through)
      .toSorted((a, b) => a.sequence - b.sequence)
    return { entries, through: single.through }
  }

  async #readSegment(documentName: string, segment: HistorySegment): Promise<LogEntry[]> {
    const key = historySegmentKey(documentName, segment)
    const [row] = await this.#folder.read(({ store }) => store.rows({ from: key, to: nextKey(key) }))
    const content = row === undefined ? null : decodeHistorySegment(...row)
    if (content === null) {
      const fault = `the segment of entries ${segment.first}-${segment.last} of its history is altered`
      throw damagedDocument(documentName, fault)
    }
    return decodeSegment(content)
  }

  async #singleEntries(
    documentName: string,
    first: number,
    last: number,
  ): Promise<{ entries: LogEntry[]; through: number }> {
    const range = entryKeys(documentName, first, last)
    const rows = await this.#folder.read(({ store }) => store.rows(range, { maxBytes: PAGE_BYTES }))
    let bytes = 0
    const entries = rows.map(([key, value]) => {
      bytes += value.length
      const row = decodeRowKey(key)
      const entry = row?.kind === 'entry' ? decodeEntry(key, value, row.sequence) : null
      if (entry !== null) return entry
      const name = row?.kind === 'entry' ? `entry ${row.sequence}` : 'an entry'
      throw damagedDocument(documentName, `${name} is altered`)
    })
    return { entries, through: bytes < PAGE_BYTES ? last : (entries.at(-1)?.sequence ?? last) }
  }

  async #head(documentName: string): Promise<StoredHead | null> {
    const [row] = await this.#folder.read(({ store }) => store.rows(headKeys(documentName)))
    if (row === undefined) return null
    const head = decodeHead(...row)
    if (head === null) throw damagedDocument(documentName, 'the head is altered')
    return head
  }
}

/** What tells whether two heads' histories begin alike. */
function baseOf({ history, through }: StoredHead): string {
  if (history === null && through > 0) return `snapshot ${through}`
  return `base ${history?.baseChecksum ?? 0}`
}

/** The first segment, and those that overlap with it or with one that does. Segments are in the order of their first numbers. */
function firstThatOverlap(segments: readonly HistorySegment[]): {
  together: HistorySegment[]
  through: number
} {
  const together: HistorySegment[] = []
  let through = 0
  for (const segment of segments) {
    if (together.length > 0 && segment.first > through) break
    together.push(segment)
    through = Math.max(through, segment.last)
  }
  return { together, through }
}

/** The sequence numbers that a history must have, ascending. */
function* expectedSequences(
  base: HistoryBase | null,
  lastSequence: number,
): Generator<number, void, undefined> {
  yield* base?.without ?? []
  for (let sequence = (base?.through ?? 0) + 1; sequence <= lastSequence; sequence++) yield sequence
}

function trimmedMeanwhile(documentName: string, cause?: unknown): PersistenceError {
  const message = `The history of the document ${JSON.stringify(documentName)} was changed while it was read`
  return new PersistenceError('io', message, { cause, documentName })
}
