import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import {
  createConnection,
  type Connection,
  type ConnectionOptions,
  type ConnectionStatus,
  type SaveState,
} from '../../collaboration/connection.ts'
import type { FakeServer, FakeSession } from './fake-server.ts'
import { ManualTimers } from './manual-timers.ts'
import { NodeWebSocket } from './node-web-socket.ts'

/** A client of a fake server, with a clock of its own; it reconnects only when that clock moves. */
export class Client {
  readonly doc: Y.Doc
  readonly timers = new ManualTimers()
  readonly connection: Connection
  readonly logged: unknown[] = []
  readonly #waiting: (() => void)[] = []

  constructor(
    server: FakeServer,
    doc = new Y.Doc(),
    awareness?: Awareness,
    options: Partial<ConnectionOptions> = {},
  ) {
    this.doc = doc
    const log = (...values: readonly unknown[]): void => void this.logged.push(...values)
    this.connection = createConnection({
      serverUrl: server.url,
      documentName: 'a/b c',
      doc,
      ...(awareness !== undefined && { awareness }),
      WebSocket: NodeWebSocket,
      timers: this.timers,
      random: () => 0.5,
      log: { debug: log, error: log },
      ...options,
    })
    const wake = (): void => this.#waiting.splice(0).forEach((resolve) => resolve())
    this.connection.onStatus(wake)
    this.connection.onSaveState(wake)
    this.doc.on('update', wake)
    this.connection.awareness.on('change', wake)
  }

  get text(): string {
    return this.doc.getText('t').toJSON()
  }

  write(text: string): this {
    this.doc.getText('t').insert(0, text)
    return this
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async untilStatus<Kind extends ConnectionStatus['kind']>(
    kind: Kind,
  ): Promise<Extract<ConnectionStatus, { readonly kind: Kind }>> {
    for (;;) {
      const { status } = this.connection
      if (isOfKind(status, kind)) return status
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  untilSaveState(kind: SaveState['kind'], unsaved: number): Promise<void> {
    return this.until(() => {
      const { saveState } = this.connection
      return saveState.kind === kind && saveState.unsaved === unsaved
    })
  }

  /** Lets the client's next attempt take place. */
  reconnect(): void {
    this.connection.retry()
  }

  close(): void {
    this.connection.close()
    this.doc.destroy()
  }
}

function isOfKind<Kind extends ConnectionStatus['kind']>(
  status: ConnectionStatus,
  kind: Kind,
): status is Extract<ConnectionStatus, { readonly kind: Kind }> {
  return status.kind === kind
}

/** The session of a client that has connected to a server with this document, and is synced; what it sent is acked. */
export async function synced(server: FakeServer, client: Client, doc: Y.Doc): Promise<FakeSession> {
  const session = await server.session()
  session.greet(doc)
  const { update } = await session.next('sync-step-2')
  Y.applyUpdate(doc, update)
  if (session.isCodraft) session.send({ type: 'ack', count: 1 })
  // The last thing that comes, so that nothing is on its way when the test begins.
  await session.answer(doc)
  await client.untilStatus('synced')
  return session
}
