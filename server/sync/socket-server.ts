import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { chooseSubprotocol, closeCodes, decodeDocumentName, type CloseReason } from '../../protocol/index.ts'
import type { Logger } from 'pino'
import { WebSocketServer, type WebSocket } from 'ws'
import type { AccessPolicy } from '../access/access-policy.ts'
import type { Clock } from '../clock.ts'
import type { Limits } from '../limits.ts'
import { clientAddress, placeOf } from './client-address.ts'
import { terminateLater } from './close-timeout.ts'
import { CodraftSocket } from './codraft-socket.ts'
import type { RoomRegistry } from './room-registry.ts'
import { SessionCounts } from './session-counts.ts'
import { Session } from './session.ts'
import type { SyncMeter } from './sync-meter.ts'

/** What the socket server is made with. */
export interface SocketServerOptions {
  readonly registry: RoomRegistry
  readonly access: AccessPolicy
  readonly clock: Clock
  readonly logger: Logger
  readonly meter: SyncMeter
  readonly limits: Limits
  /** How many proxies in front tell the truth in `X-Forwarded-For`. */
  readonly trustProxy: number
  /** What paths begin with: '' or `/path`, without a slash at its end. */
  readonly basePath: string
}

/** How often sessions are looked after, in milliseconds. */
const BEAT_INTERVAL = 5_000

/** How often some more sessions are closed when all are, in milliseconds. */
const SPREAD_STEP = 20

/** Turns the WebSocket upgrades below `/collab/` into sessions (PROTOCOL.md, "Connecting"). */
export class SocketServer {
  readonly #options: SocketServerOptions
  readonly #server: InstanceType<typeof WebSocketServer<typeof CodraftSocket>>
  readonly #sessions = new Set<Session>()
  readonly #counts: SessionCounts
  readonly #path: string
  #isClosing = false
  #cancelBeat: () => void

  constructor(options: SocketServerOptions) {
    this.#options = options
    this.#path = `${options.basePath}/collab/`
    this.#counts = new SessionCounts(options.limits)
    this.#server = new WebSocketServer({
      noServer: true,
      WebSocket: CodraftSocket,
      maxPayload: options.limits.messageBytes,
      perMessageDeflate: false,
      handleProtocols: (offered) => {
        const choice = chooseSubprotocol(offered)
        return choice.kind === 'stock' ? false : choice.subprotocol
      },
    })
    this.#cancelBeat = this.#scheduleBeat()
  }

  /** Handles a request to upgrade to a WebSocket; one for another path is answered with 404. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = request.url?.split('?', 1)[0] ?? ''
    if (!path.startsWith(this.#path)) {
      // The socket is nobody else's any more: without a listener its errors would end the process, and half closed it
      // would stay for ever.
      socket.on('error', () => {})
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
        socket.destroy(),
      )
      return
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#accept(webSocket, socket, path.slice(this.#path.length), request)
    })
  }

  #accept(socket: CodraftSocket, rawSocket: Duplex, path: string, request: IncomingMessage): void {
    const { access, clock, registry, logger, meter, limits, trustProxy } = this.#options
    socket.on('close', (code) => meter.closed(socket.sentCode ?? code))
    // Selected in the handshake; '' if the client offered none.
    const choice = chooseSubprotocol(socket.protocol === '' ? [] : [socket.protocol])
    const documentName = decodeDocumentName(path)
    if (this.#isClosing) return refuse(socket, clock, 'goingAway', 'the server is stopping')
    if (choice.kind === 'unknown')
      return refuse(socket, clock, 'clientTooOld', 'no subprotocol offered is known here')
    if (documentName === null) return refuse(socket, clock, 'noSuchDocument', 'not a legal document name')

    const address = clientAddress(request, trustProxy)
    const entrance = this.#counts.enter(documentName, placeOf(address))
    if (entrance.kind === 'full') {
      meter.limited(entrance.limit)
      logger.warn({ address, documentName, limit: entrance.limit }, 'refused a session')
      return refuse(socket, clock, 'tooManySessions', `${entrance.limit} is reached`)
    }
    socket.on('close', entrance.leave)

    const id = randomBytes(9).toString('base64url')
    const session = new Session(
      socket,
      rawSocket,
      {
        id,
        documentName,
        visitor: access.admit(id, documentName),
        isStock: choice.kind === 'stock',
        limits,
        meter,
      },
      registry,
      clock,
      logger.child({ address }),
    )
    this.#sessions.add(session)
    socket.on('close', () => this.#sessions.delete(session))
    return undefined
  }

  /** How many sessions are open, by what their clients speak. */
  get sessions(): { readonly stock: number; readonly codraft: number } {
    let stock = 0
    for (const { isStock } of this.#sessions) if (isStock) stock++
    return { stock, codraft: this.#sessions.size - stock }
  }

  /** How many bytes wait to be read by clients. */
  get backlogBytes(): number {
    let bytes = 0
    for (const session of this.#sessions) bytes += session.backlog
    return bytes
  }

  #scheduleBeat(): () => void {
    return this.#options.clock.after(BEAT_INTERVAL, () => {
      for (const session of this.#sessions) session.beat()
      this.#cancelBeat = this.#scheduleBeat()
    })
  }

  /** Takes no new sessions from now on; those that come are told to try again later. */
  stopAccepting(): void {
    this.#isClosing = true
  }

  /** How many sockets are open. */
  get size(): number {
    return this.#server.clients.size
  }

  /**
   * Closes all sessions, evenly over `spread` milliseconds, with a code that means try again. Resolves once their sockets
   * are closed; what is left of them after `timeout` milliseconds is cut off.
   */
  async close({ spread, timeout }: { readonly spread: number; readonly timeout: number }): Promise<void> {
    this.#isClosing = true
    this.#cancelBeat()
    const { clients } = this.#server
    const cancelCut = this.#options.clock.after(timeout, () => {
      for (const socket of clients) socket.terminate()
    })
    await this.#endSessions(spread)
    await Promise.all(Array.from(clients, closed))
    cancelCut()
  }

  /** Ends all sessions, a few at each step. */
  async #endSessions(spread: number): Promise<void> {
    const steps = Math.floor(spread / SPREAD_STEP) + 1
    const sessions = [...this.#sessions]
    for (let step = 0; step < steps; step++) {
      if (step > 0) await new Promise<void>((resolve) => this.#options.clock.after(SPREAD_STEP, resolve))
      const from = Math.floor((sessions.length * step) / steps)
      const to = Math.floor((sessions.length * (step + 1)) / steps)
      for (const session of sessions.slice(from, to)) session.end('goingAway', 'the server is stopping')
    }
  }
}

function refuse(socket: WebSocket, clock: Clock, reason: CloseReason, message: string): void {
  socket.on('error', () => {})
  socket.on('close', terminateLater(socket, clock))
  socket.close(closeCodes[reason], message)
}

function closed(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return Promise.resolve()
  return new Promise((resolve) => {
    socket.once('close', () => resolve())
  })
}
