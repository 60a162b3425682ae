import type {
  Compaction,
  DocumentLog,
  LogEntry,
  LogSnapshot,
  LogUpdate,
  StoredDocument,
} from './document-log.ts'
import { compactHead, emptyHead, type Head } from './head.ts'
import type {
  DocumentHistory,
  HistoryBase,
  HistoryLog,
  HistorySegment,
  HistorySize,
  HistoryTrim,
} from './history.ts'
import { segmentGroups } from './history-segment.ts'
import { checkTrim } from './history-trim.ts'
import { documentKeys } from './keys.ts'
import { PersistenceError } from './persistence-error.ts'

interface MemoryDocument {
  head: Head
  snapshot: LogSnapshot | null
  /** Ascending by sequence. */
  entries: LogEntry[]
  base: HistoryBase | null
  /** What was folded since the base, in the order of the compactions. */
  segments: (readonly LogEntry[])[]
}

/** A document log that keeps everything in memory, for tests: it behaves as one on disk, and forgets all when it is gone. */
export class MemoryDocumentLog implements DocumentLog, HistoryLog {
  readonly #documents = new Map<string, MemoryDocument>()
  readonly #clock: () => number
  #closed = false

  /** `clock` gives milliseconds since 1970 for the entries' time. */
  constructor({ clock = Date.now }: { readonly clock?: () => number } = {}) {
    this.#clock = clock
  }

  async load(documentName: string): Promise<StoredDocument> {
    const document = this.#find(documentName)
    if (document === undefined) return { snapshot: null, entries: [], lastSequence: 0 }
    const { snapshot, entries, head } = document
    return { snapshot, entries: [...entries], lastSequence: head.lastSequence }
  }

  async append(documentName: string, updates: readonly LogUpdate[]): Promise<number> {
    const document = this.#find(documentName) ?? {
      head: emptyHead,
      snapshot: null,
      entries: [],
      base: null,
      segments: [],
    }
    if (updates.length > 0) this.#documents.set(documentName, document)
    const time = this.#clock()
    for (const { author, update } of updates) {
      const sequence = document.head.lastSequence + 1
      document.head = { ...document.head, lastSequence: sequence }
      document.entries.push({ sequence, time, author, update: update.slice() })
    }
    return document.head.lastSequence
  }

  async compact(documentName: string, compaction: Compaction): Promise<void> {
    const document = this.#find(documentName)
    const { head, folded } = compactHead(document?.head ?? emptyHead, compaction)
    // No head without entries has anything to compact.
    if (document === undefined) return
    const gone = new Set(folded)
    const keptBefore = folded.filter((sequence) => sequence <= document.head.through)
    for (const sequences of [keptBefore, folded.slice(keptBefore.length)]) {
      const chosen = new Set(sequences)
      document.segments.push(
        ...segmentGroups(document.entries.filter(({ sequence }) => chosen.has(sequence))),
      )
    }
    document.head = head
    document.snapshot = { update: compaction.snapshot.slice(), through: compaction.through }
    document.entries = document.entries.filter(({ sequence }) => !gone.has(sequence))
  }

  async history(documentName: string): Promise<DocumentHistory> {
    const document = this.#find(documentName)
    const { head = emptyHead, base = null, segments = [], entries = [] } = document ?? {}
    const all = [...segments.flat(), ...entries].toSorted((a, b) => a.sequence - b.sequence)
    return {
      base,
      kept: head.kept,
      foldedThrough: head.through,
      lastSequence: head.lastSequence,
      entries: async function* () {
        yield* all
      },
    }
  }

  async historySize(documentName: string): Promise<HistorySize> {
    const segments = await this.historySegments(documentName)
    const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
    const oldest = segments.length === 0 ? null : Math.min(...segments.map(({ until }) => until))
    return { bytes, oldest }
  }

  async historySegments(documentName: string): Promise<readonly HistorySegment[]> {
    const segments = this.#find(documentName)?.segments ?? []
    return segments.map(describeSegment).toSorted((a, b) => a.first - b.first)
  }

  async trimHistory(documentName: string, { through, base }: HistoryTrim): Promise<void> {
    const document = this.#find(documentName)
    const head = document?.head ?? emptyHead
    const segments = document?.segments ?? []
    checkTrim({ through, base }, head, document?.base?.through ?? 0, segments.map(describeSegment))
    if (document === undefined) return
    document.base = base ?? this.#snapshotAsBase(document)
    document.segments = segments.filter((segment) => describeSegment(segment).last > through)
    if (base === null) document.segments = []
  }

  #snapshotAsBase({ snapshot, head }: MemoryDocument): HistoryBase | null {
    if (snapshot === null) return null
    const { update, through } = snapshot
    return { update, through, without: head.kept, time: null, attribution: new Uint8Array() }
  }

  async *documentNames(): AsyncGenerator<string, void, undefined> {
    this.#assertOpen()
    for (const documentName of this.#documents.keys()) {
      this.#assertOpen()
      yield documentName
    }
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  #find(documentName: string): MemoryDocument | undefined {
    // Throws on a name that no log takes.
    documentKeys(documentName)
    this.#assertOpen()
    return this.#documents.get(documentName)
  }

  #assertOpen(): void {
    if (this.#closed) throw new PersistenceError('closed', 'The log was closed')
  }
}

function describeSegment(entries: readonly LogEntry[]): HistorySegment {
  return {
    first: entries[0]?.sequence ?? 0,
    last: entries.at(-1)?.sequence ?? 0,
    entries: entries.length,
    bytes: entries.reduce((sum, { update }) => sum + update.length, 0),
    until: Math.max(...entries.map(({ time }) => time)),
  }
}
