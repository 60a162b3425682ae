import type { Clocks } from './clocks.ts'
import { LiveDocument, type ApplyResult, type IncomingUpdate } from './live-document.ts'
import { RestingDocument } from './resting-document.ts'
import { readStored } from './stored-contents.ts'

/** How a document is kept, in which version of that; null while it is empty. */
export type StatedForm = { readonly form: string; readonly version: number } | null

/** A document's updates as the log gives them. */
export interface StoredUpdates {
  readonly snapshot: Uint8Array | null
  readonly entries: readonly Uint8Array[]
}

/** One update that holds a whole document, but for what waits for its dependencies. */
export interface Fold {
  readonly snapshot: Uint8Array
  /** How far the document has each client's structs if anything waits; null if all is in the snapshot. */
  readonly lacking: Clocks | null
}

/** How a document is loaded. */
export interface LoadOptions {
  /** Makes it live at once, by the way that finds poison. */
  readonly isCareful: boolean
}

/** A document that is judged to have nothing in it but what can be integrated cannot be: it has to be loaded carefully. */
export class UnsoundDocumentError extends Error {
  override readonly name = 'UnsoundDocumentError'
}

type Awaitable<Value> = Value | Promise<Value>

/** A document in memory, here or in another thread. One call at a time. */
export interface KeptDocument {
  /** The stored entries that were left out since nothing can be done with them, by their index. */
  readonly leftOut: readonly number[]
  /** Whether it is in memory as a `Y.Doc`. */
  readonly isLive: boolean
  /** About how many bytes it takes at rest; 0 if it is live. */
  readonly bytesAtRest: number
  /** As in `ApplyResult`, as it was after the last call. */
  lacking(): Clocks | null
  form(): StatedForm
  /** As `RoomDocument.apply`; throws an `UnsoundDocumentError`. */
  apply(batch: readonly IncomingUpdate[], options: { readonly takesNews: boolean }): Awaitable<ApplyResult>
  stateVector(): Awaitable<Uint8Array>
  diff(stateVector: Uint8Array): Awaitable<Uint8Array>
  /** Whether an answer is part of the document, and takes no memory of its own. */
  shares(answer: Uint8Array): boolean
  /** Throws if the snapshot would not give the same document again, or an `UnsoundDocumentError`. */
  fold(): Awaitable<Fold>
  close(): void
}

/** A document in this thread: at rest as bytes until something is written, then live. */
export class LoadedDocument implements KeptDocument {
  readonly leftOut: readonly number[]
  #resting: RestingDocument | null = null
  #live: LiveDocument | null = null

  constructor({ snapshot, entries }: StoredUpdates, { isCareful }: LoadOptions) {
    const leftOut: number[] = []
    const indices: number[] = []
    const readable = entries.flatMap((update, index) => {
      const read = readStored(update)
      ;(read === null ? leftOut : indices).push(index)
      return read === null ? [] : [read]
    })
    if (!isCareful) this.#resting = RestingDocument.of({ snapshot, entries: readable })
    if (this.#resting === null) {
      const onPoison = (index: number): void => void leftOut.push(indices[index] ?? index)
      this.#live = new LiveDocument(readable, { base: snapshot, onPoison })
    }
    this.leftOut = leftOut
  }

  get isLive(): boolean {
    return this.#live !== null
  }

  get bytesAtRest(): number {
    return this.#resting?.bytes ?? 0
  }

  apply(batch: readonly IncomingUpdate[], options: { readonly takesNews: boolean }): ApplyResult {
    const resting = this.#resting
    if (resting !== null && !batch.some(({ contents }) => resting.isNews(contents))) {
      return { changed: null, outcomes: batch.map(() => 'known'), lacking: null, spoiled: [] }
    }
    return this.#becomeLive().apply(batch, options)
  }

  #becomeLive(): LiveDocument {
    if (this.#live === null) {
      this.#live = this.#copyOfResting()
      this.#resting = null
    }
    return this.#live
  }

  #copyOfResting(): LiveDocument {
    try {
      return new LiveDocument([], { base: this.#resting?.update ?? null })
    } catch (cause) {
      throw new UnsoundDocumentError('a document at rest cannot be made live', { cause })
    }
  }

  lacking(): Clocks | null {
    return this.#live?.lacking() ?? null
  }

  form(): StatedForm {
    return (this.#live ?? this.#resting)?.form() ?? null
  }

  stateVector(): Uint8Array {
    return this.#form.stateVector()
  }

  diff(stateVector: Uint8Array): Uint8Array {
    return this.#form.diff(stateVector)
  }

  get #form(): LiveDocument | RestingDocument {
    const form = this.#live ?? this.#resting
    if (form === null) throw new Error('the document has been closed')
    return form
  }

  shares(answer: Uint8Array): boolean {
    return this.#resting?.shares(answer) ?? false
  }

  fold(): Fold {
    if (this.#live !== null) return { snapshot: this.#live.fold(), lacking: this.#live.lacking() }
    const live = this.#copyOfResting()
    try {
      const snapshot = live.fold()
      // What was merged from bytes is larger: it has single structs where a `Y.Doc` joins them.
      this.#resting = RestingDocument.of({ snapshot, entries: [] }) ?? this.#resting
      return { snapshot, lacking: null }
    } finally {
      live.close()
    }
  }

  close(): void {
    this.#live?.close()
    this.#live = null
    this.#resting = null
  }
}
