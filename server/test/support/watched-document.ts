import * as Y from 'yjs'
import { readUpdateContents } from '../../sync/update-contents.ts'
import type { SimulatedLog } from './simulated-log.ts'

/** What a document is on the disk, as of some version of its log. */
interface Reloaded {
  readonly version: number
  readonly doc: Y.Doc
  /** The updates of its entries, by identity. */
  readonly entries: ReadonlySet<Uint8Array>
}

/** Of one document of a simulation: what its rooms do with it, what the disk has, and the laws about both. */
export class WatchedDocument {
  readonly name: string
  /** How long the document takes to answer, in milliseconds. */
  latency = 0
  /** Whether what holds it in memory is to die, or has. */
  isDying = false
  /** Whether it ever did. */
  hasDied = false
  /** Whether loading it ever failed. */
  hasFailedToLoad = false
  /** Until when something of its own may have delayed what is sent of it, by the clock. */
  troubledUntil = -Infinity
  /** When the last answer is due, by the clock. */
  answersAt = 0
  /** What was sent that Yjs throws at. */
  readonly poison = new Set<string>()
  readonly #log: SimulatedLog
  readonly #violated: (law: string) => void
  #rooms = 0
  /** What was taken from clients and is not known to be on the disk. */
  #taken: Uint8Array[] = []
  #reloaded: Reloaded | null = null
  #promised = new Map<number, number>()

  constructor(name: string, log: SimulatedLog, violated: (law: string) => void) {
    this.name = name
    this.#log = log
    this.#violated = (law) => violated(`${name}: ${law}`)
  }

  opened(): void {
    this.#rooms++
    this.isDying = false
    if (this.#rooms > 1) this.#violated('two rooms have the document')
    if (this.#log.writesUnderWay(this.name) > 0)
      this.#violated('a room opens the document while its last one is writing')
  }

  closed(): void {
    this.#rooms--
    this.expectAllStored('a room is let go')
  }

  get isOpen(): boolean {
    return this.#rooms > 0
  }

  took(updates: readonly Uint8Array[]): void {
    this.#taken.push(...updates)
  }

  /** What was taken is in the log. */
  expectAllStored(when: string): void {
    const missing = this.#taken.filter((update) => !this.isPoison(update) && !this.has(update))
    if (missing.length > 0) this.#violated(`${when}, and ${missing.length} updates are not stored`)
    this.#taken = []
  }

  died(): void {
    this.#rooms = 0
    this.#taken = []
    this.isDying = false
    this.answersAt = 0
  }

  isPoison(update: Uint8Array): boolean {
    return this.poison.has(update.join())
  }

  /** The document as the log gives it to a server that starts now. */
  reload(): Reloaded {
    const version = this.#log.version(this.name)
    const last = this.#reloaded
    if (last?.version === version) return last
    const { snapshot, entries } = this.#log.stored(this.name)
    const doc = new Y.Doc()
    doc.transact(() => {
      if (snapshot !== null) Y.applyUpdate(doc, snapshot.update)
      for (const { update } of entries) if (!this.isPoison(update)) Y.applyUpdate(doc, update)
    })
    const reloaded = { version, doc, entries: new Set(entries.map(({ update }) => update)) }
    this.#reloaded = reloaded
    if (last !== null && !this.#includes(doc, integratedIn(last.doc)))
      this.#violated('the log has less than it had')
    return reloaded
  }

  /** Whether an update is on the disk: what it brings, or, if that waits for its dependencies, the update itself. */
  has(update: Uint8Array): boolean {
    const { doc, entries } = this.reload()
    return entries.has(update) || this.#includes(doc, update)
  }

  /** Whether everything that an update brings has its place in what is on the disk. */
  includes(update: Uint8Array): boolean {
    return this.#includes(this.reload().doc, update)
  }

  #includes(doc: Y.Doc, update: Uint8Array): boolean {
    for (const [client, clock] of readUpdateContents(update).needs)
      if (Y.getState(doc.store, client) < clock) return false
    let isNews = false
    const notice = (): void => {
      isNews = true
    }
    doc.on('update', notice)
    Y.applyUpdate(doc, update)
    doc.off('update', notice)
    return !isNews
  }

  /** Clients have been told that what is on the disk now is saved. */
  promise(): void {
    this.#promised = Y.decodeStateVector(Y.encodeStateVector(this.reload().doc))
  }

  /** Up to where everybody who joins gets each client's structs. */
  get promised(): ReadonlyMap<number, number> {
    return this.#promised
  }
}

/** All of a document but what waits in it for its dependencies. */
function integratedIn(doc: Y.Doc): Uint8Array {
  const { pendingStructs, pendingDs } = doc.store
  doc.store.pendingStructs = doc.store.pendingDs = null
  const update = Y.encodeStateAsUpdate(doc)
  Object.assign(doc.store, { pendingStructs, pendingDs })
  return update
}
