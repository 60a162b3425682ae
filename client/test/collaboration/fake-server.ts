import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import * as Y from 'yjs'
import {
  decodeClientMessage,
  encodeMessage,
  type ClientMessage,
  type Hello,
  type ServerMessage,
} from '../../../protocol/index.ts'

export const hello: Hello = {
  session: 's1',
  user: { id: 'u1' },
  role: 'editor',
  limits: { messageBytes: 1_000_000 },
  document: { form: 'xml', version: 1 },
  resume: 'secret',
}

/** One client's connection, seen from the server. Nothing is answered but by the test. */
export class FakeSession {
  readonly url: string
  readonly messages: ClientMessage[] = []
  isOpen = true
  readonly isCodraft: boolean
  readonly #socket: WebSocket
  readonly #waiting: (() => void)[] = []

  constructor(socket: WebSocket, url: string, isCodraft: boolean) {
    this.#socket = socket
    this.isCodraft = isCodraft
    this.url = url
    socket.on('message', (data: Buffer) => {
      this.messages.push(decodeClientMessage(new Uint8Array(data)))
      this.#wake()
    })
    socket.on('close', () => {
      this.isOpen = false
      this.#wake()
    })
  }

  get protocol(): string {
    return this.#socket.protocol
  }

  send(message: ServerMessage): void {
    this.sendBytes(encodeMessage(message))
  }

  sendBytes(frame: Uint8Array | string): void {
    this.#socket.send(frame)
  }

  /** What a server does first. */
  greet(doc: Y.Doc, greeting: Hello = hello): void {
    if (this.isCodraft) this.send({ type: 'hello', hello: greeting })
    this.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) })
  }

  /** Answers the client's sync step 1, once it has come. */
  async answer(doc: Y.Doc): Promise<void> {
    const { stateVector } = await this.next('sync-step-1')
    this.send({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(doc, stateVector) })
  }

  /** The first message of a type, from the one at an index on. */
  async next<Type extends ClientMessage['type']>(
    type: Type,
    from = 0,
  ): Promise<Extract<ClientMessage, { readonly type: Type }>> {
    for (;;) {
      const found = this.messages.slice(from).find((message) => isOfType(message, type))
      if (found !== undefined && isOfType(found, type)) return found
      await this.#change()
    }
  }

  async ended(): Promise<void> {
    while (this.isOpen) await this.#change()
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason)
  }

  terminate(): void {
    this.#socket.terminate()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

function isOfType<Type extends ClientMessage['type']>(
  message: ClientMessage,
  type: Type,
): message is Extract<ClientMessage, { readonly type: Type }> {
  return message.type === type
}

/** A server whose every word the test says. */
export class FakeServer {
  readonly #server: WebSocketServer
  readonly #sessions: FakeSession[] = []
  readonly #waiting: ((session: FakeSession) => void)[] = []

  private constructor(server: WebSocketServer, isCodraft: boolean) {
    this.#server = server
    server.on('connection', (socket, request) => {
      const session = new FakeSession(socket, request.url ?? '', isCodraft)
      const waiting = this.#waiting.shift()
      if (waiting === undefined) this.#sessions.push(session)
      else waiting(session)
    })
  }

  /** A stock server selects what is offered, as `ws` does, and knows nothing of it. */
  static async start(kind: 'codraft' | 'stock' = 'codraft'): Promise<FakeServer> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    return new FakeServer(server, kind === 'codraft')
  }

  get port(): number {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a server that listens on a port
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** The next session that nobody has taken yet. */
  session(): Promise<FakeSession> {
    const session = this.#sessions.shift()
    return session === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(session)
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
