import * as decoding from 'lib0/decoding'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

/** y-websocket's own client, unmodified. */
export class StockClient {
  readonly doc: Y.Doc
  readonly provider: WebsocketProvider

  constructor(serverUrl: string, documentName: string, { clientID }: { clientID?: number } = {}) {
    this.doc = new Y.Doc()
    if (clientID !== undefined) this.doc.clientID = clientID
    this.provider = new WebsocketProvider(serverUrl, documentName, this.doc, {
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    })
  }

  get text(): Y.Text {
    return this.doc.getText('text')
  }

  /** Resolves when it has what the server had. */
  async synced(): Promise<this> {
    if (!this.provider.synced)
      await new Promise<void>((resolve) => this.provider.once('sync', () => resolve()))
    return this
  }

  /** Resolves as soon as something holds of the document. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.doc.once('update', () => resolve()))
  }

  close(): void {
    this.provider.destroy()
    this.doc.destroy()
  }
}

/** A message as it begins: its type and, of a sync message, the type within. */
const SYNC = 0
const ACK = 100
const STEP_1 = 0

/**
 * y-websocket's client that offers the subprotocol `codraft.1` and counts acks, written from PROTOCOL.md alone: what it
 * says is saved must be on disk.
 */
export class CountingClient extends StockClient {
  /** How many document messages went out on the connection. */
  sent = 0
  /** How many of them the server says are on disk. */
  acked = 0
  #onAck: () => void = () => {}

  constructor(serverUrl: string, documentName: string) {
    super(serverUrl, documentName)
    this.provider.disconnect()
    // The class is y-websocket's to construct, so it finds its client by closure.
    const countSent = (frame: unknown): void => {
      const decoder = decoding.createDecoder(frame as Uint8Array)
      if (decoding.readVarUint(decoder) === SYNC && decoding.readVarUint(decoder) !== STEP_1) this.sent++
    }
    class CountingSocket extends WebSocket {
      // y-websocket calls it with the frame alone.
      override send(frame: Parameters<WebSocket['send']>[0]): void {
        countSent(frame)
        super.send(frame)
      }
    }
    this.provider.protocols = ['codraft.1']
    // y-websocket takes the class in its constructor only.
    // eslint-disable-next-line no-underscore-dangle
    this.provider._WS = CountingSocket as unknown as typeof globalThis.WebSocket
    this.provider.messageHandlers[ACK] = (_encoder, decoder) => {
      this.acked = decoding.readVarUint(decoder)
      this.#onAck()
    }
    for (const ignored of [101, 102, 105, 106]) this.provider.messageHandlers[ignored] = () => {}
    this.provider.connect()
  }

  /** Calls back at every ack. */
  onAck(callback: () => void): void {
    this.#onAck = callback
  }

  /** Resolves when all that was sent is on disk. */
  async saved(): Promise<void> {
    while (this.sent === 0 || this.acked < this.sent) {
      await new Promise<void>((resolve) => this.onAck(resolve))
    }
  }
}
