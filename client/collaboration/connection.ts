import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as awarenessProtocol from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import {
  closeCodes,
  decodeServerMessage,
  encodeDocumentName,
  encodeMessage,
  isRetryable,
  messageTypes,
  subprotocols,
  syncTypes,
  type Hello,
  type ServerMessage,
} from '../../protocol/index.ts'
import { Alarm } from './alarm.ts'
import { collaborationUrl } from './collaboration-url.ts'
import type { ConnectionStatus } from './connection-status.ts'
import { Listeners } from './listeners.ts'
import { MeteredSocket, type SocketEnd, type SocketMeter } from './metered-socket.ts'
import { OFFLINE_DELAY, reconnectDelay } from './reconnect-delay.ts'
import { saveStateOf, type SaveState } from './save-state.ts'
import { systemTimers, type Timers } from './timers.ts'
import { UnsavedChanges } from './unsaved-changes.ts'
import type { WebSocketConstructor } from './web-socket-constructor.ts'

export type { ConnectionStatus } from './connection-status.ts'
export type { SaveState } from './save-state.ts'

export interface ConnectionOptions {
  /** `https://example.org`, or `wss://`; a path is kept: `/codraft` makes `/codraft/collab/<name>`. */
  readonly serverUrl: string
  /** Throws a `RangeError` if it is not legal. */
  readonly documentName: string
  /** What it holds already counts as one unsaved change, until the server says otherwise. */
  readonly doc: Y.Doc
  /** Default: one of its own, which `close()` ends. While its local state is null, nobody is told of this client. */
  readonly awareness?: awarenessProtocol.Awareness
  /** Default: the platform's. */
  readonly WebSocket?: WebSocketConstructor
  readonly timers?: Timers
  /** In [0, 1), for the jitter. */
  readonly random?: () => number
  /** Default: the console. */
  readonly log?: Pick<Console, 'debug' | 'error'>
}

/** Keeps a document in step with the server's, from its creation until `close()`. */
export interface Connection {
  readonly doc: Y.Doc
  readonly awareness: awarenessProtocol.Awareness
  readonly status: ConnectionStatus
  readonly saveState: SaveState
  onStatus(listener: (status: ConnectionStatus) => void): () => void
  onSaveState(listener: (saveState: SaveState) => void): () => void
  /** While connecting: tries at once. Otherwise nothing. */
  retry(): void
  /** May be called twice. */
  close(): void
}

/** Connects at once, and again whenever the connection is lost. */
export function createConnection(options: ConnectionOptions): Connection {
  return new ProviderConnection(options)
}

/** A socket that has not opened after this many milliseconds is given up. */
const OPEN_TIMEOUT = 10_000
/** Changes without an ack for this long are no longer on their way, they are unsaved. */
const ACK_TIMEOUT = 3_000
/** With unsaved changes, a server silent for this long is asked to answer, and after as long again given up. */
const SILENCE_TIMEOUT = 5_000
/** A server that has heard nothing for this long is told that this client is there. */
const KEEP_ALIVE_INTERVAL = 20_000
/** Access denied in the way of y-protocols, which has no close code. */
const FORBIDDEN = 4403

const knownTypes: ReadonlySet<number> = new Set(Object.values(messageTypes))

class ProviderConnection implements Connection, SocketMeter {
  readonly doc: Y.Doc
  readonly awareness: awarenessProtocol.Awareness
  readonly #provider: WebsocketProvider
  readonly #log: Pick<Console, 'debug' | 'error'>
  readonly #random: () => number
  readonly #changes = new UnsavedChanges()
  readonly #statusListeners = new Listeners<ConnectionStatus>()
  readonly #saveStateListeners = new Listeners<SaveState>()
  readonly #stops: (() => void)[] = []
  readonly #alarms: {
    readonly connect: Alarm
    readonly open: Alarm
    readonly ack: Alarm
    readonly silence: Alarm
    readonly keepAlive: Alarm
  }
  #status: ConnectionStatus = { kind: 'connecting', attempt: 0 }
  #saveState: SaveState = { kind: 'reconnecting', unsaved: 0 }
  #socket: MeteredSocket | null = null
  /**
   * Whether the server of the open socket has said hello. That it selected the subprotocol proves nothing: stock servers
   * take whatever is offered.
   */
  #speaksCodraft = false
  #resume: string | null = null
  #attempt = 0
  #overdue = false
  #asked = false
  #offline = false

  constructor(options: ConnectionOptions) {
    const url = collaborationUrl(options.serverUrl)
    const path = encodeDocumentName(options.documentName)
    const WebSocket = options.WebSocket ?? globalThis.WebSocket
    if (WebSocket === undefined) throw new TypeError('This platform has no WebSocket, and none was passed')
    const timers = options.timers ?? systemTimers
    this.doc = options.doc
    this.#log = options.log ?? console
    this.#random = options.random ?? Math.random
    if (options.awareness === undefined) {
      const awareness = new awarenessProtocol.Awareness(this.doc)
      this.awareness = awareness
      this.#stops.push(() => awareness.destroy())
    } else {
      this.awareness = options.awareness
    }
    this.#alarms = {
      connect: new Alarm(timers, () => this.#provider.connect()),
      open: new Alarm(timers, () => this.#socket?.drop()),
      ack: new Alarm(timers, () => this.#setOverdue(true)),
      silence: new Alarm(timers, () => this.#silent()),
      keepAlive: new Alarm(timers, () => this.#send({ type: 'keep-alive' })),
    }
    this.#stops.push(() => {
      for (const alarm of Object.values(this.#alarms)) alarm.clear()
    })

    if (holdsSomething(this.doc)) this.#changes.made()
    // Before the provider's own listener, which sends the change: a change is counted before it leaves.
    const onUpdate = (_update: Uint8Array, origin: unknown): void => this.#changed(origin)
    this.doc.on('update', onUpdate)
    this.#stops.push(() => this.doc.off('update', onUpdate))

    this.#provider = this.#createProvider(url, path, WebSocket)
    // Last of all to stop: what it says of this client's leaving still passes through here.
    this.#stops.unshift(() => this.#provider.destroy())
    this.#announceOwnStateOnly()
    this.#watchPage()
    this.#tellSaveState()
    this.#provider.connect()
  }

  get status(): ConnectionStatus {
    return this.#status
  }

  get saveState(): SaveState {
    return this.#saveState
  }

  onStatus(listener: (status: ConnectionStatus) => void): () => void {
    return this.#statusListeners.add(listener)
  }

  onSaveState(listener: (saveState: SaveState) => void): () => void {
    return this.#saveStateListeners.add(listener)
  }

  retry(): void {
    if (this.#status.kind !== 'connecting' || this.#socket !== null) return
    this.#alarms.connect.clear()
    this.#provider.connect()
  }

  close(): void {
    if (this.#status.kind === 'closed') return
    this.#setStatus({ kind: 'closed' })
    for (const stop of this.#stops) stop()
    this.#statusListeners.clear()
    this.#saveStateListeners.clear()
  }

  #createProvider(url: string, path: string, WebSocket: WebSocketConstructor): WebsocketProvider {
    const opening = (socketUrl: string, protocols: string[]): MeteredSocket =>
      (this.#socket = new MeteredSocket(WebSocket, socketUrl, protocols, this))
    function ProviderSocket(socketUrl: string, protocols: string[]): MeteredSocket {
      return opening(socketUrl, protocols)
    }
    const provider = new WebsocketProvider(url, path, this.doc, {
      connect: false,
      awareness: this.awareness,
      protocols: [...subprotocols],
      // Its channel between tabs would pass changes on whoever the tabs' users are.
      disableBc: true,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- y-websocket asks for all of WebSocket and uses what MeteredSocket has
      WebSocketPolyfill: ProviderSocket as unknown as typeof globalThis.WebSocket,
    })
    provider.messageHandlers[messageTypes.sync] = (encoder, decoder) => this.#synchronise(encoder, decoder)
    provider.messageHandlers[messageTypes.queryAwareness] = () => this.#announce()
    provider.on('connection-close', (event) => this.#disconnected(event))
    provider.on('status', (event) => {
      if (event.status === 'connecting') this.#alarms.open.set(OPEN_TIMEOUT)
      if (event.status === 'connected') this.#connected()
      if (event.status === 'disconnected') this.#forgetOthers()
    })
    return provider
  }

  /** y-websocket's own handler sends back whatever it receives about others. */
  #announceOwnStateOnly(): void {
    // oxlint-disable-next-line eslint/no-underscore-dangle -- y-websocket has no option for it
    this.awareness.off('update', this.#provider._awarenessUpdateHandler)
    const onAwareness = (change: Readonly<Record<'added' | 'updated' | 'removed', number[]>>): void => {
      const own = this.awareness.clientID
      if (Object.values(change).some((clients) => clients.includes(own))) this.#announce()
    }
    this.awareness.on('update', onAwareness)
    this.#stops.push(() => this.awareness.off('update', onAwareness))
  }

  #announce(): void {
    if (!this.#provider.wsconnected) return
    const update = awarenessProtocol.encodeAwarenessUpdate(this.awareness, [this.awareness.clientID])
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, messageTypes.awareness)
    encoding.writeVarUint8Array(encoder, update)
    this.#socket?.send(encoding.toUint8Array(encoder))
  }

  #watchPage(): void {
    if (typeof window === 'undefined') return
    const online = (): void => {
      this.#offline = false
      this.retry()
    }
    const offline = (): void => {
      this.#offline = true
      this.#socket?.drop()
    }
    const visible = (): void => {
      if (document.visibilityState === 'visible') this.retry()
    }
    window.addEventListener('online', online)
    window.addEventListener('offline', offline)
    document.addEventListener('visibilitychange', visible)
    this.#stops.push(() => {
      window.removeEventListener('online', online)
      window.removeEventListener('offline', offline)
      document.removeEventListener('visibilitychange', visible)
    })
  }

  opened(): void {
    this.#alarms.open.clear()
    this.#changes.opened()
  }

  sending(frame: Uint8Array): void {
    if (this.#speaksCodraft) this.#alarms.keepAlive.set(KEEP_ALIVE_INTERVAL)
    const [type, syncType] = frame
    if (type !== messageTypes.sync) return
    if (syncType === syncTypes.step2) this.#changes.sentSyncStep2()
    if (syncType === syncTypes.update) this.#changes.sentUpdate()
  }

  received(frame: Uint8Array | null): boolean {
    this.#asked = false
    this.#watchSilence(true)
    try {
      return frame !== null ? this.#receive(frame) : this.#break(new TypeError('A text frame came'))
    } catch (error) {
      return this.#break(error)
    }
  }

  failed(error: unknown): void {
    this.#break(error)
  }

  /** The server said something that cannot be; a new connection starts from what both sides have. */
  #break(error: unknown): false {
    this.#log.error('Reconnecting after a message that could not be handled', error)
    this.#socket?.drop()
    return false
  }

  #receive(frame: Uint8Array): boolean {
    const type = decoding.readVarUint(decoding.createDecoder(frame))
    if (!knownTypes.has(type)) {
      this.#log.debug(`Ignored a message of the unknown type ${type}`)
      return false
    }
    // y-websocket gives up after 30 s without a message and looks here, also for those that it never sees.
    this.#provider.wsLastMessageReceived = Date.now()
    return this.#handle(decodeServerMessage(frame))
  }

  /** True if y-websocket shall handle it. */
  #handle(message: ServerMessage): boolean {
    switch (message.type) {
      case 'sync-step-1':
      case 'sync-step-2':
      case 'update':
      case 'awareness':
      case 'query-awareness':
        return true
      case 'ack':
        if (this.#changes.acked(message.count)) this.#saved()
        return false
      case 'refused':
        this.#end(closeCodes[message.code], message.reason)
        return false
      case 'hello':
        this.#greeted(message.hello)
        return false
      case 'permission-denied':
        this.#end(FORBIDDEN, message.reason)
        return false
      case 'keep-alive':
        return false
    }
  }

  /** As y-protocols does it, which prints and forgets what goes wrong. */
  #synchronise(encoder: encoding.Encoder, decoder: decoding.Decoder): void {
    const syncType = decoding.readVarUint(decoder)
    const payload = decoding.readVarUint8Array(decoder)
    if (syncType === syncTypes.step1) {
      encoding.writeVarUint(encoder, messageTypes.sync)
      encoding.writeVarUint(encoder, syncTypes.step2)
      encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(this.doc, payload))
      return
    }
    Y.applyUpdate(this.doc, payload, this.#provider)
    if (syncType === syncTypes.step2) this.#synced()
  }

  #connected(): void {
    if (this.#resume !== null) this.#send({ type: 'resume', secret: this.#resume })
    this.#setStatus({ kind: 'syncing', hello: null })
    this.#watchAcks()
    this.#watchSilence(true)
    // With a new clock: under the old one the server may still hold the state that ended with the last connection.
    const state = this.awareness.getLocalState()
    if (state !== null) this.awareness.setLocalState({ ...state })
  }

  #greeted(hello: Hello): void {
    this.#resume = hello.resume
    this.#speaksCodraft = true
    this.#alarms.keepAlive.set(KEEP_ALIVE_INTERVAL)
    this.#watchSilence(true)
    const { kind } = this.#status
    if (kind === 'syncing' || kind === 'synced') this.#setStatus({ kind, hello })
  }

  #synced(): void {
    this.#provider.synced = true
    this.#attempt = 0
    if (this.#status.kind === 'syncing') this.#setStatus({ kind: 'synced', hello: this.#status.hello })
  }

  /** Whoever is still there when we are back has the same clock, which would count as known. */
  #forgetOthers(): void {
    for (const client of this.awareness.meta.keys()) {
      if (client !== this.awareness.clientID) this.awareness.meta.delete(client)
    }
  }

  #disconnected(end: SocketEnd | null): void {
    this.#socket = null
    this.#changes.closed()
    for (const alarm of Object.values(this.#alarms)) alarm.clear()
    this.#overdue = false
    this.#asked = false
    this.#speaksCodraft = false
    // y-websocket's timer, which has neither jitter nor an end, then finds nothing to do.
    this.#provider.shouldConnect = false
    if (this.#status.kind === 'ended' || this.#status.kind === 'closed') return
    if (end !== null && !isRetryable(end.code)) {
      this.#setStatus({ kind: 'ended', code: end.code, reason: end.reason })
      return
    }
    const delay = this.#offline ? OFFLINE_DELAY : reconnectDelay(this.#attempt, this.#random)
    this.#attempt++
    this.#alarms.connect.set(delay)
    this.#setStatus({ kind: 'connecting', attempt: this.#attempt })
  }

  #end(code: number, reason: string): void {
    this.#setStatus({ kind: 'ended', code, reason })
    this.#socket?.drop()
  }

  #changed(origin: unknown): void {
    if (origin === this.#provider) return
    this.#changes.made()
    this.#watchAcks()
    this.#watchSilence(false)
    this.#tellSaveState()
  }

  #saved(): void {
    this.#alarms.ack.clear()
    this.#overdue = false
    this.#watchAcks()
    this.#watchSilence(false)
    this.#tellSaveState()
  }

  get #isOpen(): boolean {
    return this.#status.kind === 'syncing' || this.#status.kind === 'synced'
  }

  #watchAcks(): void {
    if (this.#isOpen && this.#changes.unsaved > 0 && !this.#overdue && !this.#alarms.ack.isSet) {
      this.#alarms.ack.set(ACK_TIMEOUT)
    }
  }

  #setOverdue(overdue: boolean): void {
    this.#overdue = overdue
    this.#tellSaveState()
  }

  /** A stock server answers nothing that could be asked, so its silence proves nothing. */
  #watchSilence(heard: boolean): void {
    const { silence } = this.#alarms
    if (!this.#isOpen || !this.#speaksCodraft || this.#changes.unsaved === 0) silence.clear()
    else if (heard || !silence.isSet) silence.set(SILENCE_TIMEOUT)
  }

  #silent(): void {
    if (this.#asked) {
      this.#socket?.drop()
      return
    }
    this.#asked = true
    this.#send({ type: 'query-awareness' })
    this.#alarms.silence.set(SILENCE_TIMEOUT)
  }

  #send(message: Parameters<typeof encodeMessage>[0]): void {
    this.#socket?.send(new Uint8Array(encodeMessage(message)))
  }

  #setStatus(status: ConnectionStatus): void {
    this.#status = status
    this.#tellSaveState()
    this.#statusListeners.tell(status)
  }

  #tellSaveState(): void {
    const next = saveStateOf(this.#status.kind, this.#changes.unsaved, this.#overdue)
    if (next.kind === this.#saveState.kind && next.unsaved === this.#saveState.unsaved) return
    this.#saveState = next
    this.#saveStateListeners.tell(next)
  }
}

/** Also true of a document that holds only deletions, or updates that wait for others. */
function holdsSomething(doc: Y.Doc): boolean {
  const emptyUpdateLength = 2
  return Y.encodeStateAsUpdate(doc).length > emptyUpdateLength
}
