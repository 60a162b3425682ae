import { availableParallelism, totalmem } from 'node:os'
import type { Logger } from 'pino'
import { DocumentHost } from './document-host.ts'
import type { LoadOptions, StoredUpdates } from './loaded-document.ts'
import { RemoteDocument } from './remote-document.ts'

const MIB = 1024 * 1024

/** How documents are kept in threads. */
export interface DocumentThreadsOptions {
  readonly logger: Logger
  /** How many threads at most; by default one for every two processors. */
  readonly count?: number
  /** The most that a thread may have on its heap, in MiB; by default a quarter of the machine's memory, 512 to 4,096. */
  readonly heapMegabytes?: number
  /** Documents that take so many bytes in storage are kept in a thread; by default 1 MiB. */
  readonly fromBytes?: number
}

/**
 * Threads that keep large documents, so that loading, changing or folding one stops nobody else. They are started when
 * they are needed. One that dies takes its documents with it, and those that are opened next go to a new one.
 */
export class DocumentThreads {
  /** Documents that take so many bytes in storage belong here. */
  readonly fromBytes: number
  readonly #logger: Logger
  readonly #most: number
  readonly #heapMegabytes: number
  /** Those that are shared. */
  readonly #shared = new Set<DocumentHost>()
  /** All of them. */
  readonly #all = new Set<DocumentHost>()
  /** The documents that a thread was working for when it died: each gets a thread of its own. */
  readonly #suspects = new Set<string>()
  #lastNumber = 0

  constructor({
    logger,
    count = Math.max(1, Math.floor(availableParallelism() / 2)),
    heapMegabytes = Math.round(Math.min(Math.max(totalmem() / 4 / MIB, 512), 4_096)),
    fromBytes = MIB,
  }: DocumentThreadsOptions) {
    this.#logger = logger
    this.#most = count
    this.#heapMegabytes = heapMegabytes
    this.fromBytes = fromBytes
  }

  /** Loads a document in a thread; rejects with a `DocumentLostError` if that does not survive it. */
  load(documentName: string, stored: StoredUpdates, options: LoadOptions): Promise<RemoteDocument> {
    const isSuspect = this.#suspects.has(documentName)
    const thread = isSuspect ? this.#start() : this.#pick()
    return RemoteDocument.load(thread, { number: ++this.#lastNumber, documentName }, stored, {
      ...options,
      onClosed: () => {
        if (!isSuspect) return
        this.#all.delete(thread)
        void thread.end()
      },
    })
  }

  #pick(): DocumentHost {
    const [least] = [...this.#shared].toSorted((one, other) => one.size - other.size)
    if (least !== undefined && (least.size === 0 || this.#shared.size >= this.#most)) return least
    const thread = this.#start()
    this.#shared.add(thread)
    return thread
  }

  #start(): DocumentHost {
    const thread = new DocumentHost(this.#heapMegabytes, (lost, error, working) => {
      this.#shared.delete(lost)
      this.#all.delete(lost)
      this.#logger.error({ err: error, documents: working }, 'a thread that keeps documents has died')
      for (const documentName of working) this.#suspects.add(documentName)
    })
    this.#all.add(thread)
    return thread
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    const threads = [...this.#all]
    this.#shared.clear()
    this.#all.clear()
    await Promise.all(threads.map((thread) => thread.end()))
  }
}
