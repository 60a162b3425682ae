import { parentPort, type MessagePort } from 'node:worker_threads'
import type {
  DocumentAnswer,
  DocumentCall,
  DocumentReply,
  DocumentRequest,
  DocumentState,
} from './document-thread-messages.ts'
import type { IncomingUpdate } from './live-document.ts'
import { LoadedDocument, UnsoundDocumentError } from './loaded-document.ts'
import { packUpdates, unpackUpdates } from './packed-updates.ts'
import { readUpdateContents } from './update-contents.ts'

/** A document of this thread. */
class ThreadDocument {
  #document: LoadedDocument | null = null
  /** Those who have something waiting, or may have, by their number in the other thread. */
  readonly #sources = new Map<number, object>()

  get state(): DocumentState | null {
    if (this.#document === null) return null
    const { isLive, bytesAtRest } = this.#document
    return { isLive, bytesAtRest, form: this.#document.form(), lacking: this.#document.lacking() }
  }

  handle(call: DocumentCall): DocumentAnswer {
    if (call.do === 'load') return this.#load(call)
    const document = this.#document
    if (document === null) throw new Error('the document has not been loaded')
    switch (call.do) {
      case 'apply':
        return this.#apply(document, call)
      case 'state-vector':
        return { update: document.stateVector().slice() }
      case 'diff':
        // A copy, which the other thread gets, as the document keeps what it answers.
        return { update: document.diff(call.stateVector).slice() }
      case 'fold':
        return { update: document.fold().snapshot.slice() }
      case 'close':
        document.close()
        this.#document = null
        return {}
    }
  }

  #load({ updates, hasSnapshot, isCareful }: DocumentCall & { do: 'load' }): DocumentAnswer {
    const [first = null, ...rest] = unpackUpdates(updates)
    const snapshot = hasSnapshot ? first : null
    const entries = hasSnapshot || first === null ? rest : [first, ...rest]
    this.#document = new LoadedDocument({ snapshot, entries }, { isCareful })
    return { leftOut: this.#document.leftOut }
  }

  #apply(
    document: LoadedDocument,
    { updates, sources, takesNews }: DocumentCall & { do: 'apply' },
  ): DocumentAnswer {
    const batch = unpackUpdates(updates).map((update, i) => ({
      update,
      contents: readUpdateContents(update),
      source: this.#source(sources[i] ?? 0),
    }))
    const { changed, outcomes, spoiled } = document.apply(batch, { takesNews })
    const done: DocumentAnswer = { update: changed === null ? null : changed.slice(), outcomes }
    const answer = spoiled.length === 0 ? done : { ...done, spoiled: this.#named(spoiled) }
    if (document.lacking() === null) this.#sources.clear()
    return answer
  }

  /** Updates with the numbers of their sources. */
  #named(updates: readonly IncomingUpdate[]): NonNullable<DocumentAnswer['spoiled']> {
    const numbers = new Map([...this.#sources].map(([number, source]) => [source, number]))
    return {
      updates: packUpdates(updates.map(({ update }) => update)),
      sources: updates.map(({ source }) => numbers.get(source) ?? 0),
    }
  }

  #source(number: number): object {
    const source = this.#sources.get(number) ?? {}
    this.#sources.set(number, source)
    return source
  }
}

function serve(port: MessagePort): void {
  const documents = new Map<number, ThreadDocument>()
  port.on('message', ({ id, document: number, call }: DocumentRequest) => {
    const document = documents.get(number) ?? new ThreadDocument()
    documents.set(number, document)
    let reply: DocumentReply
    try {
      const answer = document.handle(call)
      reply = { id, is: 'done', answer, state: document.state }
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
      reply = { id, is: 'failed', isUnsound: error instanceof UnsoundDocumentError, message }
    }
    if (call.do === 'close') documents.delete(number)
    const update = reply.is === 'done' ? reply.answer.update : null
    port.postMessage(reply, update === null || update === undefined ? [] : [update.buffer])
  })
}

if (parentPort === null) throw new Error('this file is for a worker thread')
serve(parentPort)
