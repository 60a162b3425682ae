import { isCovered } from './clocks.ts'
import type { DocumentHost, HostedDocument } from './document-host.ts'
import type { DocumentAnswer, DocumentCall, DocumentState } from './document-thread-messages.ts'
import type { ApplyResult, IncomingUpdate } from './live-document.ts'
import type { Fold, KeptDocument, LoadOptions, StatedForm, StoredUpdates } from './loaded-document.ts'
import { packUpdates, unpackUpdates } from './packed-updates.ts'
import { readUpdateContents } from './update-contents.ts'

/** How a document is loaded in a thread. */
interface RemoteLoadOptions extends LoadOptions {
  readonly onClosed: () => void
}

/** A document in another thread. All that it answers is a copy, which is the caller's. */
export class RemoteDocument implements KeptDocument {
  readonly #thread: DocumentHost
  readonly #document: HostedDocument
  readonly #onClosed: () => void
  readonly leftOut: readonly number[]
  #state: DocumentState
  /** Those who have something waiting, or may have, by the number that the thread knows them by. */
  readonly #sources = new Map<number, object>()
  readonly #numbers = new Map<object, number>()
  #lastNumber = 0
  /** What was handed over and waits for what it depends on. */
  #waiting: IncomingUpdate[] = []

  static async load(
    thread: DocumentHost,
    document: HostedDocument,
    { snapshot, entries }: StoredUpdates,
    { isCareful, onClosed }: RemoteLoadOptions,
  ): Promise<RemoteDocument> {
    try {
      const { answer, state } = await thread.call(document, {
        do: 'load',
        hasSnapshot: snapshot !== null,
        updates: packUpdates(snapshot === null ? entries : [snapshot, ...entries]),
        isCareful,
      })
      if (state === null) throw new Error('the thread has not loaded the document')
      return new RemoteDocument(thread, document, onClosed, answer.leftOut ?? [], state)
    } catch (error) {
      thread.call(document, { do: 'close' }).catch(() => {})
      onClosed()
      throw error
    }
  }

  private constructor(
    thread: DocumentHost,
    document: HostedDocument,
    onClosed: () => void,
    leftOut: readonly number[],
    state: DocumentState,
  ) {
    this.#thread = thread
    this.#document = document
    this.#onClosed = onClosed
    this.leftOut = leftOut
    this.#state = state
  }

  get isLive(): boolean {
    return this.#state.isLive
  }

  get bytesAtRest(): number {
    return this.#state.bytesAtRest
  }

  lacking(): ReadonlyMap<number, number> | null {
    return this.#state.lacking
  }

  form(): StatedForm {
    return this.#state.form
  }

  shares(): boolean {
    return false
  }

  async apply(
    batch: readonly IncomingUpdate[],
    { takesNews }: { readonly takesNews: boolean },
  ): Promise<ApplyResult> {
    const {
      update: changed = null,
      outcomes = [],
      spoiled,
    } = await this.#call({
      do: 'apply',
      updates: packUpdates(batch.map(({ update }) => update)),
      sources: batch.map(({ source }) => this.#numberOf(source)),
      takesNews,
    })
    const lacking = this.lacking()
    this.#waiting.push(...batch)
    const letGo =
      spoiled === undefined
        ? []
        : unpackUpdates(spoiled.updates).map((update, i) => this.#sent(update, spoiled.sources[i] ?? 0))
    this.#waiting = this.#waiting.filter(
      (each) => !isCovered(each.contents, lacking) && !letGo.includes(each),
    )
    if (lacking === null) {
      this.#sources.clear()
      this.#numbers.clear()
    }
    return { changed, outcomes, lacking, spoiled: letGo }
  }

  /** The very object that a waiting update was handed over as: who did knows it by that. */
  #sent(update: Uint8Array, number: number): IncomingUpdate {
    const source = this.#sources.get(number) ?? {}
    const sent = this.#waiting.find(
      (each) => each.source === source && Buffer.compare(each.update, update) === 0,
    )
    return sent ?? { update, contents: readUpdateContents(update), source }
  }

  #numberOf(source: object): number {
    const known = this.#numbers.get(source)
    if (known !== undefined) return known
    const number = ++this.#lastNumber
    this.#numbers.set(source, number)
    this.#sources.set(number, source)
    return number
  }

  async stateVector(): Promise<Uint8Array> {
    return updateOf(await this.#call({ do: 'state-vector' }))
  }

  async diff(stateVector: Uint8Array): Promise<Uint8Array> {
    return updateOf(await this.#call({ do: 'diff', stateVector: stateVector.slice() }))
  }

  async fold(): Promise<Fold> {
    const snapshot = updateOf(await this.#call({ do: 'fold' }))
    return { snapshot, lacking: this.lacking() }
  }

  async #call(call: DocumentCall): Promise<DocumentAnswer> {
    const { answer, state } = await this.#thread.call(this.#document, call)
    if (state !== null) this.#state = state
    return answer
  }

  close(): void {
    // A thread that has died has let go of it already.
    this.#thread.call(this.#document, { do: 'close' }).then(this.#onClosed, this.#onClosed)
  }
}

function updateOf({ update }: DocumentAnswer): Uint8Array {
  if (update === null || update === undefined) throw new Error('the thread has answered nothing')
  return update
}
