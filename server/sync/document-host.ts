import type { Worker } from 'node:worker_threads'
import { startThread } from '../start-thread.ts'
import type {
  DocumentAnswer,
  DocumentCall,
  DocumentReply,
  DocumentRequest,
  DocumentState,
} from './document-thread-messages.ts'
import { UnsoundDocumentError } from './loaded-document.ts'

/** The thread that kept a document has died. */
export class DocumentLostError extends Error {
  override readonly name = 'DocumentLostError'
}

interface CallUnderWay {
  readonly documentName: string
  readonly resolve: (done: { readonly answer: DocumentAnswer; readonly state: DocumentState | null }) => void
  readonly reject: (error: Error) => void
}

/** A document in a thread, as this thread knows it. */
export interface HostedDocument {
  readonly number: number
  readonly documentName: string
}

/** A thread that keeps documents. */
export class DocumentHost {
  readonly #worker: Worker
  readonly #calls = new Map<number, CallUnderWay>()
  readonly #documents = new Set<number>()
  readonly #onLost: (thread: DocumentHost, error: Error, working: readonly string[]) => void
  #lastId = 0
  #lost: Error | null = null

  /** `onLost` is told once that the thread has died, and for which documents it was working. */
  constructor(
    heapMegabytes: number,
    onLost: (thread: DocumentHost, error: Error, working: readonly string[]) => void,
  ) {
    this.#onLost = onLost
    this.#worker = startThread('document-thread', import.meta.url, {
      name: 'documents',
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    })
    this.#worker.on('message', (reply: DocumentReply) => this.#answered(reply))
    this.#worker.on('error', (error) => this.#lose(error instanceof Error ? error : new Error(String(error))))
    this.#worker.on('exit', (code) => this.#lose(new Error(`the thread ended with the code ${code}`)))
    this.#worker.unref()
  }

  /** How many documents it keeps. */
  get size(): number {
    return this.#documents.size
  }

  /** Has a document do something. Rejects with a `DocumentLostError`, an `UnsoundDocumentError`, or what went wrong. */
  async call(
    { number, documentName }: HostedDocument,
    call: DocumentCall,
  ): Promise<{ readonly answer: DocumentAnswer; readonly state: DocumentState | null }> {
    if (this.#lost !== null) throw this.#lost
    if (call.do === 'close') this.#documents.delete(number)
    else this.#documents.add(number)
    const id = ++this.#lastId
    const request: DocumentRequest = { id, document: number, call }
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { documentName, resolve, reject })
      // While somebody waits for an answer the process is not done.
      this.#worker.ref()
      this.#worker.postMessage(request, 'updates' in call ? [call.updates.bytes.buffer] : [])
    })
  }

  #answered(reply: DocumentReply): void {
    const call = this.#calls.get(reply.id)
    this.#calls.delete(reply.id)
    if (this.#calls.size === 0) this.#worker.unref()
    if (call === undefined) return
    if (reply.is === 'done') call.resolve(reply)
    else if (reply.isUnsound) call.reject(new UnsoundDocumentError(reply.message))
    else call.reject(new Error(`a document's thread: ${reply.message}`))
  }

  #lose(cause: Error): void {
    if (this.#lost !== null) return
    const working = this.#rejectAll(
      new DocumentLostError('the thread that kept the document has died', { cause }),
    )
    this.#onLost(this, cause, working)
  }

  #rejectAll(error: Error): readonly string[] {
    this.#lost = error
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    for (const { reject } of calls) reject(error)
    return [...new Set(calls.map(({ documentName }) => documentName))]
  }

  /** Ends the thread; whatever it is asked then is rejected. May be called twice. */
  async end(): Promise<void> {
    this.#rejectAll(new DocumentLostError('the thread that kept the document was ended'))
    await this.#worker.terminate()
  }
}
