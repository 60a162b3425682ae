import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import {
  closeCodes,
  decodeClientMessage,
  ProtocolError,
  type ClientMessage,
  type CloseReason,
} from '../../protocol/index.ts'
import type { Logger } from 'pino'
import type { RawData, WebSocket } from 'ws'
import type { Visitor } from '../access/access-policy.ts'
import type { Clock } from '../clock.ts'
import { terminateLater } from './close-timeout.ts'
import { Frame } from './frame.ts'
import { Outbox } from './outbox.ts'
import type { Entry, RoomRegistry } from './room-registry.ts'
import type { Room, RoomSession } from './room.ts'

/**
 * A session's status:
 *
 * - `opening`: its document is being loaded. The socket is not read meanwhile; what had come already waits in `early`.
 * - `joined`: it takes part in its room.
 * - `ended`: it has left; the socket may stay in the closing state for a while.
 */
type SessionStatus =
  | { readonly kind: 'opening'; readonly early: ClientMessage[] }
  | { readonly kind: 'joined'; readonly room: Room; readonly leave: () => void }
  | { readonly kind: 'ended' }

/** What a session is made with. */
export interface SessionOptions {
  readonly id: string
  readonly documentName: string
  readonly visitor: Visitor
  /** Whether the client offered no subprotocol, and so knows only y-websocket's messages. */
  readonly isStock: boolean
  /** The longest message taken, in bytes; enforced by the socket. */
  readonly messageBytes: number
  /** How many bytes may wait for a slow reader. */
  readonly maxBacklog: number
}

/** y-websocket reconnects after 30 s in which it got no message. */
const KEEP_ALIVE_AFTER = 20_000
/** A socket that said nothing for so long is asked whether it is there, in milliseconds. */
const PING_AFTER = 15_000
/** How long it may take to answer; then it is dead. */
const PING_TIMEOUT = 30_000

/** One WebSocket that takes part in one room. */
export class Session implements RoomSession {
  readonly id: string
  readonly userId: string
  readonly isStock: boolean
  readonly resumeSecret = randomBytes(18).toString('base64url')
  readonly #socket: WebSocket
  readonly #outbox: Outbox
  readonly #options: SessionOptions
  readonly #registry: RoomRegistry
  readonly #clock: Clock
  readonly #logger: Logger
  #status: SessionStatus = { kind: 'opening', early: [] }
  #lastSentAt: number
  #lastHeardAt: number
  #pingedAt: number | null = null
  #cancelTermination: (() => void) | null = null

  constructor(
    socket: WebSocket,
    rawSocket: Duplex,
    options: SessionOptions,
    registry: RoomRegistry,
    clock: Clock,
    logger: Logger,
  ) {
    this.id = options.id
    this.userId = options.visitor.userId
    this.isStock = options.isStock
    this.#socket = socket
    this.#outbox = new Outbox(rawSocket, {
      maxBacklog: options.maxBacklog,
      onDrained: () => {
        if (this.#status.kind === 'joined') this.#status.room.drained(this)
      },
    })
    this.#options = options
    this.#registry = registry
    this.#clock = clock
    this.#logger = logger.child({ session: options.id, documentName: options.documentName })
    this.#lastSentAt = this.#lastHeardAt = clock.now()
    socket.on('message', (data, isBinary) => this.#received(data, isBinary))
    socket.on('pong', () => this.#heard())
    socket.on('close', (code) => this.#closed(code))
    socket.on('error', (error) => this.#logger.debug({ err: error }, 'socket error'))
    void this.#open()
  }

  async #open(): Promise<void> {
    this.#logger.info({ isStock: this.isStock }, 'session opened')
    this.#socket.pause()
    try {
      const entry = await this.#registry.enter(this.#options.documentName)
      this.#socket.resume()
      this.#heard()
      if (this.#status.kind === 'opening') this.#join(entry, this.#status.early)
      else entry.leave()
    } catch (error) {
      this.#logger.error({ err: error }, 'could not open the document')
      this.#socket.resume()
      this.end('documentUnavailable', 'the document could not be opened')
    }
  }

  #sendHello(room: Room): void {
    const { visitor, messageBytes } = this.#options
    this.send(
      new Frame({
        type: 'hello',
        hello: {
          session: this.id,
          user: { id: visitor.userId },
          role: visitor.role,
          limits: { messageBytes },
          document: room.form,
          resume: this.resumeSecret,
        },
      }),
    )
  }

  #join({ room, leave }: Entry, early: readonly ClientMessage[]): void {
    this.#become({ kind: 'joined', room, leave })
    if (!this.isStock) this.#sendHello(room)
    room.join(this)
    for (const message of early) this.#handle(message)
  }

  /** The one place where the status changes; whatever a status holds is let go here. */
  #become(next: SessionStatus): void {
    const previous = this.#status
    this.#status = next
    if (previous.kind === 'joined' && next.kind === 'ended') {
      previous.room.leave(this)
      previous.leave()
    }
  }

  #received(data: RawData, isBinary: boolean): void {
    this.#heard()
    if (this.#status.kind === 'ended') return
    try {
      if (!isBinary || !(data instanceof Uint8Array)) throw new ProtocolError('malformed', 'a text frame')
      // ws hands out views on what it read from the network, 64 KiB at a time; what is kept must not keep all that.
      const message = decodeClientMessage(Uint8Array.from(data))
      if (this.#status.kind === 'opening') this.#status.early.push(message)
      else this.#handle(message)
    } catch (error) {
      this.#fail(error)
    }
  }

  #handle(message: ClientMessage): void {
    if (this.#status.kind !== 'joined' || message.type === 'keep-alive') return
    try {
      if (this.isStock && message.type === 'resume')
        throw new ProtocolError('malformed', 'a stock client resumes nothing')
      this.#status.room.receive(this, message)
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (error instanceof ProtocolError) {
      this.#logger.warn({ err: error }, 'protocol error')
      this.end(error.reason, error.message)
    } else {
      this.#logger.error({ err: error }, 'could not handle a message')
      this.end('internalError', 'the server failed')
    }
  }

  get isBacklogged(): boolean {
    return this.#outbox.isFull
  }

  send(frame: Frame): void {
    if (this.#status.kind === 'ended' || this.#socket.readyState !== this.#socket.OPEN) return
    this.#lastSentAt = this.#clock.now()
    this.#outbox.write(frame)
  }

  end(reason: CloseReason, message: string): void {
    if (this.#status.kind === 'ended') return
    this.#become({ kind: 'ended' })
    this.#socket.close(closeCodes[reason], message)
    this.#cancelTermination = terminateLater(this.#socket, this.#clock)
  }

  /** To be called every few seconds: finds a dead peer, and lets a quiet client hear something. */
  beat(): void {
    // While it is being opened its socket is not read, so no answer could be heard.
    if (this.#status.kind !== 'joined') return
    const now = this.#clock.now()
    if (this.#pingedAt !== null && now - this.#pingedAt >= PING_TIMEOUT) {
      this.#logger.info('peer does not answer')
      this.#socket.terminate()
      return
    }
    if (this.#pingedAt === null && now - this.#lastHeardAt >= PING_AFTER) {
      this.#pingedAt = now
      this.#socket.ping()
    }
    if (now - this.#lastSentAt >= KEEP_ALIVE_AFTER) {
      this.send(new Frame(this.isStock ? { type: 'awareness', entries: [] } : { type: 'keep-alive' }))
    }
  }

  #heard(): void {
    this.#lastHeardAt = this.#clock.now()
    this.#pingedAt = null
  }

  #closed(code: number): void {
    this.#cancelTermination?.()
    this.#logger.info({ code }, 'session closed')
    this.#become({ kind: 'ended' })
  }
}
