import { isDeepStrictEqual } from 'node:util'
import type { DataFolder } from './data-folder.ts'
import type { Compaction, LogUpdate, StoredDocument } from './document-log.ts'
import type { HistoryTrim } from './history.ts'
import { prepareCompaction, prepareTrim, type PreparedChange } from './history-changes.ts'
import type { RowChange } from './key-value-store.ts'
import { documentKeys, documentPrefix, headKeyOf } from './keys.ts'
import { PersistenceError } from './persistence-error.ts'
import type { ReopeningFolder } from './reopening-folder.ts'
import { encodeEntries, encodeHead, type StoredHead } from './rows.ts'
import { checkRows, type CheckedDocument } from './stored-rows.ts'
import type { Claim } from './witness.ts'

/** What waits to be written. */
type Task = {
  /** About how many bytes it adds to a batch. */
  readonly bytes: number
  readonly reject: (reason: unknown) => void
} & (
  | {
      readonly is: 'append'
      readonly updates: readonly LogUpdate[]
      readonly time: number
      readonly resolve: (lastSequence: number) => void
    }
  | {
      readonly is: 'change'
      readonly change: PreparedChange
      readonly head: StoredHead
      readonly resolve: () => void
    }
)

/** What a change was prepared for is no longer so: it has to be prepared again. */
class Outdated extends Error {}

/** What the writer knows of a document's stored rows: nothing is written before they were found whole. */
type Knowledge =
  | { readonly is: 'unknown' }
  | { readonly is: 'reading'; readonly checked: Promise<CheckedDocument> }
  | { readonly is: 'known'; readonly head: StoredHead }

interface DocumentState {
  readonly documentName: string
  /** What all its keys begin with. */
  readonly prefix: Uint8Array
  knowledge: Knowledge
  /** In the order of the calls. */
  readonly tasks: Task[]
  /** Settles with the batch that holds changes of this document, if one is under way. */
  batch: Promise<void> | null
}

/** What one batch does to one document. */
interface Plan {
  readonly knowledge: Knowledge
  head: StoredHead
  readonly done: (() => void)[]
  readonly tasks: Task[]
  hasChanges: boolean
}

/** What goes into one batch. */
interface Batch {
  readonly plans: Map<DocumentState, Plan>
  readonly changes: RowChange[]
}

/** How the writing of one synced batch went. */
export interface BatchReport {
  /** From the call of the store until it is synced, or has failed. */
  readonly milliseconds: number
  readonly isWritten: boolean
}

/**
 * The least time between the beginnings of two batches, in milliseconds. A batch of a few documents takes the main thread
 * about as long as one of many: without it, 500 rooms in which somebody types cost twice the processor time.
 */
const BATCH_INTERVAL = 5

/** Room for a row's key, checksum and fixed fields, when the size of a batch is estimated. */
const ROW_OVERHEAD = 300

/**
 * The one writer of a store: whatever waits, of all documents, goes into the next synced batch. Documents take turns, so
 * that one with much to write delays the others by one batch at most.
 */
export class BatchWriter {
  readonly #folder: ReopeningFolder
  readonly #maxBatchBytes: number
  readonly #maxKnownDocuments: number
  readonly #keepHistory: boolean
  readonly #onBatch: (report: BatchReport) => void
  /** Least recently used first. */
  readonly #documents = new Map<string, DocumentState>()
  /** Those with tasks whose rows are known, in the order of their turns. */
  readonly #ready = new Set<DocumentState>()
  /** The folder that what is known was read from. */
  #written: DataFolder | null = null
  #running = false
  #lastBatchAt = -Infinity
  #unsettled = 0
  #whenIdle: (() => void)[] = []
  /** Settles when no further change of a document's past is being prepared or written. */
  readonly #changing = new Map<string, Promise<unknown>>()
  /** Settles when no change is being prepared: one at a time, since each may hold megabytes and a thread of zlib's. */
  #preparing: Promise<unknown> = Promise.resolve()

  constructor(
    folder: ReopeningFolder,
    settings: {
      readonly maxBatchBytes: number
      readonly maxKnownDocuments: number
      /** Whether compactions keep what they fold. */
      readonly keepHistory: boolean
      /** Told of each batch. */
      readonly onBatch: (report: BatchReport) => void
    },
  ) {
    this.#folder = folder
    this.#maxBatchBytes = settings.maxBatchBytes
    this.#maxKnownDocuments = settings.maxKnownDocuments
    this.#keepHistory = settings.keepHistory
    this.#onBatch = settings.onBatch
  }

  /** Reads a document as `DocumentLog.load` does. */
  async read(documentName: string): Promise<StoredDocument> {
    const state = this.#state(documentName)
    const { knowledge } = state
    if (knowledge.is !== 'known') return (await this.#check(state)).document
    try {
      return (await this.#readRows(documentName)).document
    } catch (error) {
      // What is damaged now must not be written over: the next append reads first, and finds the damage too.
      if (isDamage(error) && state.knowledge.is === 'known') state.knowledge = { is: 'unknown' }
      throw error
    }
  }

  /**
   * Appends as `DocumentLog.append` does. No updates at all resolve when everything appended before is synced. Rejects with
   * a `RangeError` or `TypeError` if the name is not one of a document.
   */
  append(documentName: string, updates: readonly LogUpdate[], time: number): Promise<number> {
    let bytes = 0
    for (const { update } of updates) bytes += update.length + ROW_OVERHEAD
    return new Promise((resolve, reject) => {
      this.#enqueue(documentName, { is: 'append', updates, time, bytes, resolve, reject })
    })
  }

  /** Compacts as `DocumentLog.compact` does. */
  compact(documentName: string, compaction: Compaction): Promise<void> {
    const keepHistory = this.#keepHistory
    return this.#change(documentName, (head) =>
      prepareCompaction(this.#folder, documentName, head, compaction, { keepHistory }),
    )
  }

  /** Trims as `DocumentLog.trimHistory` does. */
  trimHistory(documentName: string, trim: HistoryTrim): Promise<void> {
    return this.#change(documentName, (head) => prepareTrim(this.#folder, documentName, head, trim))
  }

  /**
   * Makes a change of a document's past, once its appends so far are settled, and after those changes that were asked for
   * before. It is prepared beside everything else; only what it came to goes through the queue.
   */
  async #change(documentName: string, prepare: (head: StoredHead) => Promise<PreparedChange>): Promise<void> {
    this.#unsettled++
    const appended = this.append(documentName, [], 0)
    const previous = this.#changing.get(documentName)
    const done = (async () => {
      await Promise.all([appended, previous?.catch(() => {})])
      while (!(await this.#tryToChange(documentName, prepare)));
    })()
    this.#changing.set(documentName, done)
    try {
      await done
    } finally {
      if (this.#changing.get(documentName) === done) this.#changing.delete(documentName)
      this.#settled()
    }
  }

  /** Resolves with false if the document has changed such that the change has to be prepared anew. */
  async #tryToChange(
    documentName: string,
    prepare: (head: StoredHead) => Promise<PreparedChange>,
  ): Promise<boolean> {
    try {
      const head = await this.#head(documentName)
      const prepared = this.#preparing.catch(() => {}).then(() => prepare(head))
      this.#preparing = prepared
      const change = await prepared
      await new Promise<void>((resolve, reject) => {
        const { bytes } = change
        this.#enqueue(documentName, { is: 'change', change, head, bytes, resolve, reject })
      })
      return true
    } catch (error) {
      if (error instanceof Outdated) return false
      throw error instanceof RangeError ? error : concerning(documentName, error)
    }
  }

  async #head(documentName: string): Promise<StoredHead> {
    const state = this.#state(documentName)
    return state.knowledge.is === 'known' ? state.knowledge.head : (await this.#check(state)).head
  }

  /** Resolves once nothing waits to be written. */
  idle(): Promise<void> {
    if (this.#unsettled === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve)
    })
  }

  #enqueue(documentName: string, task: Task): void {
    const state = this.#state(documentName)
    this.#unsettled++
    state.tasks.push(task)
    if (state.tasks.length === 1) this.#prepare(state)
  }

  #settled(): void {
    this.#unsettled--
    if (this.#unsettled > 0) return
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  #state(documentName: string): DocumentState {
    let state = this.#documents.get(documentName)
    if (state === undefined) {
      const prefix = documentPrefix(documentName)
      // Before the new one is among them: what is about to be used must not be forgotten, or it would be known twice.
      this.#forgetOldest()
      state = { documentName, prefix, knowledge: { is: 'unknown' }, tasks: [], batch: null }
    }
    this.#documents.delete(documentName)
    this.#documents.set(documentName, state)
    return state
  }

  #forgetOldest(): void {
    for (const state of this.#documents.values()) {
      if (this.#documents.size < this.#maxKnownDocuments) return
      const idle = state.tasks.length === 0 && state.batch === null && state.knowledge.is !== 'reading'
      if (idle) this.#documents.delete(state.documentName)
    }
  }

  /** Brings a document that has tasks to the point where the next batch can take them. */
  #prepare(state: DocumentState): void {
    if (state.knowledge.is === 'known') {
      this.#ready.add(state)
      if (this.#running) return
      this.#running = true
      this.#run().catch((error: unknown) => {
        // Every failure of a batch is its tasks'; anything else is a mistake in this class and must not pass in silence.
        queueMicrotask(() => {
          throw error
        })
      })
      return
    }
    this.#check(state).then(
      () => {
        if (state.tasks.length > 0) this.#prepare(state)
      },
      (error: unknown) => {
        // If the rows are being read anew or were, it is not this reading that counts.
        if (state.knowledge.is !== 'unknown') this.#prepare(state)
        else for (const task of state.tasks.splice(0)) this.#reject(task, error)
      },
    )
  }

  /** Reads a document's rows, once for all who ask meanwhile, and remembers its head. */
  #check(state: DocumentState): Promise<CheckedDocument> {
    if (state.knowledge.is === 'reading') return state.knowledge.checked
    const checked = this.#readSettled(state)
    const reading: Knowledge = { is: 'reading', checked }
    state.knowledge = reading
    checked.then(
      ({ head }) => {
        if (state.knowledge === reading) state.knowledge = { is: 'known', head }
      },
      () => {
        if (state.knowledge === reading) state.knowledge = { is: 'unknown' }
      },
    )
    return checked
  }

  async #readSettled(state: DocumentState): Promise<CheckedDocument> {
    if (state.batch !== null) await state.batch
    return this.#readRows(state.documentName)
  }

  async #readRows(documentName: string): Promise<CheckedDocument> {
    const range = documentKeys(documentName)
    try {
      return await this.#folder.read(async ({ store, witness }) => {
        // The claim first: what is acknowledged while the rows are being read need not be among them.
        const claim = witness.claim(documentName)
        return checkRows(documentName, await store.rows(range), claim)
      })
    } catch (error) {
      throw concerning(documentName, error)
    }
  }

  async #run(): Promise<void> {
    // What is appended in the same tick goes into the same batch.
    await Promise.resolve()
    while (this.#ready.size > 0) {
      await this.#interval()
      const folder = await this.#openFolder()
      if (folder === null) continue
      const batch = this.#planBatch()
      const written = this.#write(batch, folder)
      for (const state of batch.plans.keys()) state.batch = written
      await written
      for (const state of batch.plans.keys()) state.batch = null
    }
    this.#running = false
  }

  /** Lets some time pass between two batches; one after a pause begins at once. */
  async #interval(): Promise<void> {
    const wait = this.#lastBatchAt + BATCH_INTERVAL - performance.now()
    if (wait > 0) await new Promise<void>((resolve) => setTimeout(resolve, wait))
    this.#lastBatchAt = performance.now()
  }

  /** The folder for the next batch; null if there is none, and all who are ready were told. */
  async #openFolder(): Promise<DataFolder | null> {
    let folder: DataFolder
    try {
      folder = await this.#folder.writable()
    } catch (error) {
      for (const { documentName, tasks } of this.#ready) {
        for (const task of tasks.splice(0)) this.#reject(task, concerning(documentName, error))
      }
      this.#ready.clear()
      return null
    }
    if (folder !== this.#written) {
      // What of a failed batch is stored is not known: every document is read again from the folder that was opened anew.
      if (this.#written !== null)
        for (const state of this.#documents.values()) state.knowledge = { is: 'unknown' }
      this.#written = folder
    }
    return folder
  }

  /** Takes tasks by turns until the batch is full, and plans what they do. */
  #planBatch(): Batch {
    const plans = new Map<DocumentState, Plan>()
    const changes: RowChange[] = []
    let bytes = 0
    for (const state of this.#ready) {
      const [task] = state.tasks
      if (task === undefined || state.knowledge.is !== 'known') {
        this.#ready.delete(state)
        if (task !== undefined) this.#prepare(state)
        continue
      }
      // It stays first in line, so that the next batch begins with it however large it is.
      if (plans.size > 0 && bytes + task.bytes > this.#maxBatchBytes) break
      this.#ready.delete(state)
      state.tasks.shift()
      bytes += task.bytes
      let plan = plans.get(state)
      if (plan === undefined) {
        const { knowledge } = state
        plan = { knowledge, head: knowledge.head, done: [], tasks: [], hasChanges: false }
        plans.set(state, plan)
      }
      this.#planTask(state, plan, task, changes)
      // Behind all others: a set visits what is added while it is visited.
      if (state.tasks.length > 0) this.#ready.add(state)
    }
    return { plans, changes }
  }

  #planTask({ prefix }: DocumentState, plan: Plan, task: Task, batch: RowChange[]): void {
    try {
      const { head, changes } =
        task.is === 'append'
          ? planAppend(prefix, plan.head, task.updates, task.time)
          : planChange(plan.head, task.head, task.change)
      plan.head = head
      plan.hasChanges ||= changes.length > 0
      for (const change of changes) batch.push(change)
      plan.tasks.push(task)
      plan.done.push(() => (task.is === 'append' ? task.resolve(head.lastSequence) : task.resolve()))
    } catch (error) {
      this.#reject(task, error)
    }
  }

  /** Writes one batch and settles its tasks; never rejects. */
  async #write(batch: Batch, folder: DataFolder): Promise<void> {
    const { plans } = batch
    try {
      await this.#writeBatch(batch, folder)
    } catch (error) {
      this.#folder.doubt(folder)
      for (const [{ documentName }, { tasks }] of plans) {
        for (const task of tasks) this.#reject(task, concerning(documentName, error))
      }
      return
    }
    for (const [state, { knowledge, head, tasks, done }] of plans) {
      // Unless a reader found damage meanwhile.
      if (state.knowledge === knowledge) state.knowledge = { is: 'known', head }
      for (const resolve of done) resolve()
      for (let i = 0; i < tasks.length; i++) this.#settled()
    }
  }

  async #writeBatch({ plans, changes }: Batch, { store, witness }: DataFolder): Promise<void> {
    const claims: Claim[] = []
    for (const [{ documentName, prefix }, plan] of plans) {
      if (!plan.hasChanges) continue
      plan.head = { ...plan.head, revision: plan.head.revision + 1 }
      const key = headKeyOf(prefix)
      changes.push({ type: 'put', key, value: encodeHead(key, plan.head) })
      const { revision, lastSequence } = plan.head
      claims.push({ documentName, revision, lastSequence })
    }
    if (changes.length === 0) return
    const start = performance.now()
    let isWritten = false
    try {
      await store.write(changes)
      await witness.add(claims)
      isWritten = true
    } finally {
      this.#onBatch({ milliseconds: performance.now() - start, isWritten })
    }
  }

  #reject(task: Task, error: unknown): void {
    task.reject(error)
    this.#settled()
  }
}

function planAppend(
  prefix: Uint8Array,
  head: StoredHead,
  updates: readonly LogUpdate[],
  time: number,
): { head: StoredHead; changes: readonly RowChange[] } {
  const changes = encodeEntries(prefix, head.lastSequence + 1, time, updates)
  return { head: { ...head, lastSequence: head.lastSequence + updates.length }, changes }
}

function planChange(
  now: StoredHead,
  before: StoredHead,
  { head, changes }: PreparedChange,
): { head: StoredHead; changes: readonly RowChange[] } {
  // Changes follow one another, so this is so only if one before failed and turned out to be stored all the same.
  if (!isDeepStrictEqual(pastOf(now), pastOf(before))) throw new Outdated()
  return { head: { ...now, ...head }, changes }
}

/** The part of a head that appends leave alone. */
function pastOf({ through, kept, snapshotChecksum, history }: StoredHead): unknown {
  return { through, kept, snapshotChecksum, history }
}

function isDamage(error: unknown): boolean {
  return error instanceof PersistenceError && error.code === 'damaged'
}

/** The error as one that names the document. */
function concerning(documentName: string, error: unknown): PersistenceError {
  if (error instanceof PersistenceError && error.documentName !== undefined) return error
  const code = error instanceof PersistenceError ? error.code : 'io'
  const reason = error instanceof Error ? error.message : String(error)
  const message = `The document ${JSON.stringify(documentName)} cannot be read or written: ${reason}`
  return new PersistenceError(code, message, { cause: error, documentName })
}
