import { pino } from 'pino'
import * as Y from 'yjs'
import type { CloseReason, ServerMessage } from '../../../protocol/index.ts'
import { MemoryBudget } from '../../sync/memory-budget.ts'
import { RoomRegistry } from '../../sync/room-registry.ts'
import { UnsavedBudget } from '../../sync/unsaved-budget.ts'
import { readUpdateContents } from '../../sync/update-contents.ts'
import { ManualClock } from './manual-clock.ts'
import { ProcessClock } from './process-clock.ts'
import { Link, type LinkWatcher } from './simulated-link.ts'
import { SimulatedLog, type DiskTrouble } from './simulated-log.ts'
import { Peer } from './simulated-peer.ts'
import { WatchedDocument } from './watched-document.ts'
import { watchDocuments, type DocumentWatcher } from './watched-documents.ts'

/** What varies between simulations. */
export interface SimulationOptions {
  /** How many bytes all documents together may have that are not on disk. */
  readonly unsavedBytes: number
  /** How many bytes of documents at rest are kept. */
  readonly memoryBytes: number
  /** After how many entries a document's log is folded. */
  readonly compactAfter: number
  /** Which peer speaks plain y-websocket; -1 if none does. */
  readonly stockPeer: number
}

/** Which document each peer writes. */
const DOCUMENT_OF_PEER = ['a', 'a', 'a', 'b', 'b']

/** How many peers there are that write. */
export const PEERS = DOCUMENT_OF_PEER.length

/** How long what arrived may take until it is applied, in milliseconds, where nothing is wrong with the document itself. */
const IN_TIME = 40

/** How long it may take until everybody has been told of the storage's trouble. */
const TOLD_IN_TIME = 100

/** A peer with its place in the simulation. */
export interface Participant {
  readonly document: WatchedDocument
  /** Whether it writes, and so is to be saved; the others send what Yjs throws at, and what others wrote. */
  readonly isHonest: boolean
  peer: Peer
  /** Its attempt to connect that is under way. */
  attempt: object | null
}

interface ServerProcess {
  readonly clock: ProcessClock
  readonly unsaved: UnsavedBudget
  readonly memory: MemoryBudget
  readonly registry: RoomRegistry
}

/** Some peers, some documents, one server, and everything that can happen between them, each as one call. */
export class Simulation {
  readonly clock = new ManualClock()
  readonly log = new SimulatedLog(this.clock)
  /** The laws that were broken so far. */
  readonly violations: string[] = []
  readonly documents: readonly WatchedDocument[]
  readonly participants: readonly Participant[]
  /** What peers wrote, by document. */
  readonly written = new Map<WatchedDocument, Uint8Array[]>()
  readonly #options: SimulationOptions
  readonly #links = new Set<Link>()
  readonly #receivedAt = new WeakMap<Uint8Array, number>()
  #identities = 0
  #linkCount = 0
  #server: ServerProcess

  constructor(options: SimulationOptions) {
    this.#options = options
    const violated = (law: string): void => void this.violations.push(law)
    this.documents = ['a', 'b'].map((name) => new WatchedDocument(name, this.log, violated))
    const honest = DOCUMENT_OF_PEER.map((name, index) =>
      this.#participant(this.document(name), index === options.stockPeer),
    )
    const others = this.documents.map((document) => ({
      ...this.#participant(document, false),
      isHonest: false,
    }))
    this.participants = [...honest, ...others]
    this.#server = this.#startServer()
  }

  #participant(document: WatchedDocument, isStock: boolean): Participant {
    return { document, isHonest: true, peer: this.#newPeer(document, isStock), attempt: null }
  }

  #newPeer(document: WatchedDocument, isStock: boolean): Peer {
    return new Peer(1_000 + this.#identities++, isStock, (update) => {
      this.written.set(document, [...(this.written.get(document) ?? []), update])
    })
  }

  document(name: string): WatchedDocument {
    const found = this.documents.find((document) => document.name === name)
    if (found === undefined) throw new RangeError(`there is no document ${name}`)
    return found
  }

  #startServer(): ServerProcess {
    const log = this.log.open()
    const clock = new ProcessClock(this.clock)
    const unsaved = new UnsavedBudget(this.#options.unsavedBytes)
    watchDocuments(log, this.#documentWatcher(clock))
    const { compactAfter, memoryBytes } = this.#options
    const logger = pino({ level: 'silent' })
    const memory = new MemoryBudget(memoryBytes)
    const registry = new RoomRegistry({ log, clock, logger, unsaved, memory, compactAfter })
    return { clock, unsaved, memory, registry }
  }

  #documentWatcher(clock: ProcessClock): DocumentWatcher {
    return {
      opened: (name) => this.document(name).opened(),
      closed: (name) => this.document(name).closed(),
      calledAfterClose: (name, method) =>
        this.violations.push(`${name}: ${method} was called after the document had been closed`),
      called: async (name, call) => {
        const document = this.document(name)
        this.#noticeTrouble(document)
        if (call.method === 'apply') for (const { update } of call.batch) this.#expectInTime(document, update)
        if (document.isDying) {
          document.hasDied = true
          throw new Error('what held the document died')
        }
        // Answers come in the order of the calls.
        document.answersAt = Math.max(document.answersAt, clock.now() + document.latency)
        const wait = document.answersAt - clock.now()
        if (wait > 0) await new Promise<void>((resolve) => clock.after(wait, resolve))
      },
      applied: (name, batch, { outcomes }) =>
        this.document(name).took(batch.flatMap(({ update }, i) => (outcomes[i] === 'news' ? [update] : []))),
    }
  }

  /** Whatever may delay what is sent of a document, for a while, is its own trouble and no other document's. */
  #noticeTrouble(document: WatchedDocument): void {
    const { loads } = this.log.trouble(document.name)
    if (loads === 'failing') document.hasFailedToLoad = true
    const isTroubled = loads !== 'fine' || document.latency > 0 || document.isDying
    if (isTroubled) document.troubledUntil = this.clock.now() + 2_000
  }

  #expectInTime(document: WatchedDocument, update: Uint8Array): void {
    const receivedAt = this.#receivedAt.get(update)
    if (receivedAt === undefined || document.troubledUntil >= receivedAt) return
    const late = this.clock.now() - receivedAt
    if (late > IN_TIME) this.violations.push(`${document.name}: an update waited ${late} ms to be applied`)
  }

  readonly #linkWatcher: LinkWatcher = {
    delivered: (link, update) => {
      const { document, peer } = this.#participantOf(link)
      // One that brings what others write may have to wait until it is known whether they are there; and all that it sends then.
      const isForeign = [...readUpdateContents(update).structs.keys()].some((id) => id !== peer.doc.clientID)
      this.#noticeTrouble(document)
      // So may one that has come back beside its own half-open connection.
      const isBack = [...this.#links].some(
        (other) => other.isHalfOpen && this.#participantOf(other).document === document,
      )
      if (isForeign || isBack) this.#suspects.add(link)
      if (!this.#suspects.has(link)) this.#receivedAt.set(update, this.clock.now())
    },
    sent: (link, message) => this.#sent(link, message),
    ended: (link, reason) => {
      if (!this.#mayEnd(link, reason)) this.violations.push(`${link.id} is closed: ${reason}`)
    },
    violated: (law) => this.violations.push(law),
  }

  readonly #suspects = new WeakSet<Link>()
  readonly #participantsByLink = new WeakMap<Link, Participant>()

  #participantOf(link: Link): Participant {
    const participant = this.#participantsByLink.get(link)
    if (participant === undefined) throw new RangeError(`nobody has ${link.id}`)
    return participant
  }

  #mayEnd(link: Link, reason: CloseReason): boolean {
    const { document, isHonest } = this.#participantOf(link)
    switch (reason) {
      case 'storageFailing':
        return this.#server.unsaved.isSpent
      case 'documentUnavailable':
        return document.hasDied || document.hasFailedToLoad
      case 'internalError':
        return document.hasDied
      case 'replaced':
        return link.isHalfOpen
      case 'unappliable':
      case 'foreignClientId':
      case 'tooMuchWaiting':
        return !isHonest
      case 'goingAway':
        return true
      case 'clientTooOld':
      case 'documentTooLarge':
      case 'malformed':
      case 'noSuchDocument':
      case 'tooLarge':
      case 'tooManySessions':
      case 'tooSlow':
        return false
    }
  }

  #sent(link: Link, message: ServerMessage): void {
    const { document } = this.#participantOf(link)
    if (message.type === 'event' && message.event.type === 'storage') link.storage = message.event.status
    if (message.type === 'refused') {
      link.refused = message.index
      const refused = link.delivered[message.index - 1]
      if (refused === undefined) this.violations.push(`${link.id}: what was refused was never sent`)
    }
    if (message.type !== 'ack') return
    const { count } = message
    if (count <= link.acked || count > link.delivered.length)
      this.violations.push(`${link.id}: ack ${count} after ${link.acked} of ${link.delivered.length}`)
    if (link.refused !== null && count >= link.refused)
      this.violations.push(`${link.id}: ack ${count} though ${link.refused} was refused`)
    for (const { update } of link.delivered.slice(link.acked, count)) {
      if (!document.isPoison(update) && document.includes(update)) continue
      this.violations.push(`${link.id}: ack ${count} of what is not on the disk, or waits there`)
    }
    link.acked = count
    document.promise()
  }

  at(index: number): Participant {
    const found = this.participants[index]
    if (found === undefined) throw new RangeError(`there is no peer ${index}`)
    return found
  }

  /** A peer connects, and proves, if it may, that it is the one that was there before. */
  async connect(participant: Participant, isResuming = true): Promise<void> {
    if (participant.peer.link !== null || participant.attempt !== null) return
    const { document, peer } = participant
    const server = this.#server
    const attempt = {}
    participant.attempt = attempt
    this.#noticeTrouble(document)
    try {
      const entry = await server.registry.enter(document.name)
      if (participant.attempt !== attempt) {
        entry.leave()
        return
      }
      const name = `${document.name}/${peer.doc.clientID}/${this.#linkCount++}`
      // In open access every session is a user of its own.
      const options = { isStock: peer.isStock, userId: name, clock: server.clock, watcher: this.#linkWatcher }
      const link = new Link(name, entry, options)
      this.#links.add(link)
      this.#participantsByLink.set(link, participant)
      this.#promisedAtJoin.set(link, document.promised)
      entry.room.join(link)
      peer.connect(link, isResuming)
    } catch (error) {
      this.#noticeTrouble(document)
      if (!document.hasDied && !document.hasFailedToLoad)
        this.violations.push(`${document.name} could not be entered: ${String(error)}`)
    }
    if (participant.attempt === attempt) participant.attempt = null
  }

  readonly #promisedAtJoin = new WeakMap<Link, ReadonlyMap<number, number>>()

  connectAll(): void {
    for (const participant of this.participants) void this.connect(participant)
  }

  /** A peer closes its connection, or, half open, loses it without the server's noticing. */
  disconnect(participant: Participant, isHalfOpen = false): void {
    participant.attempt = null
    const { link } = participant.peer
    if (link === null) return
    participant.peer.link = null
    if (isHalfOpen) link.isHalfOpen = true
    else link.leave()
  }

  /** Of half-open connections, what was on the way still arrives. */
  deliverLate(most: number): void {
    for (const link of this.#links) if (link.isHalfOpen) for (let i = 0; i < most && link.deliverOne(); i++);
  }

  /** The server notices which connections are half open. */
  notice(): void {
    for (const link of this.#links) if (link.isHalfOpen) link.leave()
  }

  /** The page is loaded anew, if everything that it wrote is saved. */
  reopen(participant: Participant): void {
    const { peer, document } = participant
    this.disconnect(participant)
    if (peer.savedClock === peer.ownClock && !peer.isStock)
      participant.peer = this.#newPeer(document, peer.isStock)
  }

  /** Delivers what waits in one direction, at most so many messages. */
  deliver(participant: Participant, direction: 'toServer' | 'toPeer', most: number): number {
    const { peer } = participant
    const { link } = peer
    if (link === null) return 0
    let delivered = 0
    if (direction === 'toServer') {
      while (delivered < most && link.deliverOne()) delivered++
      return delivered
    }
    for (const message of link.toPeer.splice(0, most)) {
      const hadSynced = peer.hasSynced
      peer.receive(message)
      if (!hadSynced && peer.hasSynced) this.#expectPromisesKept(participant, link)
      delivered++
    }
    if (link.hasLeft && link.toPeer.length === 0) peer.link = null
    return delivered
  }

  #expectPromisesKept({ peer }: Participant, link: Link): void {
    for (const [client, clock] of this.#promisedAtJoin.get(link) ?? [])
      if (Y.getState(peer.doc.store, client) < clock)
        this.violations.push(`${link.id} got less than was saved when it joined`)
  }

  /** Two document messages on their way to the server change places, or one arrives twice. */
  disturb({ peer }: Participant, at: number, how: 'swap' | 'repeat'): void {
    const { link } = peer
    if (link === null) return
    const parcels = link.toServer
    const [first, second] = [parcels[at % parcels.length], parcels[(at + 1) % parcels.length]]
    if (first?.own == null || second?.own == null) return
    const index = at % parcels.length
    if (how === 'repeat') link.toServer = parcels.toSpliced(index, 0, first)
    else if (index + 1 < parcels.length) link.toServer = parcels.toSpliced(index, 2, second, first)
  }

  /** Somebody sends what Yjs throws at, now or when it gets what it depends on. */
  poison({ document, peer }: Participant, update: Uint8Array): void {
    document.poison.add(update.join())
    peer.spoil(update)
  }

  /** The disk has, or has no more, trouble with a document. */
  disk(document: WatchedDocument, trouble: Partial<DiskTrouble>): void {
    this.#noticeTrouble(document)
    this.log.setTrouble(document.name, trouble)
    this.#noticeTrouble(document)
  }

  /** What holds a document in memory dies. */
  kill(document: WatchedDocument): void {
    if (document.isOpen) document.isDying = true
  }

  setLatency(document: WatchedDocument, milliseconds: number): void {
    document.latency = milliseconds
  }

  /** The server's process dies and another one starts; of each document's writes under way so many are stored. */
  crash(survivors: number): void {
    this.log.crash(survivors)
    this.#server.clock.die()
    for (const link of this.#links) link.die()
    this.#links.clear()
    for (const participant of this.participants) {
      participant.attempt = null
      participant.peer.link = null
    }
    for (const document of this.documents) document.died()
    this.#server = this.#startServer()
    for (const { peer, document } of this.participants) {
      const stored = Y.getState(document.reload().doc.store, peer.doc.clientID)
      if (stored < peer.savedClock)
        this.violations.push(`${document.name}: ${peer.savedClock} was reported saved, and ${stored} is`)
    }
  }

  /** The server stops as it does when it is told to, and another one starts. */
  async shutDown(): Promise<void> {
    const { registry } = this.#server
    for (const participant of this.participants) participant.attempt = null
    const wasTroubled = new Map(
      this.documents.map((document) => [document.name, this.#maySaveLate(document)]),
    )
    await this.clock.until(registry.flush(6_000))
    for (const link of this.#links) link.end('goingAway')
    const unsaved = await this.clock.until(registry.flush(0))
    for (const document of this.documents) {
      if (!unsaved.includes(document.name)) document.expectAllStored('a server stopped')
      else if (wasTroubled.get(document.name) === false)
        this.violations.push(`${document.name} was not saved in time`)
    }
    this.crash(0)
  }

  #maySaveLate(document: WatchedDocument): boolean {
    this.#noticeTrouble(document)
    return (
      this.log.trouble(document.name).appends !== 'fine' ||
      document.troubledUntil >= this.clock.now() ||
      document.hasDied
    )
  }

  /** Lets everything that is under way arrive, and then some time pass; returns how much arrived. */
  async exchange(milliseconds: number): Promise<number> {
    let delivered = 0
    for (const participant of this.participants) {
      delivered += this.deliver(participant, 'toPeer', Infinity)
      delivered += this.deliver(participant, 'toServer', Infinity)
    }
    await this.clock.advance(milliseconds)
    return delivered
  }

  /** Whoever is in step has been told whether the storage works. */
  expectTold(): void {
    const before = this.clock.now() - TOLD_IN_TIME
    for (const link of this.#links) {
      if (link.hasLeft || link.isStock || link.isBacklogged || link.inStepSince > before) continue
      const { document } = this.#participantOf(link)
      if (document.troubledUntil >= before) continue
      const status = link.room.isFailing ? 'failing' : 'working'
      if (link.storage !== status) this.violations.push(`${link.id} has not heard that storage is ${status}`)
    }
  }

  /** All trouble ends, everybody comes together, and everything arrives. */
  async settle(): Promise<void> {
    this.log.calm()
    for (const document of this.documents) document.latency = 0
    this.notice()
    for (const { peer } of this.participants) peer.link?.read(Infinity)
    await this.clock.advance(6_000)
    for (let quiet = 0, rounds = 0; quiet < 4; rounds++) {
      if (rounds === 100) {
        this.violations.push('it never settles')
        break
      }
      this.connectAll()
      await this.clock.advance(400)
      const isQuiet =
        (await this.exchange(0)) === 0 && this.participants.every(({ peer }) => peer.link !== null)
      quiet = isQuiet ? quiet + 1 : 0
    }
    this.expectTold()
    if (this.#server.unsaved.bytes !== 0)
      this.violations.push(`${this.#server.unsaved.bytes} bytes are counted as unsaved`)
    for (const { peer, isHonest } of this.participants) {
      const { link } = peer
      if (!isHonest || peer.isStock || link === null) continue
      if (link.acked !== link.delivered.length || peer.savedClock !== peer.ownClock)
        this.violations.push(`${link.id} is not saved`)
    }
  }

  /** How those whom a peer should see call themselves, by client id. */
  presentTo(participant: Participant): Map<number, string> {
    const others = this.participants.filter(
      (other) => other !== participant && other.document === participant.document,
    )
    return new Map(others.flatMap(({ peer }) => (peer.name === null ? [] : [[peer.doc.clientID, peer.name]])))
  }

  /** Everybody leaves, and the server lets go of the documents. */
  async unload(): Promise<void> {
    for (const participant of this.participants) this.disconnect(participant)
    this.notice()
    await this.clock.advance(60_000)
  }

  /** The server holds nothing any more. */
  expectNothingHeld(): void {
    const { registry, clock } = this.#server
    const rooms = registry.load.live + registry.load.resting
    if (rooms > 0) this.violations.push(`${rooms} rooms are left`)
    if (clock.pending > 0) this.violations.push(`${clock.pending} timers are left`)
    for (const document of this.documents)
      if (document.isOpen) this.violations.push(`${document.name} is still open`)
  }
}
