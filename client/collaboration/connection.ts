import * as decoding from 'lib0/decoding'
import { getUnixTime } from 'lib0/time'
import * as awarenessProtocol from 'y-protocols/awareness'
import type { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import {
  closeCodes,
  decodeServerMessage,
  encodeDocumentName,
  encodeMessage,
  isRetryable,
  messageTypes,
  refusalReasons,
  syncTypes,
  type Hello,
  type ServerMessage,
} from '../../protocol/index.ts'
import { Alarm } from './alarm.ts'
import { AwarenessLink } from './awareness-link.ts'
import { collaborationUrl } from './collaboration-url.ts'
import type { ConnectionStatus } from './connection-status.ts'
import type { DocumentSize } from './document-size.ts'
import { synchronise } from './document-sync.ts'
import { Listeners } from './listeners.ts'
import { MeteredSocket, type SocketEnd, type SocketMeter } from './metered-socket.ts'
import { watchPage } from './page-events.ts'
import { Reconnection } from './reconnection.ts'
import { saveStateOf, type SaveState } from './save-state.ts'
import { ServerWatch } from './server-watch.ts'
import { StorageReport } from './storage-report.ts'
import { systemTimers, type Timers } from './timers.ts'
import { UnsavedChanges } from './unsaved-changes.ts'
import type { WebSocketConstructor } from './web-socket-constructor.ts'
import { createProvider } from './websocket-provider.ts'

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
  /**
   * Whether this client may change the document that a server has told it of, asked before anything of the document is
   * sent. If not, nothing is, and the connection ends with the code 4409. Default: it may change all.
   */
  readonly accepts?: (hello: Hello) => boolean
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
  /** How large the document is, once the server warns that it comes near its limit; null until then. */
  readonly documentSize: DocumentSize | null
  onStatus(listener: (status: ConnectionStatus) => void): () => void
  onSaveState(listener: (saveState: SaveState) => void): () => void
  onDocumentSize(listener: (size: DocumentSize | null) => void): () => void
  /** Told at every report of the server that leaves nothing unsaved, before the save state is. */
  onSaved(listener: () => void): () => void
  /** While waiting for the next attempt: tries at once. Otherwise nothing. */
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
/** Access denied in the way of y-protocols, which has no close code. */
const FORBIDDEN = 4403

/** Of Yjs's encoding of an update that holds nothing, in bytes. */
const EMPTY_UPDATE_LENGTH = 2

const knownTypes: ReadonlySet<number> = new Set(Object.values(messageTypes))

class ProviderConnection implements Connection, SocketMeter {
  readonly doc: Y.Doc
  readonly awareness: awarenessProtocol.Awareness
  readonly #provider: WebsocketProvider
  readonly #log: Pick<Console, 'debug' | 'error'>
  readonly #changes = new UnsavedChanges()
  readonly #statusListeners = new Listeners<ConnectionStatus>()
  readonly #saveStateListeners = new Listeners<SaveState>()
  readonly #savedListeners = new Listeners<null>()
  readonly #sizeListeners = new Listeners<DocumentSize | null>()
  readonly #stops: (() => void)[] = []
  readonly #accepts: (hello: Hello) => boolean
  readonly #watch: ServerWatch
  readonly #link: AwarenessLink
  readonly #reconnection: Reconnection
  readonly #openTimeout: Alarm
  #status: ConnectionStatus = { kind: 'connecting', attempt: 0 }
  #saveState: SaveState = { kind: 'reconnecting', unsaved: 0 }
  #documentSize: DocumentSize | null = null
  readonly #storage = new StorageReport()
  #wasSynced = false
  #socket: MeteredSocket | null = null
  /** How the socket ended, until that is told. */
  #lost: { readonly end: SocketEnd | null } | null = null
  /** Document messages that wait for the server's first message, which may say that they must not be sent; null after it. */
  #held: Uint8Array<ArrayBuffer>[] | null = null
  #resume: string | null = null

  constructor(options: ConnectionOptions) {
    const url = collaborationUrl(options.serverUrl)
    const path = encodeDocumentName(options.documentName)
    const WebSocket = options.WebSocket ?? globalThis.WebSocket
    if (WebSocket === undefined) throw new TypeError('This platform has no WebSocket, and none was passed')
    const timers = options.timers ?? systemTimers
    this.doc = options.doc
    this.#log = options.log ?? console
    this.#accepts = options.accepts ?? (() => true)
    if (options.awareness === undefined) {
      const awareness = new awarenessProtocol.Awareness(this.doc)
      this.awareness = awareness
      this.#stops.push(() => awareness.destroy())
    } else {
      this.awareness = options.awareness
    }
    const connect = (): void => this.#provider.connect()
    this.#reconnection = new Reconnection(connect, timers, options.random ?? Math.random)
    this.#openTimeout = new Alarm(timers, () => this.#socket?.drop())
    this.#watch = this.#createWatch(timers)
    this.#stops.push(() => this.#clearTimers())

    if (holdsSomething(this.doc)) this.#changes.made()
    // Before the provider's own listener, which sends the change: a change is counted before it leaves.
    const onUpdate = (_update: Uint8Array, origin: unknown): void => this.#changed(origin)
    this.doc.on('update', onUpdate)
    this.#stops.push(() => this.doc.off('update', onUpdate))

    this.#provider = this.#createProvider(url, path, WebSocket)
    // Last of all to stop: what it says of this client's leaving still passes through here.
    this.#stops.unshift(() => this.#provider.destroy())
    this.#link = this.#createLink()
    this.#stops.push(() => this.#link.close())
    this.#stops.push(this.#watchPage())
    this.#tellSaveState()
    this.#provider.connect()
  }

  get status(): ConnectionStatus {
    return this.#status
  }

  get saveState(): SaveState {
    return this.#saveState
  }

  get documentSize(): DocumentSize | null {
    return this.#documentSize
  }

  onDocumentSize(listener: (size: DocumentSize | null) => void): () => void {
    return this.#sizeListeners.add(listener)
  }

  onStatus(listener: (status: ConnectionStatus) => void): () => void {
    return this.#statusListeners.add(listener)
  }

  onSaveState(listener: (saveState: SaveState) => void): () => void {
    return this.#saveStateListeners.add(listener)
  }

  onSaved(listener: () => void): () => void {
    return this.#savedListeners.add(listener)
  }

  retry(): void {
    if (this.#status.kind !== 'connecting' || this.#socket !== null) return
    this.#reconnection.clear()
    this.#provider.connect()
  }

  close(): void {
    if (this.#status.kind === 'closed') return
    this.#setStatus({ kind: 'closed' })
    for (const stop of this.#stops) stop()
    this.#statusListeners.clear()
    this.#saveStateListeners.clear()
    this.#savedListeners.clear()
    this.#sizeListeners.clear()
  }

  #createWatch(timers: Timers): ServerWatch {
    const changes = this.#changes
    return new ServerWatch(
      {
        get hasUnsaved() {
          return changes.unsaved > 0
        },
        ask: () => this.#send({ type: 'query-awareness' }),
        keepAlive: () => this.#send({ type: 'keep-alive' }),
        giveUp: () => this.#socket?.drop(),
        overdue: () => this.#tellSaveState(),
      },
      timers,
    )
  }

  #createProvider(url: string, path: string, WebSocket: WebSocketConstructor): WebsocketProvider {
    const provider = createProvider(url, path, {
      doc: this.doc,
      awareness: this.awareness,
      openSocket: (socketUrl, protocols) =>
        (this.#socket = new MeteredSocket(WebSocket, socketUrl, protocols, this)),
    })
    provider.messageHandlers[messageTypes.sync] = (encoder, decoder) => {
      if (synchronise(this.doc, provider, encoder, decoder) === syncTypes.step2) this.#synced()
    }
    provider.messageHandlers[messageTypes.awareness] = (_encoder, decoder) =>
      this.#link.receive(decoder, provider)
    provider.messageHandlers[messageTypes.queryAwareness] = () => this.#link.announce()
    provider.on('connection-close', (event) => this.#disconnected(event))
    provider.on('status', (event) => {
      if (event.status === 'connecting') this.#openTimeout.set(OPEN_TIMEOUT)
      if (event.status === 'connected') this.#connected()
      if (event.status === 'disconnected') {
        this.#link.forgetOthers()
        this.#tellLoss()
      }
    })
    return provider
  }

  #createLink(): AwarenessLink {
    const isGreeted = (): boolean => this.#hello !== null
    return new AwarenessLink(this.awareness, {
      get tellsWhoLeft() {
        return isGreeted()
      },
      send: (frame) => {
        if (this.#provider.wsconnected) this.#socket?.send(frame)
      },
    })
  }

  #watchPage(): () => void {
    return watchPage({
      online: () => {
        this.#reconnection.isOffline = false
        this.retry()
      },
      offline: () => {
        this.#reconnection.isOffline = true
        this.#socket?.drop()
      },
      visible: () => this.retry(),
    })
  }

  opened(): void {
    this.#openTimeout.clear()
    this.#storage.opened()
    this.#held = []
    this.#changes.opened()
  }

  sending(frame: Uint8Array<ArrayBuffer>): boolean {
    const [type, syncType, length] = frame
    if (type === messageTypes.sync && syncType !== syncTypes.step1) {
      if (this.#held !== null) {
        this.#held.push(frame)
        return false
      }
      // No update is shorter than two bytes, and one of two holds nothing.
      if (syncType === syncTypes.step2) this.#changes.sentSyncStep2(length === EMPTY_UPDATE_LENGTH)
      if (syncType === syncTypes.update) this.#changes.sentUpdate()
    }
    this.#watch.sent()
    return true
  }

  received(frame: Uint8Array | null): boolean {
    this.#watch.heard()
    try {
      return frame !== null ? this.#receive(frame) : this.#break(new TypeError('A text frame came'))
    } catch (error) {
      return this.#break(error)
    }
  }

  closed(): void {
    this.#tellLoss()
  }

  failed(error: unknown): void {
    this.#break(error)
  }

  /** There is no socket, or the server said something that cannot be; a new connection starts from what both sides have. */
  #break(error: unknown): false {
    this.#log.error('Reconnecting after an error', error)
    this.#socket?.drop()
    return false
  }

  #receive(frame: Uint8Array): boolean {
    const type = decoding.readVarUint(decoding.createDecoder(frame))
    if (!knownTypes.has(type)) {
      this.#log.debug(`Ignored a message of the unknown type ${type}`)
      return false
    }
    // y-websocket gives up after 30 s without a message, by this clock, and looks here, also for those that it never sees.
    this.#provider.wsLastMessageReceived = getUnixTime()
    return this.#handle(decodeServerMessage(frame))
  }

  /** True if y-websocket shall handle it. */
  #handle(message: ServerMessage): boolean {
    if (message.type !== 'hello') this.#release()
    switch (message.type) {
      case 'sync-step-1':
      case 'sync-step-2':
      case 'update':
      case 'awareness':
      case 'query-awareness':
        return true
      case 'ack':
        this.#acked(message.count)
        return false
      case 'refused':
        this.#end(closeCodes[refusalReasons[message.code]], message.reason)
        return false
      case 'hello':
        this.#greeted(message.hello)
        return false
      case 'permission-denied':
        this.#end(FORBIDDEN, message.reason)
        return false
      case 'event':
        if (message.event.type === 'document') this.#setDocumentSize(message.event)
        if (message.event.type === 'storage') this.#setStorage(message.event.status)
        return false
      case 'keep-alive':
        return false
    }
  }

  #setStorage(status: 'failing' | 'working'): void {
    this.#storage.told(status)
    this.#tellSaveState()
  }

  get #hello(): Hello | null {
    return this.#status.kind === 'syncing' || this.#status.kind === 'synced' ? this.#status.hello : null
  }

  #connected(): void {
    this.#reconnection.connected()
    if (this.#resume !== null) this.#send({ type: 'resume', secret: this.#resume })
    this.#watch.connected()
    this.#setStatus({ kind: 'syncing', hello: null })
    this.#link.renew()
  }

  #greeted(hello: Hello): void {
    if (!this.#accepts(hello)) {
      const { form, version } = hello.document
      this.#end(closeCodes.clientTooOld, `The document is of the form ${form} ${version}`)
      return
    }
    this.#resume = hello.resume
    // If it is still near its limit, that is told again.
    this.#setDocumentSize(null)
    this.#watch.greeted()
    this.#release()
    const { kind } = this.#status
    if (kind === 'syncing' || kind === 'synced') this.#setStatus({ kind, hello })
  }

  #setDocumentSize(size: DocumentSize | null): void {
    if (size === null && this.#documentSize === null) return
    this.#documentSize = size && { bytes: size.bytes, limit: size.limit }
    this.#sizeListeners.tell(this.#documentSize)
  }

  /** From now on document messages may leave. */
  #release(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const frame of held) this.#socket?.send(frame)
  }

  #synced(): void {
    this.#provider.synced = true
    this.#wasSynced = true
    this.#storage.synced()
    this.#reconnection.synced()
    if (this.#status.kind === 'syncing') this.#setStatus({ kind: 'synced', hello: this.#status.hello })
  }

  #disconnected(end: SocketEnd | null): void {
    this.#socket = null
    this.#held = null
    this.#changes.closed()
    this.#storage.closed(end?.code)
    this.#clearTimers()
    // y-websocket's timer, which has neither jitter nor an end, then finds nothing to do.
    this.#provider.shouldConnect = false
    this.#lost = { end }
  }

  /** Once y-websocket has let go of the socket: a listener may connect anew. */
  #tellLoss(): void {
    const lost = this.#lost
    this.#lost = null
    if (lost === null || this.#status.kind === 'ended' || this.#status.kind === 'closed') return
    const { end } = lost
    if (end !== null && !isRetryable(end.code)) {
      this.#setStatus({ kind: 'ended', code: end.code, reason: end.reason })
      return
    }
    this.#reconnection.lost()
    this.#setStatus({ kind: 'connecting', attempt: this.#reconnection.attempt })
  }

  #end(code: number, reason: string): void {
    const socket = this.#socket
    this.#setStatus({ kind: 'ended', code, reason })
    socket?.drop()
  }

  #clearTimers(): void {
    this.#reconnection.clear()
    this.#openTimeout.clear()
    this.#watch.disconnected()
  }

  #changed(origin: unknown): void {
    if (origin === this.#provider) return
    this.#changes.made()
    this.#watch.changed()
    this.#tellSaveState()
  }

  #acked(count: number): void {
    if (this.#changes.acked(count)) {
      this.#reconnection.succeeded()
      this.#watch.saved()
    }
    if (this.#changes.unsaved === 0 && this.#changes.isConfirmed) this.#savedListeners.tell(null)
    this.#tellSaveState()
  }

  #send(message: Parameters<typeof encodeMessage>[0]): void {
    this.#socket?.send(new Uint8Array(encodeMessage(message)))
  }

  #setStatus(status: ConnectionStatus): void {
    this.#status = status
    this.#tellSaveState()
    // A listener may have brought about another one, of which all have been told.
    if (this.#status === status) this.#statusListeners.tell(status)
  }

  #tellSaveState(): void {
    const next = saveStateOf({
      status: this.#status,
      unsaved: this.#changes.unsaved,
      isOverdue: this.#watch.isOverdue,
      wasSynced: this.#wasSynced,
      isConfirmed: this.#changes.isConfirmed,
      isStorageFailing: this.#storage.isFailing,
    })
    const { kind, unsaved, reason } = this.#saveState
    if (next.kind === kind && next.unsaved === unsaved && next.reason === reason) return
    this.#saveState = next
    this.#saveStateListeners.tell(next)
  }
}

/** Also true of a document that holds only deletions, or updates that wait for others. */
function holdsSomething(doc: Y.Doc): boolean {
  return Y.encodeStateAsUpdate(doc).length > EMPTY_UPDATE_LENGTH
}
