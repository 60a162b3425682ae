import type {
  Compaction,
  DocumentLog,
  LogEntry,
  LogSnapshot,
  LogUpdate,
  StoredDocument,
} from './document-log.ts'
import { compactHead, emptyHead, type Head } from './head.ts'
import { documentKeys } from './keys.ts'
import { PersistenceError } from './persistence-error.ts'

interface MemoryDocument {
  head: Head
  snapshot: LogSnapshot | null
  /** Ascending by sequence. */
  entries: LogEntry[]
}

/** A document log that keeps everything in memory, for tests: it behaves as one on disk, and forgets all when it is gone. */
export class MemoryDocumentLog implements DocumentLog {
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
    const document = this.#find(documentName) ?? { head: emptyHead, snapshot: null, entries: [] }
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
    document.head = head
    document.snapshot = { update: compaction.snapshot.slice(), through: compaction.through }
    document.entries = document.entries.filter(({ sequence }) => !gone.has(sequence))
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
