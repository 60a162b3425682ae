import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import {
  decodeServerMessage,
  encodeDocumentName,
  encodeMessage,
  type AwarenessEntry,
  type ClientMessage,
  type Hello,
  type ServerMessage,
  type SyncStep2,
  type Update,
} from '../../../protocol/index.ts'

/** How a client connects. */
export interface TestClientOptions {
  /** The subprotocols to offer; none makes a stock client. */
  readonly subprotocols?: readonly string[]
  readonly doc?: Y.Doc
  /** A resume secret to present first. */
  readonly resume?: string
  /** Whether to take part in the sync by itself; true by default. */
  readonly isSyncing?: boolean
  /** More headers of the request, such as a proxy would add. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A client that speaks the protocol over a real socket and remembers everything that it was told. */
export class TestClient {
  readonly doc: Y.Doc
  readonly socket: WebSocket
  readonly received: ServerMessage[] = []
  /** What others' awareness states are here. */
  readonly awareness = new Map<number, AwarenessEntry>()
  /** The document messages that it has sent, in order. */
  readonly documentMessages: (SyncStep2 | Update)[] = []
  closeCode: number | null = null
  #waiting = new Set<() => void>()

  /** Connects, and resolves when the socket is open. */
  static async connect(
    url: string,
    documentName: string,
    options: TestClientOptions = {},
  ): Promise<TestClient> {
    const client = new TestClient(
      `${url.replace('http', 'ws')}collab/${encodeDocumentName(documentName)}`,
      options,
    )
    await client.until(() => client.socket.readyState !== WebSocket.CONNECTING)
    return client
  }

  constructor(
    url: string,
    {
      subprotocols = ['codraft.1'],
      doc = new Y.Doc(),
      resume,
      isSyncing = true,
      headers = {},
    }: TestClientOptions = {},
  ) {
    this.doc = doc
    this.socket = new WebSocket(url, [...subprotocols], { headers })
    this.socket.on('open', () => {
      if (resume !== undefined) this.send({ type: 'resume', secret: resume })
      if (isSyncing) this.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) })
      this.#wake()
    })
    this.socket.on('message', (data) => {
      const message = decodeServerMessage(Uint8Array.from(data as Buffer))
      this.received.push(message)
      if (isSyncing) this.#sync(message)
      this.#wake()
    })
    const onUpdate = (update: Uint8Array, origin: unknown): void => {
      if (origin !== this && isSyncing) this.send({ type: 'update', update })
    }
    doc.on('update', onUpdate)
    this.socket.on('close', (code) => {
      doc.off('update', onUpdate)
      this.closeCode = code
      this.#wake()
    })
    this.socket.on('error', () => {})
    onTestFinished(() => this.socket.terminate())
  }

  #sync(message: ServerMessage): void {
    if (message.type === 'sync-step-1') {
      this.send({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.doc, message.stateVector) })
    } else if (message.type === 'sync-step-2' || message.type === 'update') {
      Y.applyUpdate(this.doc, message.update, this)
    } else if (message.type === 'awareness') {
      for (const entry of message.entries) this.awareness.set(entry.clientID, entry)
    }
  }

  send(message: ClientMessage): void {
    if (this.socket.readyState !== WebSocket.OPEN) return
    if (message.type === 'sync-step-2' || message.type === 'update') this.documentMessages.push(message)
    this.sendBytes(encodeMessage(message))
  }

  sendBytes(frame: Uint8Array | string): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(frame)
  }

  announce(clientID: number, clock: number, state: object | null): void {
    this.send({
      type: 'awareness',
      entries: [{ clientID, clock, state: state === null ? null : JSON.stringify(state) }],
    })
  }

  get text(): Y.Text {
    return this.doc.getText('text')
  }

  /** How many document messages it has sent. */
  get sent(): number {
    return this.documentMessages.length
  }

  get acked(): number {
    return this.last('ack')?.count ?? 0
  }

  get hello(): Hello {
    const message = this.last('hello')
    if (message === undefined) throw new Error('no hello has come')
    return message.hello
  }

  last<T extends ServerMessage['type']>(type: T): Extract<ServerMessage, { type: T }> | undefined {
    return this.received.findLast(
      (message): message is Extract<ServerMessage, { type: T }> => message.type === type,
    )
  }

  count(type: ServerMessage['type']): number {
    return this.received.filter((message) => message.type === type).length
  }

  /** Resolves as soon as something holds, looking again at everything that happens on the socket. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  /** Resolves when a message that satisfies the test has come. */
  async untilReceived(type: ServerMessage['type']): Promise<void> {
    await this.until(() => this.last(type) !== undefined)
  }

  async untilClosed(): Promise<number> {
    await this.until(() => this.closeCode !== null)
    return this.closeCode ?? 0
  }

  /** Resolves when the server has handled everything sent so far: it answers in order. */
  async roundTrip(): Promise<void> {
    const answers = this.count('sync-step-2')
    this.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) })
    await this.until(() => this.count('sync-step-2') > answers || this.closeCode !== null)
  }

  async untilSaved(): Promise<void> {
    await this.until(() => this.sent > 0 && this.acked === this.sent)
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const resolve of waiting) resolve()
  }
}
