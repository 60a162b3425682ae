import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { closeCodes, ProtocolError, type ClientMessage, type CloseReason } from '../../protocol/index.ts'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import type { Visitor } from '../access/access-policy.ts'
import type { Clock } from '../clock.ts'
import type { Limits } from '../limits.ts'
import { terminateLater } from './close-timeout.ts'
import { Frame } from './frame.ts'
import { Intake } from './intake.ts'
import { Outbox } from './outbox.ts'
import type { Entry, RoomRegistry } from './room-registry.ts'
import type { RoomSession } from './room-session.ts'
import type { Room } from './room.ts'
import type { SyncMeter } from './sync-meter.ts'

/**
 * A session's status:
 *
 * - `opening`: its document is being loaded. The socket is not read meanwhile.
 * - `joined`: it takes part in its room.
 * - `ended`: it has left; the socket may stay in the closing state for a while.
 */
type SessionStatus =
  | { readonly kind: 'opening' }
  | { readonly kind: 'joined'; readonly room: Room; readonly leave: () => void }
  | { readonly kind: 'ended' }

/** What a session is made with. */
export interface SessionOptions {
  readonly id: string
  readonly documentName: string
  readonly visitor: Visitor
  /** Whether the client offered no subprotocol, and so knows only y-websocket's messages. */
  readonly isStock: boolean
  /** The longest message is enforced by the socket. */
  readonly limits: Limits
  readonly meter: SyncMeter
}

/** y-websocket reconnects after 30 s in which it got no message. */
const KEEP_ALIVE_AFTER = 20_000
/** A socket that said nothing for so long is asked whether it is there, in milliseconds. */
const PING_AFTER = 15_000
/** How long it may take to answer; then it is dead. */
const PING_TIMEOUT = 30_000

/** The same, when somebody else waits to know, in milliseconds. */
const PROBE_TIMEOUT = 5_000

/** One WebSocket that takes part in one room. */
export class Session implements RoomSession {
  readonly id: string
  readonly userId: string
  readonly isStock: boolean
  readonly resumeSecret = randomBytes(18).toString('base64url')
  readonly #socket: WebSocket
  readonly #outbox: Outbox
  readonly #intake: Intake
  readonly #options: SessionOptions
  readonly #registry: RoomRegistry
  readonly #clock: Clock
  readonly #logger: Logger
  #status: SessionStatus = { kind: 'opening' }
  #lastSentAt: number
  #lastHeardAt: number
  #pingedAt: number | null = null
  #cancelAuthTimeout: (() => void) | null = null
  #probes: ((isThere: boolean) => void)[] = []
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
      maxBacklog: options.limits.backlogBytes,
      onDrained: () => {
        if (this.#status.kind === 'joined') this.#status.room.drained(this)
      },
    })
    this.#options = options
    this.#registry = registry
    this.#clock = clock
    this.#logger = logger.child({ session: options.id, documentName: options.documentName })
    this.#lastSentAt = this.#lastHeardAt = clock.now()
    this.#intake = new Intake(socket, rawSocket, {
      limits: options.limits,
      clock,
      meter: options.meter,
      onHeard: () => this.#heard(),
      onMessage: (message) => this.#received(message),
      onFailed: (error) => this.#fail(error),
    })
    socket.on('close', (code) => this.#closed(code))
    socket.on('error', (error) => this.#socketFailed(error))
    this.#cancelAuthTimeout = clock.after(options.limits.authTimeout, () => this.#isLate())
    void this.#open()
  }

  async #open(): Promise<void> {
    this.#logger.info({ isStock: this.isStock }, 'session opened')
    const release = this.#intake.hold()
    try {
      const entry = await this.#registry.enter(this.#options.documentName)
      if (this.#status.kind === 'opening') this.#join(entry)
      else entry.leave()
    } catch (error) {
      this.#logger.error({ err: error }, 'could not open the document')
      this.end('documentUnavailable', 'the document could not be opened')
    } finally {
      release()
    }
  }

  /** It has not become a session whose client says something in the time that it has for that. */
  #isLate(): void {
    if (this.#status.kind === 'ended') return
    this.#options.meter.limited('auth-timeout')
    if (this.#status.kind === 'joined') this.end('tooSlow', 'no message came')
    else this.end('documentUnavailable', 'the document could not be opened in time')
  }

  #sendHello(room: Room): void {
    const { visitor, limits } = this.#options
    this.send(
      new Frame({
        type: 'hello',
        hello: {
          session: this.id,
          user: { id: visitor.userId },
          role: visitor.role,
          limits: { messageBytes: limits.messageBytes },
          document: room.form,
          resume: this.resumeSecret,
        },
      }),
    )
  }

  #join({ room, leave }: Entry): void {
    this.#become({ kind: 'joined', room, leave })
    if (!this.isStock) this.#sendHello(room)
    room.join(this)
  }

  /** The one place where the status changes; whatever a status holds is let go here. */
  #become(next: SessionStatus): void {
    const previous = this.#status
    this.#status = next
    if (previous.kind === 'joined' && next.kind === 'ended') {
      previous.room.leave(this)
      previous.leave()
    }
    if (next.kind === 'ended') {
      this.#cancelAuthTimeout?.()
      this.#intake.close()
    }
  }

  #received(message: ClientMessage): void {
    this.#cancelAuthTimeout?.()
    this.#cancelAuthTimeout = null
    if (this.#status.kind !== 'joined' || message.type === 'keep-alive') return
    if (this.isStock && message.type === 'resume')
      throw new ProtocolError('malformed', 'a stock client resumes nothing')
    this.#status.room.receive(this, message)
  }

  /** ws closes the socket by itself, with what the error is to the peer; who sends on meanwhile is not waited for. */
  #socketFailed(error: Error): void {
    this.#logger.debug({ err: error }, 'socket error')
    if ('code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
      this.#options.meter.limited('max-message-bytes')
    if (this.#status.kind === 'ended') return
    this.#become({ kind: 'ended' })
    this.#cancelTermination = terminateLater(this.#socket, this.#clock)
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

  /** The bytes that wait to be read by its client. */
  get backlog(): number {
    return this.#outbox.backlog
  }

  isThere(): Promise<boolean> {
    if (this.#status.kind === 'ended') return Promise.resolve(false)
    // While the socket is not read, no answer can be heard; it was there when reading was put off.
    if (this.#intake.isHeld) return Promise.resolve(true)
    this.#socket.ping()
    return new Promise((resolve) => {
      const cancel = this.#clock.after(PROBE_TIMEOUT, () => {
        this.#logger.info('peer does not answer')
        this.#socket.terminate()
      })
      this.#probes.push((isThere) => {
        cancel()
        resolve(isThere)
      })
    })
  }

  get isBacklogged(): boolean {
    return this.#outbox.isFull
  }

  send(frame: Frame): void {
    if (this.#status.kind === 'ended' || this.#socket.readyState !== this.#socket.OPEN) return
    this.#lastSentAt = this.#clock.now()
    if (frame.updates > 0) this.#options.meter.sent(frame.updates)
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
    if (this.#status.kind !== 'joined') return
    const now = this.#clock.now()
    this.#lookForPeer(now)
    if (now - this.#lastSentAt >= KEEP_ALIVE_AFTER) {
      this.send(new Frame(this.isStock ? { type: 'awareness', entries: [] } : { type: 'keep-alive' }))
    }
  }

  #lookForPeer(now: number): void {
    // While the socket is not read, no answer can be heard.
    if (this.#intake.isHeld) return
    if (this.#pingedAt !== null && now - this.#pingedAt >= PING_TIMEOUT) {
      this.#logger.info('peer does not answer')
      this.#socket.terminate()
    } else if (this.#pingedAt === null && now - this.#lastHeardAt >= PING_AFTER) {
      this.#pingedAt = now
      this.#socket.ping()
    }
  }

  #heard(): void {
    this.#lastHeardAt = this.#clock.now()
    this.#pingedAt = null
    this.#answerProbes(true)
  }

  #answerProbes(isThere: boolean): void {
    for (const answer of this.#probes.splice(0)) answer(isThere)
  }

  #closed(code: number): void {
    this.#cancelTermination?.()
    this.#logger.info({ code }, 'session closed')
    this.#become({ kind: 'ended' })
    this.#answerProbes(false)
  }
}
