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
  /** Before a frame leaves; false if it must not. */
  sending(frame: Uint8Array<ArrayBuffer>): boolean
  /** A frame came, null if it is not binary; true if y-websocket shall handle it. */
  received(frame: Uint8Array | null): boolean
  /** No socket could be made, or y-websocket threw while handling a frame. */
  failed(error: unknown): void
  /** It has ended, and y-websocket has let go of it. */
  closed(): void
}

/** The `readyState`. */
const CLOSED = 3
const NORMAL_CLOSURE = 1000
const ABNORMAL_CLOSURE = 1006

/** A WebSocket as y-websocket uses one, whose frames are seen on their way, and which can end without a handshake. */
export class MeteredSocket {
  readonly OPEN = 1
  onopen: (() => void) | null = null
  onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null = null
  onclose: ((end: SocketEnd) => void) | null = null
  onerror: ((event: unknown) => void) | null = null
  readonly #socket: WebSocket | null
  readonly #meter: SocketMeter
  #over = false

  constructor(WebSocket: WebSocketConstructor, url: string, protocols: string[], meter: SocketMeter) {
    this.#meter = meter
    this.#socket = this.#create(WebSocket, url, protocols)
  }

  get readyState(): number {
    return this.#socket?.readyState ?? CLOSED
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    if (this.readyState === this.OPEN && this.#meter.sending(frame)) this.#socket?.send(frame)
  }

  close(): void {
    this.#over = true
    this.#socket?.close(NORMAL_CLOSURE)
  }

  /** Ends at once, without waiting for a peer that may be gone. */
  drop(): void {
    if (this.#over) return
    this.#closed({ code: ABNORMAL_CLOSURE, reason: '' })
    this.#socket?.close()
  }

  #create(WebSocket: WebSocketConstructor, url: string, protocols: string[]): WebSocket | null {
    let socket: WebSocket
    try {
      socket = new WebSocket(url, protocols)
    } catch (error) {
      // A browser throws for what its policies forbid, such as ws: on a page of https:. Later: nobody listens yet.
      queueMicrotask(() => {
        if (!this.#over) this.#meter.failed(error)
      })
      return null
    }
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => this.#opened())
    socket.addEventListener('message', (event: MessageEvent<unknown>) => this.#received(event.data))
    socket.addEventListener('close', (event) => this.#closed({ code: event.code, reason: event.reason }))
    // Listened to in any case: a socket that is closed while it connects reports an error, and Node throws an unheard one.
    socket.addEventListener('error', (event) => this.onerror?.(event))
    return socket
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
    this.#meter.closed()
  }
}

/** Not by `instanceof`: a socket may come from another realm, such as an embedding page's. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]'
}
