import { pino } from 'pino'
import * as Y from 'yjs'
import {
  decodeClientMessage,
  decodeServerMessage,
  encodeMessage,
  ProtocolError,
  type ClientMessage,
  type CloseReason,
} from '../../../protocol/index.ts'
import type { Frame } from '../../sync/frame.ts'
import { RoomRegistry } from '../../sync/room-registry.ts'
import type { Room, RoomSession } from '../../sync/room.ts'
import { MemoryBudget } from '../../sync/memory-budget.ts'
import { UnsavedBudget } from '../../sync/unsaved-budget.ts'
import { messagesIn } from './frame-messages.ts'
import { ManualClock } from './manual-clock.ts'
import { SimulatedLog } from './simulated-log.ts'

const DOCUMENT = 'doc'

/** A connection between a peer and the server whose two directions deliver when they are told to. */
export class Link implements RoomSession {
  readonly id: string
  readonly userId: string
  readonly resumeSecret: string
  readonly isStock = false
  readonly isBacklogged = false
  readonly isThere = (): Promise<boolean> => Promise.resolve(this.endedFor === null)
  readonly toServer: Uint8Array[] = []
  readonly toPeer: Uint8Array[] = []
  readonly room: Room
  readonly leave: () => void
  endedFor: CloseReason | null = null

  constructor(name: string, room: Room, leave: () => void) {
    this.id = this.userId = this.resumeSecret = name
    this.room = room
    this.leave = leave
  }

  /** Does with a frame what a session does. */
  receive(frame: Uint8Array): void {
    try {
      const message = decodeClientMessage(frame)
      if (message.type !== 'keep-alive') this.room.receive(this, message)
    } catch (error) {
      this.end(error instanceof ProtocolError ? error.reason : 'internalError')
    }
  }

  send(frame: Frame): void {
    this.toPeer.push(...messagesIn(frame))
  }

  end(reason: CloseReason): void {
    this.endedFor ??= reason
    this.room.leave(this)
  }
}

/** A peer with its document, as y-websocket would keep it in step, and the clocks that the server has acked. */
export class Peer {
  readonly doc = new Y.Doc()
  link: Link | null = null
  /** Of its own structs, those below this clock have been reported to be on disk. */
  savedClock = 0
  /** The own clock that each document message of this connection reaches up to. */
  #clocksSent: number[] = []
  /** Whether this connection has carried everything that was written before it. */
  #isComplete = false

  constructor(index: number) {
    this.doc.clientID = 1_000 + index
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#send({ type: 'update', update })
    })
  }

  get ownClock(): number {
    return Y.getState(this.doc.store, this.doc.clientID)
  }

  connect(link: Link): void {
    this.link = link
    this.#clocksSent = []
    this.#isComplete = false
    this.#send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) })
  }

  receive(frame: Uint8Array): void {
    const message = decodeServerMessage(frame)
    if (message.type === 'sync-step-1') {
      this.#isComplete = true
      this.#send({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.doc, message.stateVector) })
    } else if (message.type === 'sync-step-2' || message.type === 'update') {
      Y.applyUpdate(this.doc, message.update, this)
    } else if (message.type === 'ack') {
      this.savedClock = Math.max(this.savedClock, this.#clocksSent[message.count - 1] ?? 0)
    }
  }

  #send(message: ClientMessage): void {
    if (this.link === null) return
    // An update that overtakes the sync step 2 says nothing of what was written offline, so its ack proves nothing.
    if (message.type === 'sync-step-2' || message.type === 'update') {
      this.#clocksSent.push(this.#isComplete ? this.ownClock : 0)
    }
    this.link.toServer.push(encodeMessage(message))
  }
}

/** Some peers, one server, and everything that can happen between them, each as one call. */
export class Simulation {
  readonly clock = new ManualClock()
  readonly log = new SimulatedLog(this.clock)
  readonly peers: readonly Peer[]
  #registry = this.#startServer()
  #links = 0

  constructor(peers: number) {
    this.peers = Array.from({ length: peers }, (_, index) => new Peer(index))
  }

  #startServer(): RoomRegistry {
    return new RoomRegistry({
      log: this.log.open(),
      clock: this.clock,
      logger: pino({ level: 'silent' }),
      unsaved: new UnsavedBudget(Infinity),
      memory: new MemoryBudget(Infinity),
      compactAfter: 8,
    })
  }

  async connectAll(): Promise<void> {
    for (const peer of this.peers) await this.#connect(peer)
  }

  async #connect(peer: Peer): Promise<void> {
    if (peer.link === null) peer.connect(await this.join())
  }

  /** Lets somebody join who is none of the peers. */
  async join(): Promise<Link> {
    const { room, leave } = await this.#registry.enter(DOCUMENT)
    const link = new Link(`session ${this.#links++}`, room, leave)
    room.join(link)
    return link
  }

  disconnect(peer: Peer): void {
    const { link } = peer
    if (link === null) return
    peer.link = null
    link.room.leave(link)
    link.leave()
  }

  /** Delivers what waits in one direction, at most so many messages. */
  deliver(peer: Peer, direction: 'toServer' | 'toPeer', most: number): number {
    const { link } = peer
    if (link === null) return 0
    const frames = link[direction].splice(0, most)
    for (const frame of frames) {
      if (direction === 'toPeer') {
        peer.receive(frame)
        continue
      }
      const message = decodeClientMessage(frame)
      if (message.type !== 'keep-alive') link.room.receive(link, message)
    }
    return frames.length
  }

  /** The server's process dies and another one starts. */
  crash(survivors: number): void {
    this.log.crash(survivors)
    for (const peer of this.peers) peer.link = null
    this.#registry = this.#startServer()
  }

  /** Lets everything that is under way arrive, and then some time pass; returns how much arrived. */
  async exchange(milliseconds: number): Promise<number> {
    let delivered = 0
    for (const peer of this.peers) {
      delivered += this.deliver(peer, 'toPeer', Infinity)
      delivered += this.deliver(peer, 'toServer', Infinity)
    }
    await this.clock.advance(milliseconds)
    return delivered
  }

  /** Brings everybody together and lets everything arrive. */
  async settle(): Promise<void> {
    await this.connectAll()
    await this.clock.advance(100)
    while ((await this.exchange(100)) > 0);
  }

  /** Everybody leaves, and the server lets go of the document. */
  async unload(): Promise<void> {
    for (const peer of this.peers) this.disconnect(peer)
    await this.clock.advance(60_000)
  }

  /** The document as the log would give it to a server that starts now. */
  async reload(): Promise<Y.Doc> {
    const { snapshot, entries } = await this.log.open().load(DOCUMENT)
    const doc = new Y.Doc()
    if (snapshot !== null) Y.applyUpdate(doc, snapshot.update)
    for (const { update } of entries) Y.applyUpdate(doc, update)
    return doc
  }
}
