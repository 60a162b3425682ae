import * as Y from 'yjs'
import { ProtocolError } from '../../protocol/index.ts'
import { documentForm } from '../../document/text-form/index.ts'
import type { ClockRange } from './clock-ranges.ts'
import type { Clocks } from './clocks.ts'
import { planIntegration, type Blocker, type IntegrationPlan } from './integration-plan.ts'
import { EMPTY_STATE_VECTOR } from './state-vectors.ts'
import { isNews, type Holdings } from './news.ts'
import { checkTypeNesting } from './type-nesting.ts'
import { readUpdateContents, type UpdateContents } from './update-contents.ts'
import {
  defaultWaitingLimits,
  WaitingUpdates,
  type IncomingUpdate,
  type WaitingLimits,
  type WaitingUpdate,
} from './waiting-updates.ts'

/**
 * What became of an update: it brought something (`news`), it brought nothing (`known`), Yjs threw (`poison`), it would
 * have brought something where nothing is taken (`turned-away`), it would have had to wait for its dependencies where too
 * much does already (`too-much-waiting`), or it came behind one of the same source that was not taken (`skipped`).
 */
export type UpdateOutcome = 'news' | 'known' | 'poison' | 'turned-away' | 'too-much-waiting' | 'skipped'

/** What applying a batch did. */
export interface ApplyResult {
  /** Everything that the batch changed, as one update; null if nothing. */
  readonly changed: Uint8Array | null
  /** In the order of the batch. */
  readonly outcomes: readonly UpdateOutcome[]
  /** Up to where the document has each client's structs if anything waits for its dependencies; null if nothing does. */
  readonly lacking: Clocks | null
  /**
   * What had waited, and proved to be poison when its dependencies came, with whatever else of the same source waited: it
   * is let go. What of it had been integrated before, where only a part could be, stays.
   */
  readonly spoiled: readonly IncomingUpdate[]
}

export type { IncomingUpdate } from './waiting-updates.ts'

type BatchResult = Pick<ApplyResult, 'changed' | 'outcomes'>

/** An update of the log, with what was read of it. */
export type StoredUpdate = Pick<IncomingUpdate, 'update' | 'contents'>

/** What a live document is made with. */
export interface LiveDocumentOptions {
  /** What stands before all that is stored, and builds on nothing else: it is no poison. */
  readonly base?: Uint8Array | null
  readonly limits?: WaitingLimits
  /** Is told of each stored update that is poison, by its index; it is left out. */
  readonly onPoison?: (index: number, error: unknown) => void
}

/** How often an update that waits is looked at again, for free, because something that it waits for has come. */
const FREE_TRIES = 16

/**
 * What every call may spend on looking at updates more often, in bytes of them: one that hangs on a thousand others would
 * otherwise cost all its bytes a thousand times. What is not spent is saved up.
 */
const ALLOWANCE = 16 * 1024
const MOST_ALLOWANCE = 32 * 1024 * 1024

/** What a look costs besides the update's bytes. */
const COST_OF_A_TRY = 200

/** The longest update that is passed on as it came, in bytes. A longer one may be mostly of deletions that are known. */
const MOST_PASSED_ON = 1024

/** Hands an update to Yjs; throws if that does. */
type Integrate = (update: Uint8Array, isWhole: boolean) => void

/**
 * A document in memory, which survives updates that Yjs cannot integrate: such an update throws halfway, leaving a
 * `Y.Doc` whose state vector claims what it does not have, so that doc is thrown away and made anew from bytes.
 *
 * What waits for its dependencies is kept beside the `Y.Doc`, since Yjs would merge all of it anew with every update. It
 * may turn out to be poison: then whoever brought the dependency does not pay.
 */
export class LiveDocument {
  #doc = new Y.Doc()
  /** What makes the document anew: what was handed to Yjs, in order; an update that was integrated in parts is here for each. */
  #updates: Uint8Array[] = []
  #waiting: WaitingUpdates
  /** Those that wait and may go on. */
  #freed: WaitingUpdate[] = []
  /** What waits no more since the batch began, and what waits since then. */
  #settled: WaitingUpdate[] = []
  #added: WaitingUpdate[] = []
  #spoiled: IncomingUpdate[] = []
  #allowance = 0
  #isLoading = true
  /** The last `lacking`, which is kept up to date; null until it is asked for. */
  #clocks: Map<number, number> | null = null
  /** Whether somebody has been given those clocks, so that they are not to change any more. */
  #areClocksGiven = false
  readonly #stateOf = (client: number): number => Y.getState(this.#doc.store, client)
  readonly #holdings: Holdings

  /** Makes the document from stored updates: all of them, whatever waits. Throws if Yjs cannot integrate the base. */
  constructor(
    stored: readonly StoredUpdate[],
    { base = null, limits = defaultWaitingLimits, onPoison }: LiveDocumentOptions = {},
  ) {
    if (base !== null) {
      this.#transactUntold(() => this.#integrate(base, true))
    }
    this.#waiting = new WaitingUpdates(NO_LIMITS)
    this.#holdings = {
      brings: (client, { start, end }) => {
        const state = this.#stateOf(client)
        if (end <= state) return true
        // What is stored is all to be taken. If some of it waits and proves to be poison, later updates stand in its place.
        return !this.#isLoading && this.#waiting.brings(client, { start: Math.max(start, state), end })
      },
      deletes: (client, range) =>
        isDeleted(range, client, this.#doc) || (!this.#isLoading && this.#waiting.deletes(client, range)),
    }
    // Each its own source: all of it was taken once. While it was, every batch had its allowance.
    const incoming = stored.map(({ update, contents }): IncomingUpdate => ({ update, contents, source: {} }))
    this.#allowance = Math.max(MOST_ALLOWANCE, 2 * ALLOWANCE * incoming.length)
    const { outcomes } = this.#applyBatch(incoming)
    this.#waiting.limits = limits
    this.#isLoading = false
    const poison = new Set(this.#spoiled.splice(0))
    for (const [index, each] of incoming.entries()) {
      if (outcomes[index] !== 'poison' && !poison.has(each)) continue
      onPoison?.(index, new Error('Yjs cannot integrate a stored update'))
    }
  }

  /** Applies a batch in one Yjs transaction; `takesNews` as in `RoomDocument.apply`. */
  apply(
    batch: readonly IncomingUpdate[],
    { takesNews }: { readonly takesNews: boolean } = { takesNews: true },
  ): ApplyResult {
    const { changed, outcomes } = takesNews ? this.#applyBatch(batch) : this.#turnAway(batch)
    const spoiled = this.#spoiled
    if (spoiled.length > 0) this.#spoiled = []
    return { changed, outcomes, lacking: this.lacking(), spoiled }
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
    return isNews(contents, this.#holdings)
  }

  #applyBatch(batch: readonly IncomingUpdate[]): BatchResult {
    if (!batch.some(({ contents }) => this.#isNews(contents))) {
      return { changed: null, outcomes: batch.map(() => 'known') }
    }
    if (!this.#waiting.isEmpty) this.#allowance = Math.min(this.#allowance + ALLOWANCE, MOST_ALLOWANCE)
    const integrated = this.#updates.length
    try {
      let outcomes: readonly UpdateOutcome[] = []
      const takeAll = (): void => {
        outcomes = this.#takeAll(batch, (update, isWhole) => this.#integrate(update, isWhole))
      }
      const same = this.#isLoading ? null : this.#whatItChanges(batch)
      if (same === null && !this.#isLoading) {
        const changed = this.#transact(takeAll)
        return { changed, outcomes }
      }
      this.#transactUntold(takeAll)
      return { changed: same, outcomes }
    } catch {
      this.#rollBack(integrated)
      return this.#applyOneByOne(batch)
    } finally {
      this.#settled = []
      this.#added = []
    }
  }

  /** Applies a batch with a transaction for every update, so that one that throws is found. */
  #applyOneByOne(batch: readonly IncomingUpdate[]): BatchResult {
    const changes: Uint8Array[] = []
    const integrateAlone: Integrate = (update, isWhole) => {
      const integrated = this.#updates.length
      try {
        const changed = this.#transact(() => this.#integrate(update, isWhole))
        if (changed !== null) changes.push(changed)
      } catch (error) {
        this.#updates.length = integrated
        this.#restart()
        throw new PoisonError(error)
      }
    }
    const outcomes = this.#takeAll(batch, integrateAlone)
    return { changed: merged(changes), outcomes }
  }

  #takeAll(batch: readonly IncomingUpdate[], integrate: Integrate): UpdateOutcome[] {
    const refused = new Set<object>()
    const outcomes = batch.map((incoming): UpdateOutcome => {
      if (refused.size > 0 && refused.has(incoming.source)) return 'skipped'
      const outcome = this.#take(incoming, integrate)
      if (outcome === 'poison' || outcome === 'too-much-waiting') refused.add(incoming.source)
      // At once, so that poison is gone when others are judged by what waits; but when everything is there anyway, it takes
      // fewer tries to begin with what need not wait.
      if (this.#freed.length > 0) this.#settleFreed(integrate)
      return outcome
    })
    this.#settleFreed(integrate)
    return outcomes
  }

  #take(incoming: IncomingUpdate, integrate: Integrate): UpdateOutcome {
    const { contents } = incoming
    if (!this.#isNews(contents)) return 'known'
    let isWhole: boolean
    let blockers: readonly Blocker[]
    try {
      const plan = this.#plan(incoming)
      blockers = plan.blockers
      isWhole = blockers.length === 0
      if (!isWhole && !this.#waiting.admits(incoming)) return 'too-much-waiting'
      if (plan.progresses) {
        integrate(this.#unknownPart(incoming), isWhole)
        this.#free(contents)
      }
    } catch (error) {
      if (error instanceof PoisonError) return 'poison'
      throw error
    }
    if (!isWhole) this.#added.push(this.#waiting.add(incoming, blockers))
    return 'news'
  }

  /** Goes on with what may, and with what that sets free. */
  #settleFreed(integrate: Integrate): void {
    const later: WaitingUpdate[] = []
    for (let waiting = this.#freed.pop(); waiting !== undefined; waiting = this.#freed.pop()) {
      if (!this.#waiting.has(waiting)) continue
      if (this.#mayTry(waiting)) this.#settle(waiting, integrate)
      else later.push(waiting)
    }
    this.#freed = later
  }

  #mayTry(waiting: WaitingUpdate): boolean {
    const cost = waiting.incoming.update.length + COST_OF_A_TRY
    if (waiting.tries >= FREE_TRIES) {
      if (cost > this.#allowance) return false
      this.#allowance -= cost
    }
    waiting.tries++
    return true
  }

  #settle(waiting: WaitingUpdate, integrate: Integrate): void {
    const { contents } = waiting.incoming
    try {
      const { progresses, blockers } = this.#plan(waiting.incoming)
      const isWhole = blockers.length === 0
      if (progresses) integrate(this.#unknownPart(waiting.incoming), isWhole)
      if (isWhole) {
        this.#settled.push(waiting)
        this.#waiting.remove(waiting)
      } else {
        this.#waiting.register(waiting, blockers)
      }
      if (progresses) this.#free(contents)
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error
      this.#spoil(waiting)
    }
  }

  #plan({ update, contents }: IncomingUpdate): IntegrationPlan {
    try {
      return planIntegration(update, contents, this.#stateOf)
    } catch (error) {
      // Only of what an earlier version stored: what comes now has been read before.
      if (error instanceof ProtocolError) throw new PoisonError(error)
      throw error
    }
  }

  /** Lets go of poison that waited, and of all that its source has waiting. */
  #spoil(poison: WaitingUpdate): void {
    for (const waiting of this.#waiting.of(poison.incoming.source)) {
      this.#spoiled.push(waiting.incoming)
      this.#waiting.remove(waiting)
    }
  }

  /** Sets free what waits for what an update has brought. */
  #free({ structs }: UpdateContents): void {
    if (this.#waiting.isEmpty) {
      // Nobody brings the clocks up to date, and something may wait again before the batch is over.
      this.#clocks = null
      return
    }
    for (const client of structs.keys()) {
      this.#freed.push(...this.#waiting.freedBy(client, this.#stateOf))
      this.#setClock(client)
    }
  }

  /**
   * The update without what the document has of it. Yjs would put the rest of a struct where that says it is, and tell others
   * that it stands behind what they have, which is another place if its author has written two things under one id.
   */
  #unknownPart({ update, contents }: Pick<IncomingUpdate, 'update' | 'contents'>): Uint8Array {
    const known = new Map<number, number>()
    for (const [client, ranges] of contents.structs) {
      const state = this.#stateOf(client)
      if (ranges.some(({ start, end }) => start < state && state < end)) known.set(client, state)
    }
    return known.size === 0 ? update : Y.diffUpdate(update, Y.encodeStateVector(known))
  }

  /** Hands an update to Yjs, and takes back what Yjs would keep waiting of it. */
  #integrate(update: Uint8Array, isWhole: boolean): void {
    const { store } = this.#doc
    Y.applyUpdate(this.#doc, update)
    const isPending = store.pendingStructs !== null || store.pendingDs !== null
    store.pendingStructs = null
    store.pendingDs = null
    if (isPending && isWhole) throw new Error('Yjs does not find what an update depends on')
    checkTypeNesting(update, this.#doc)
    this.#updates.push(update)
  }

  /** A single small update that can be integrated as it is, all of it new, changes just what it says; null for anything else. */
  #whatItChanges(batch: readonly IncomingUpdate[]): Uint8Array | null {
    const [only] = batch
    if (only === undefined || batch.length > 1 || only.update.length > MOST_PASSED_ON) return null
    if (!this.#waiting.isEmpty) return null
    for (const [client, ranges] of only.contents.structs) {
      if (ranges.length > 1 || ranges[0]?.start !== this.#stateOf(client)) return null
    }
    return this.#plan(only).blockers.length === 0 ? only.update : null
  }

  /** Runs one Yjs transaction and returns what it changed. If it throws, the doc is unusable until `#restart`. */
  #transact(change: () => void): Uint8Array | null {
    const doc = this.#doc
    const changes: Uint8Array[] = []
    const keep = (update: Uint8Array): void => {
      changes.push(update)
    }
    doc.on('update', keep)
    try {
      this.#transactUntold(change)
    } finally {
      doc.off('update', keep)
    }
    return merged(changes)
  }

  /**
   * The same, and nobody hears what it changed. Yjs goes through the clocks of all who ever wrote in the document before and
   * after every transaction, and again to write what changed: where 2,000 did, a keystroke by itself costs a third of what it
   * does when it is told.
   */
  #transactUntold(change: () => void): void {
    this.#doc.transact((yTransaction) => {
      change()
      // After what it takes for somebody else's change Yjs cleans up superfluous formatting, which is one more change. That is
      // for the editors to do: what is here comes from them, and is in the log, or it is not.
      yTransaction.local = true
    })
  }

  /** Undoes all that a batch did; `integrated` is how many updates there were before it. */
  #rollBack(integrated: number): void {
    this.#updates.length = integrated
    this.#restart()
    const added = new Set(this.#added)
    const before = [...this.#settled, ...this.#waiting].filter((waiting) => !added.has(waiting))
    this.#waiting = new WaitingUpdates(this.#waiting.limits)
    this.#freed = []
    for (const { incoming } of before) {
      const { progresses, blockers } = this.#plan(incoming)
      const waiting = this.#waiting.add(incoming, blockers)
      if (progresses) this.#freed.push(waiting)
    }
  }

  /** Makes the doc anew from what was integrated. */
  #restart(): void {
    this.#doc.destroy()
    this.#doc = new Y.Doc()
    this.#clocks = null
    const updates = this.#updates
    this.#updates = []
    this.#transactUntold(() => {
      for (const update of updates) this.#integrate(update, false)
    })
  }

  /** As in `ApplyResult`. */
  lacking(): Clocks | null {
    if (this.#waiting.isEmpty) {
      this.#clocks = null
      return null
    }
    this.#clocks ??= Y.decodeStateVector(this.stateVector())
    this.#areClocksGiven = true
    return this.#clocks
  }

  #setClock(client: number): void {
    if (this.#clocks === null) return
    if (this.#areClocksGiven) this.#clocks = new Map(this.#clocks)
    this.#areClocksGiven = false
    this.#clocks.set(client, this.#stateOf(client))
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
    return Y.encodeStateAsUpdate(this.#doc, stateVector)
  }

  /**
   * One update that holds the whole document, but nothing that waits for its dependencies. The document forgets the
   * single updates that led to it. Throws if the snapshot would not give the same document again: Yjs takes some structs
   * in that it cannot write out.
   */
  fold(): Uint8Array {
    const snapshot = this.diff(EMPTY_STATE_VECTOR)
    // Reading its bytes takes a tenth of making a second document of them.
    const { structs } = readUpdateContents(snapshot)
    const isWhole = [...Y.decodeStateVector(this.stateVector())].every(([client, clock]) => {
      const [range, ...more] = structs.get(client) ?? []
      return range?.start === 0 && range.end === clock && more.length === 0
    })
    if (!isWhole) throw new Error('a snapshot of the document does not hold all of it')
    this.#updates = [snapshot]
    return snapshot
  }

  close(): void {
    this.#doc.destroy()
  }
}

/** Yjs cannot integrate an update; the doc is as it was before. */
class PoisonError extends Error {
  override readonly name = 'PoisonError'

  constructor(cause: unknown) {
    super('Yjs cannot integrate an update', { cause })
  }
}

const NO_LIMITS: WaitingLimits = { bytesPerSource: Infinity, updatesPerSource: Infinity, bytes: Infinity }

function isDeleted({ start, end }: ClockRange, client: number, doc: Y.Doc): boolean {
  const structs = doc.store.clients.get(client)
  if (structs === undefined || Y.getState(doc.store, client) < end) return false
  for (let i = Y.findIndexSS(structs, start); i < structs.length; i++) {
    const struct = structs[i]
    if (struct === undefined || struct.id.clock >= end) break
    if (!struct.deleted) return false
  }
  return true
}

/** Several updates as one; null if there are none. */
function merged(updates: readonly Uint8Array[]): Uint8Array | null {
  return updates.length === 0 ? null : Y.mergeUpdates([...updates])
}
