import {
  decodeClientMessage,
  decodeServerMessage,
  ProtocolError,
  type CloseReason,
  type ServerMessage,
} from '../../../protocol/index.ts'
import type { ClockRange } from '../../sync/clock-ranges.ts'
import type { Frame } from '../../sync/frame.ts'
import type { Entry } from '../../sync/room-registry.ts'
import type { RoomSession } from '../../sync/room-session.ts'
import type { Room } from '../../sync/room.ts'
import { messagesIn } from './frame-messages.ts'
import type { ProcessClock } from './process-clock.ts'

/** Past so many bytes nothing more is to be sent to a client that does not read. */
const MAX_BACKLOG = 120

/** How long it takes to find that nobody is at the other end, in milliseconds. */
const PROBE_TIME = 1_000

/** What a peer sends: a message, and, of a document message, which of its own structs are in it. */
export interface Parcel {
  readonly message: Uint8Array
  readonly own: ClockRange | null
}

/** A document message that the room has been given. */
export interface DeliveredUpdate {
  readonly update: Uint8Array
  readonly own: ClockRange
}

/** What is told of a link's server side. */
export interface LinkWatcher {
  /** The room has been given a document message. */
  delivered(link: Link, update: Uint8Array): void
  sent(link: Link, message: ServerMessage): void
  ended(link: Link, reason: CloseReason): void
  violated(law: string): void
}

/** A connection between a peer and its room, whose two directions deliver when they are told to. */
export class Link implements RoomSession {
  readonly id: string
  readonly userId: string
  readonly resumeSecret: string
  readonly isStock: boolean
  readonly room: Room
  /** What has not reached the room, in order. */
  toServer: Parcel[] = []
  /** What has not reached the peer, in order. */
  readonly toPeer: ServerMessage[] = []
  /** The document messages that the room has been given, in order. */
  readonly delivered: DeliveredUpdate[] = []
  /** How many of them were acked. */
  acked = 0
  /** The number of the message that was refused; null if none was. */
  refused: number | null = null
  /** What it was told of the storage last. */
  storage: 'working' | 'failing' = 'working'
  /** Since when it has been neither new nor behind, by the clock. */
  inStepSince: number
  endedFor: CloseReason | null = null
  /** Whether its peer has gone, which the server has not noticed. */
  isHalfOpen = false
  isStalled = false
  readonly #leave: () => void
  readonly #clock: ProcessClock
  readonly #watcher: LinkWatcher
  #hasLeft = false
  #isDead = false
  #backlog: { messages: readonly ServerMessage[]; bytes: number }[] = []

  constructor(
    name: string,
    { room, leave }: Entry,
    options: { isStock: boolean; userId: string; clock: ProcessClock; watcher: LinkWatcher },
  ) {
    this.id = this.resumeSecret = name
    this.userId = options.userId
    this.isStock = options.isStock
    this.room = room
    this.#leave = leave
    this.#clock = options.clock
    this.#watcher = options.watcher
    this.inStepSince = options.clock.now()
  }

  get hasLeft(): boolean {
    return this.#hasLeft
  }

  get isBacklogged(): boolean {
    return this.#backlog.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_BACKLOG
  }

  async isThere(): Promise<boolean> {
    if (!this.isHalfOpen) return !this.#hasLeft
    await new Promise<void>((resolve) => this.#clock.after(PROBE_TIME, resolve))
    this.leave()
    return false
  }

  send(frame: Frame): void {
    if (this.#isDead) return
    const messages = decoded(frame)
    if (this.#hasLeft) this.#watcher.violated(`${this.id} is told ${typesOf(messages)} after it has left`)
    if (this.isBacklogged && messages.some(({ type }) => type !== 'refused'))
      this.#watcher.violated(`${this.id} is told ${typesOf(messages)} though it does not read`)
    for (const message of messages) this.#watcher.sent(this, message)
    const bytes = frame.parts.reduce((sum, { length }) => sum + length, 0)
    if (this.isStalled || this.isHalfOpen) this.#backlog.push({ messages, bytes })
    else this.toPeer.push(...messages)
  }

  end(reason: CloseReason): void {
    if (this.#hasLeft) return
    this.endedFor = reason
    if (!this.#isDead) this.#watcher.ended(this, reason)
    this.leave()
  }

  /** The server learns that it is over. */
  leave(): void {
    if (this.#hasLeft) return
    this.#hasLeft = true
    if (this.#isDead) return
    this.room.leave(this)
    this.#leave()
  }

  /** The server's process has died. */
  die(): void {
    this.#isDead = true
    this.#hasLeft = true
  }

  /** The peer reads again: so many frames, or all. */
  read(most: number): void {
    this.isStalled = false
    const wasBacklogged = this.isBacklogged
    for (const { messages } of this.#backlog.splice(0, most)) this.toPeer.push(...messages)
    this.isStalled = this.#backlog.length > 0
    if (wasBacklogged) this.inStepSince = Infinity
    if (this.isStalled || this.inStepSince < Infinity) return
    this.#clock.soon(() => {
      this.inStepSince = this.#clock.now()
      if (!this.#hasLeft) this.room.drained(this)
    })
  }

  /** Hands the room what comes next; returns whether there was anything. */
  deliverOne(): boolean {
    const parcel = this.toServer.shift()
    if (parcel === undefined) return false
    if (this.#hasLeft) return true
    this.receive(parcel.message, parcel.own)
    return true
  }

  /** Does with a message what a session does. */
  receive(bytes: Uint8Array, own: ClockRange | null = null): void {
    try {
      const message = decodeClientMessage(bytes)
      if (message.type === 'keep-alive') return
      if (message.type === 'update' || message.type === 'sync-step-2') {
        this.delivered.push({ update: message.update, own: own ?? NOTHING })
        this.#watcher.delivered(this, message.update)
      }
      this.room.receive(this, message)
    } catch (error) {
      this.end(error instanceof ProtocolError ? error.reason : 'internalError')
    }
  }
}

const NOTHING: ClockRange = { start: 0, end: 0 }

const decodedFrames = new WeakMap<Frame, readonly ServerMessage[]>()

/** The messages of a frame, read once for all who get it. */
function decoded(frame: Frame): readonly ServerMessage[] {
  const messages = decodedFrames.get(frame) ?? messagesIn(frame).map(decodeServerMessage)
  decodedFrames.set(frame, messages)
  return messages
}

function typesOf(messages: readonly ServerMessage[]): string {
  return messages.map(({ type }) => type).join(' and ')
}
