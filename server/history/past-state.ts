import * as Y from 'yjs'
import { readStored } from '../sync/stored-contents.ts'
import { Attribution } from './attribution.ts'

/** What a past state is made of: one stored update, with who sent it when. */
export interface PastUpdate {
  readonly author: string
  readonly time: number
  readonly update: Uint8Array
}

/** What comes before all of them. */
export interface PastBeginning {
  readonly update: Uint8Array
  /** As `Attribution.encode` writes it. */
  readonly attribution: Uint8Array
}

/** How many updates are applied in one transaction. */
const UPDATES_PER_TRANSACTION = 1000

/**
 * A document as it once was, with who wrote what of it: updates are applied in the order in which they were appended.
 *
 * An update that Yjs cannot integrate, which throws halfway, is left out: then everything is applied once more without it,
 * one by one. No such update is logged unless it waited for others before.
 */
export class PastState {
  readonly #beginning: PastBeginning | null
  readonly #updates: Uint8Array[] = []
  readonly attribution: Attribution
  #doc: Y.Doc
  /** What is not applied yet. */
  #waiting: Uint8Array[] = []

  /** Throws if the beginning is of another form. */
  constructor(beginning: PastBeginning | null) {
    this.#beginning = beginning
    this.attribution = Attribution.decode(beginning?.attribution ?? new Uint8Array())
    this.#doc = this.#begin()
  }

  add({ author, time, update }: PastUpdate): void {
    for (const [client, ranges] of readStored(update)?.contents.structs ?? []) {
      for (const range of ranges) this.attribution.add(client, range, { author, time })
    }
    this.#waiting.push(update)
    if (this.#waiting.length >= UPDATES_PER_TRANSACTION) this.#apply()
  }

  /** The document; to be used before more is added. */
  get doc(): Y.Doc {
    this.#apply()
    return this.#doc
  }

  /** The state and its attribution, for a history that begins with it. */
  asBeginning(): PastBeginning {
    return { update: Y.encodeStateAsUpdate(this.doc), attribution: this.attribution.encode() }
  }

  /** The same, but for what waits for its dependencies: what a document's snapshot may hold. */
  asSnapshot(): PastBeginning {
    const { store } = this.doc
    store.pendingStructs = null
    store.pendingDs = null
    return this.asBeginning()
  }

  #apply(): void {
    const updates = this.#waiting
    this.#waiting = []
    try {
      applyAll(this.#doc, updates)
      for (const update of updates) this.#updates.push(update)
    } catch {
      this.#doc = this.#restart()
      for (const update of updates) {
        try {
          applyAll(this.#doc, [update])
          this.#updates.push(update)
        } catch {
          this.#doc = this.#restart()
        }
      }
    }
  }

  #begin(): Y.Doc {
    const doc = new Y.Doc()
    if (this.#beginning !== null) applyAll(doc, [this.#beginning.update])
    return doc
  }

  #restart(): Y.Doc {
    this.#doc.destroy()
    const doc = this.#begin()
    applyAll(doc, this.#updates)
    return doc
  }
}

function applyAll(doc: Y.Doc, updates: readonly Uint8Array[]): void {
  doc.transact((yTransaction) => {
    for (const update of updates) Y.applyUpdate(doc, update)
    // Or Yjs would clean up superfluous formatting, which nobody did.
    yTransaction.local = true
  })
}
