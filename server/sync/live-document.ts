import * as Y from 'yjs'
import { isIntegrated, isNews, type UpdateContents } from './update-contents.ts'

/** An update to be applied, with what was read of it. */
export interface IncomingUpdate {
  readonly update: Uint8Array
  readonly contents: UpdateContents
}

/** What applying a batch did. */
export interface ApplyResult {
  /** Everything that the batch changed, as one update; null if nothing. */
  readonly changed: Uint8Array | null
  /** Of each update, in order: it brought something (`news`), it brought nothing (`known`), or Yjs threw (`poison`). */
  readonly outcomes: readonly ('news' | 'known' | 'poison')[]
}

/**
 * A document in memory, which survives updates that Yjs cannot integrate: such an update throws halfway, leaving a
 * `Y.Doc` whose state vector claims what it does not have, so that doc is thrown away and made anew from bytes.
 */
export class LiveDocument {
  #doc: Y.Doc
  /** What makes the document anew: everything that was applied, in order. */
  #updates: Uint8Array[]

  /** Makes the document from stored updates; throws what Yjs throws if they cannot be applied. */
  constructor(updates: readonly Uint8Array[]) {
    this.#updates = [...updates]
    this.#doc = build(this.#updates)
  }

  /** Applies a batch in one Yjs transaction. */
  apply(batch: readonly IncomingUpdate[]): ApplyResult {
    const outcomes = batch.map(({ contents }) => (isNews(contents, this.#doc) ? 'news' : 'known'))
    const news = batch.filter((_, i) => outcomes[i] === 'news').map(({ update }) => update)
    if (news.length === 0) return { changed: null, outcomes }
    try {
      const changed = transact(this.#doc, news)
      this.#updates.push(...news)
      return { changed, outcomes }
    } catch {
      return this.#applyOneByOne(batch)
    }
  }

  #applyOneByOne(batch: readonly IncomingUpdate[]): ApplyResult {
    this.#rebuild()
    const changes: Uint8Array[] = []
    const outcomes = batch.map(({ update, contents }) => {
      if (!isNews(contents, this.#doc)) return 'known'
      try {
        const changed = transact(this.#doc, [update])
        if (changed !== null) changes.push(changed)
        this.#updates.push(update)
        return 'news'
      } catch {
        this.#rebuild()
        return 'poison'
      }
    })
    return { changed: changes.length === 0 ? null : Y.mergeUpdates(changes), outcomes }
  }

  #rebuild(): void {
    this.#doc.destroy()
    this.#doc = build(this.#updates)
  }

  /** Whether everything that an update brings has its place in the document. */
  isIntegrated(contents: UpdateContents): boolean {
    return isIntegrated(contents, this.#doc)
  }

  /** Whether some of what was applied waits for what it depends on. */
  get isMissingDependencies(): boolean {
    return this.#doc.store.pendingStructs !== null || this.#doc.store.pendingDs !== null
  }

  /** What the document has, not counting what waits for its dependencies. */
  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#doc)
  }

  /** One update that holds what the owner of a state vector lacks, what waits for its dependencies included. Throws on bytes that are no state vector. */
  diff(stateVector: Uint8Array): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc, stateVector)
  }

  /** One update that holds the whole document, but nothing that waits for its dependencies. */
  snapshot(): Uint8Array {
    const { store } = this.#doc
    const { pendingStructs, pendingDs } = store
    // Yjs merges what is pending into the state that it encodes. A snapshot must not hold it: what is pending stays in the
    // log as it arrived, and is asked for until it has come.
    store.pendingStructs = null
    store.pendingDs = null
    try {
      return Y.encodeStateAsUpdate(this.#doc)
    } finally {
      store.pendingStructs = pendingStructs
      store.pendingDs = pendingDs
    }
  }

  /** Forgets single updates in favour of the state that they led to; call it now and then, for they are what a rebuild replays. */
  fold(): void {
    this.#updates = [Y.encodeStateAsUpdate(this.#doc)]
  }

  close(): void {
    this.#doc.destroy()
  }
}

function build(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update)
  })
  return doc
}

/** Applies updates in one transaction and returns what changed. If one throws, the doc is unusable. */
function transact(doc: Y.Doc, updates: readonly Uint8Array[]): Uint8Array | null {
  let changed: Uint8Array | null = null
  const keep = (update: Uint8Array): void => {
    changed = update
  }
  doc.on('update', keep)
  try {
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update)
    })
  } finally {
    doc.off('update', keep)
  }
  return changed
}
