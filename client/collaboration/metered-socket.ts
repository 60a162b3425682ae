import type { WebSocketConstructor } from './web-socket-constructor.ts'

/** How a socket ended: the parts of a `CloseEvent` that Node's lack of that class does not take away. */
export interface SocketEnd {
  readonly code: number
  readonly reason: string
}

/** What passes through a `MeteredSocket`. */
export interface SocketMeter {
  /** Before y-websocket learns of it. */
  opened(): void
  /** Before a frame leaves. */
  sending(frame: Uint8Array): void
  /** A frame came, null if it is not binary; true if y-websocket shall handle it. */
  received(frame: Uint8Array | null): boolean
  /** y-websocket threw while handling a frame. */
  failed(error: unknown): void
}

const NORMAL_CLOSURE = 1000
const ABNORMAL_CLOSURE = 1006

/** A WebSocket as y-websocket uses one, whose frames are seen on their way, and which can end without a handshake. */
export class MeteredSocket {
  readonly OPEN = 1
  onopen: (() => void) | null = null
  onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null = null
  onclose: ((end: SocketEnd) => void) | null = null
  onerror: ((event: unknown) => void) | null = null
  readonly #socket: WebSocket
  readonly #meter: SocketMeter
  #over = false

  constructor(WebSocket: WebSocketConstructor, url: string, protocols: string[], meter: SocketMeter) {
    this.#meter = meter
    this.#socket = new WebSocket(url, protocols)
    this.#socket.binaryType = 'arraybuffer'
    this.#socket.addEventListener('open', () => this.#opened())
    this.#socket.addEventListener('message', (event: MessageEvent<unknown>) => this.#received(event.data))
    this.#socket.addEventListener('close', (event) =>
      this.#closed({ code: event.code, reason: event.reason }),
    )
    // Listened to in any case: a socket that is closed while it connects reports an error, and Node throws an unheard one.
    this.#socket.addEventListener('error', (event) => this.onerror?.(event))
  }

  get readyState(): number {
    return this.#socket.readyState
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== this.OPEN) return
    this.#meter.sending(frame)
    this.#socket.send(frame)
  }

  close(): void {
    this.#over = true
    this.#socket.close(NORMAL_CLOSURE)
  }

  /** Ends at once, without waiting for a peer that may be gone. */
  drop(): void {
    if (this.#over) return
    this.#closed({ code: ABNORMAL_CLOSURE, reason: '' })
    this.#socket.close()
  }

  #opened(): void {
    if (this.#over) return
    this.#meter.opened()
    this.onopen?.()
  }

  #received(data: unknown): void {
    if (this.#over) return
    const frame = isArrayBuffer(data) ? data : null
    if (!this.#meter.received(frame === null ? null : new Uint8Array(frame)) || frame === null) return
    try {
      this.onmessage?.({ data: frame })
    } catch (error) {
      this.#meter.failed(error)
    }
  }

  #closed(end: SocketEnd): void {
    if (this.#over) return
    this.#over = true
    this.onclose?.(end)
  }
}

/** Not by `instanceof`: a socket may come from another realm, such as an embedding page's. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]'
}
