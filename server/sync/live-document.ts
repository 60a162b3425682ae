import * as Y from 'yjs'
import { documentForm } from '../../document/text-form/index.ts'
import type { Clocks } from './clocks.ts'
import { isIntegrated, isNews, readUpdateContents, type UpdateContents } from './update-contents.ts'

/** An update to be applied, with what was read of it. */
export interface IncomingUpdate {
  readonly update: Uint8Array
  readonly contents: UpdateContents
  /** Whoever sent it: once one of somebody's updates is poison, the rest of theirs in the batch is not applied either. */
  readonly source: object
}

/**
 * What became of an update: it brought something (`news`), it brought nothing (`known`), Yjs threw (`poison`), it would
 * have brought something where nothing is taken (`turned-away`), or it came behind one of the same source that was not
 * taken (`skipped`).
 */
type UpdateOutcome = 'news' | 'known' | 'poison' | 'turned-away' | 'skipped'

/** What applying a batch did. */
export interface ApplyResult {
  /** Everything that the batch changed, as one update; null if nothing. */
  readonly changed: Uint8Array | null
  /** In the order of the batch. */
  readonly outcomes: readonly UpdateOutcome[]
  /** Up to where the document has each client's structs if anything waits for its dependencies; null if nothing does. */
  readonly lacking: Clocks | null
  /** What had waited, and proved to be poison when its dependencies came: it is let go. */
  readonly spoiled: readonly IncomingUpdate[]
}

type BatchResult = Pick<ApplyResult, 'changed' | 'outcomes'>

/**
 * A document in memory, which survives updates that Yjs cannot integrate: such an update throws halfway, leaving a
 * `Y.Doc` whose state vector claims what it does not have, so that doc is thrown away and made anew from bytes.
 *
 * What waits for its dependencies has never been integrated, so it may turn out to be such an update: it is told to
 * nobody, and when it throws, whoever brought the dependency does not pay.
 */
export class LiveDocument {
  #doc: Y.Doc
  /** What makes the document anew: everything that was integrated, in order. */
  #updates: Uint8Array[]
  #waiting: IncomingUpdate[] = []
  #spoiled: IncomingUpdate[] = []

  /** Makes the document from stored updates, and leaves out what of them is poison: `onPoison` is told its index. */
  constructor(stored: readonly Uint8Array[], onPoison: (index: number, error: unknown) => void = () => {}) {
    this.#updates = []
    this.#doc = new Y.Doc()
    try {
      const incoming = stored.map((update) => ({ update, contents: readUpdateContents(update), source: {} }))
      this.#integrate(incoming)
    } catch {
      this.#restart()
      this.#loadOneByOne(stored, onPoison)
    }
  }

  #loadOneByOne(stored: readonly Uint8Array[], onPoison: (index: number, error: unknown) => void): void {
    for (const [index, update] of stored.entries()) {
      try {
        const incoming = { update, contents: readUpdateContents(update), source: {} }
        const { outcomes } = this.#applyOneByOne([incoming])
        if (outcomes[0] === 'poison') onPoison(index, new Error('Yjs cannot integrate the update'))
      } catch (error) {
        onPoison(index, error)
      }
    }
  }

  /** Applies a batch in one Yjs transaction; `takesNews` as in `RoomDocument.apply`. */
  apply(
    batch: readonly IncomingUpdate[],
    { takesNews }: { readonly takesNews: boolean } = { takesNews: true },
  ): ApplyResult {
    const { changed, outcomes } = takesNews ? this.#applyBatch(batch) : this.#turnAway(batch)
    const spoiled = this.#spoiled
    this.#spoiled = []
    return { changed, outcomes, lacking: this.lacking(), spoiled }
  }

  #applyBatch(batch: readonly IncomingUpdate[]): BatchResult {
    const outcomes = batch.map(({ contents }) => (this.#isNews(contents) ? 'news' : 'known'))
    const news = batch.filter((_, i) => outcomes[i] === 'news')
    if (news.length === 0) return { changed: null, outcomes }
    try {
      return { changed: this.#integrate(news), outcomes }
    } catch {
      this.#restart()
      return this.#applyOneByOne(batch)
    }
  }

  #turnAway(batch: readonly IncomingUpdate[]): BatchResult {
    const turnedAway = new Set<object>()
    const outcomes = batch.map(({ contents, source }): UpdateOutcome => {
      if (turnedAway.has(source)) return 'skipped'
      if (!this.#isNews(contents)) return 'known'
      turnedAway.add(source)
      return 'turned-away'
    })
    return { changed: null, outcomes }
  }

  #isNews(contents: UpdateContents): boolean {
    return isNews(
      contents,
      this.#doc,
      this.#waiting.map((waiting) => waiting.contents),
    )
  }

  #applyOneByOne(batch: readonly IncomingUpdate[]): BatchResult {
    const changes: Uint8Array[] = []
    const poisoners = new Set<object>()
    const outcomes = batch.map((incoming): UpdateOutcome => {
      if (poisoners.has(incoming.source)) return 'skipped'
      if (!this.#isNews(incoming.contents)) return 'known'
      try {
        const changed = this.#integrateDespiteWaiting(incoming)
        if (changed !== null) changes.push(changed)
        return 'news'
      } catch {
        this.#restart()
        poisoners.add(incoming.source)
        return 'poison'
      }
    })
    return { changed: merged(changes), outcomes }
  }

  /** Integrates an update. If that throws, and not without what waits, then what waits is to blame, and is let go. */
  #integrateDespiteWaiting(incoming: IncomingUpdate): Uint8Array | null {
    try {
      return this.#integrate([incoming])
    } catch (error) {
      const waiting = this.#waiting
      if (waiting.length === 0) throw error
      this.#waiting = []
      this.#restart()
      let changed: Uint8Array | null
      try {
        changed = this.#integrate([incoming])
      } catch (stillFailing) {
        this.#waiting = waiting
        throw stillFailing
      }
      return this.#retryWaiting(waiting, changed)
    }
  }

  #retryWaiting(waiting: readonly IncomingUpdate[], changed: Uint8Array | null): Uint8Array | null {
    const changes = changed === null ? [] : [changed]
    for (const each of waiting) {
      try {
        const more = this.#integrate([each])
        if (more !== null) changes.push(more)
      } catch {
        this.#spoiled.push(each)
        this.#restart()
      }
    }
    return merged(changes)
  }

  /** Applies updates in one transaction and returns what changed. If one throws, the doc is unusable until `#restart`. */
  #integrate(updates: readonly IncomingUpdate[]): Uint8Array | null {
    const changed = transact(
      this.#doc,
      updates.map(({ update }) => update),
    )
    const all = [...this.#waiting, ...updates]
    this.#waiting = this.isMissingDependencies
      ? all.filter(({ contents }) => !this.isIntegrated(contents))
      : []
    const waiting = new Set(this.#waiting)
    for (const each of all) if (!waiting.has(each)) this.#updates.push(each.update)
    return changed
  }

  /** Makes the doc anew from what was integrated, with what waits. */
  #restart(): void {
    this.#doc.destroy()
    this.#doc = new Y.Doc()
    transact(this.#doc, [...this.#updates, ...this.#waiting.map(({ update }) => update)])
  }

  /** Whether everything that an update brings has its place in the document. */
  isIntegrated(contents: UpdateContents): boolean {
    return isIntegrated(contents, this.#doc)
  }

  /** Whether some of what was applied waits for what it depends on. */
  get isMissingDependencies(): boolean {
    return this.#doc.store.pendingStructs !== null || this.#doc.store.pendingDs !== null
  }

  /** Up to where the document has each client's structs if anything waits for its dependencies; null if nothing does. */
  lacking(): Clocks | null {
    return this.isMissingDependencies ? Y.decodeStateVector(this.stateVector()) : null
  }

  /** How the document is kept; null while it is empty. */
  form(): { readonly form: string; readonly version: number } | null {
    const form = documentForm(this.#doc)
    return form.form === 'empty' ? null : form
  }

  /** What the document has, not counting what waits for its dependencies. */
  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#doc)
  }

  /** One update that holds what the owner of a state vector lacks, but nothing that waits for its dependencies. */
  diff(stateVector: Uint8Array): Uint8Array {
    const { store } = this.#doc
    const { pendingStructs, pendingDs } = store
    // Yjs merges what is pending into what it encodes. It stays in the log as it arrived, and is asked for until it
    // has come; in a snapshot it would be there for ever, and others would send it back.
    store.pendingStructs = null
    store.pendingDs = null
    try {
      return Y.encodeStateAsUpdate(this.#doc, stateVector)
    } finally {
      store.pendingStructs = pendingStructs
      store.pendingDs = pendingDs
    }
  }

  /** Whether this very update, by its identity, waits for what it depends on. */
  isWaiting(update: Uint8Array): boolean {
    return this.#waiting.some((waiting) => waiting.update === update)
  }

  /**
   * One update that holds the whole document, but nothing that waits for its dependencies. The document forgets the
   * single updates that led to it. Throws if the snapshot would not give the same document again: Yjs takes some structs
   * in that it cannot write out.
   */
  fold(): Uint8Array {
    const snapshot = this.diff(NOTHING)
    const copy = new Y.Doc()
    transact(copy, [snapshot])
    const [expected, actual] = [this.#doc, copy].map((doc) => Y.encodeStateVector(doc).join())
    copy.destroy()
    if (expected !== actual) throw new Error('a snapshot of the document does not hold all of it')
    this.#updates = [snapshot]
    return snapshot
  }

  close(): void {
    this.#doc.destroy()
  }
}

/** The state vector of an empty document. */
const NOTHING = Uint8Array.of(0)

function transact(doc: Y.Doc, updates: readonly Uint8Array[]): Uint8Array | null {
  const changes: Uint8Array[] = []
  const keep = (update: Uint8Array): void => {
    changes.push(update)
  }
  doc.on('update', keep)
  try {
    doc.transact((yTransaction) => {
      for (const update of updates) Y.applyUpdate(doc, update)
      // After what it takes for somebody else's change Yjs cleans up superfluous formatting, which is one more change. That is
      // for the editors to do: what is here comes from them, and is in the log, or it is not.
      yTransaction.local = true
    })
  } finally {
    doc.off('update', keep)
  }
  return merged(changes)
}

/** Several updates as one; null if there are none. */
function merged(updates: readonly Uint8Array[]): Uint8Array | null {
  return updates.length === 0 ? null : Y.mergeUpdates([...updates])
}
