import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { clientFrame, opcodes, readFrameHeader } from './frames.ts'
import type { Assembly, LargePayloads } from './large-payloads.ts'

/** What is read at once goes through one buffer for all sockets: whoever is called uses it at once, or copies. */
const readBuffer = Buffer.allocUnsafe(256 * 1024)

/** From here on a payload is put together in a place of its own. */
const LARGE = 64 * 1024

/** Where to connect to. */
export interface Target {
  readonly port: number
  readonly path: string
  readonly subprotocol: string | null
}

/** A WebSocket client on a bare socket, as cheap as it can be. */
export class Connection {
  /** Gets each message; its bytes are good during the call only. */
  onMessage: (payload: Buffer) => void = () => {}
  /** The socket ended; by default that is an error, since nobody should end it. */
  onEnd: (reason: string) => void = (reason) => {
    throw new Error(`the server ended a connection: ${reason}`)
  }
  /** Called after each read, when everything in it has been handled. */
  onRead: () => void = () => {}
  bytesReceived = 0
  readonly #socket: Socket
  readonly #large: LargePayloads
  /** The bytes of a frame that is not all there. */
  #rest: Buffer | null = null
  #assembly: Assembly | null = null
  /** Takes what is read as it comes, instead of frames. */
  #raw: ((chunk: Buffer) => void) | null = null
  #isOpen = false
  #hasEnded = false

  /** Resolves when the handshake is done. */
  static open(target: Target, large: LargePayloads): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection: Connection = new Connection(target, large, () => resolve(connection), reject)
    })
  }

  private constructor(
    { port, path, subprotocol }: Target,
    large: LargePayloads,
    onOpen: () => void,
    onFailed: (error: Error) => void,
  ) {
    this.#large = large
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (length, buffer) => {
          this.#received(Buffer.from(buffer.buffer, buffer.byteOffset, length), onOpen, onFailed)
          return true
        },
      },
    })
    this.#socket.on('error', (error) => {
      if (this.#isOpen) this.#end(error.message)
      else onFailed(error)
    })
    this.#socket.on('close', () => this.#end('closed'))
    const offer = subprotocol === null ? '' : `Sec-WebSocket-Protocol: ${subprotocol}\r\n`
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n${offer}\r\n`,
    )
  }

  /** Writes frames, made with `clientFrame`. */
  write(frames: Uint8Array): void {
    this.#socket.write(frames)
  }

  /** Bytes that the kernel has not taken yet. */
  get backlog(): number {
    return this.#socket.writableLength
  }

  /** Hands everything that is read from now on to the callback, as it comes; between two frames only. */
  takeRaw(callback: (chunk: Buffer) => void): void {
    if (this.#rest !== null || this.#assembly !== null) throw new Error('there is half a frame')
    this.#raw = callback
  }

  /** Goes back to messages, beginning with these bytes. */
  takeMessages(bytes: Buffer): void {
    this.#raw = null
    this.#read(bytes)
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Ends it, without a word. */
  close(): void {
    this.#hasEnded = true
    this.#socket.destroy()
  }

  #received(chunk: Buffer, onOpen: () => void, onFailed: (error: Error) => void): void {
    if (this.#hasEnded) return
    this.bytesReceived += chunk.length
    if (this.#isOpen) {
      if (this.#raw === null) this.#read(chunk)
      else this.#raw(chunk)
      this.onRead()
      return
    }
    const head = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk])
    const end = head.indexOf('\r\n\r\n')
    this.#rest = end === -1 ? Buffer.from(head) : null
    if (end === -1) return
    if (!head.toString('latin1', 0, 12).endsWith(' 101')) {
      this.#hasEnded = true
      this.#socket.destroy()
      onFailed(new Error(`the server does not upgrade: ${head.toString('latin1', 0, head.indexOf('\r\n'))}`))
      return
    }
    this.#isOpen = true
    // What follows the handshake waits until whoever opened this listens.
    const early = Buffer.from(head.subarray(end + 4))
    onOpen()
    if (early.length > 0) queueMicrotask(() => this.#read(early))
  }

  #read(chunk: Buffer): void {
    let at = 0
    if (this.#assembly !== null) {
      at = this.#assembly.take(chunk, 0)
      if (!this.#assembly.isComplete) return
      const { payload } = this.#assembly
      this.#assembly = null
      this.onMessage(payload)
    }
    const data = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk])
    this.#rest = null
    for (;;) {
      const header = readFrameHeader(data, at)
      if (header === null) break
      const start = at + header.headerLength
      const end = start + header.payloadLength
      if (end > data.length) {
        if (header.payloadLength < LARGE) break
        this.#assembly = this.#large.begin(header.payloadLength)
        this.#assembly.take(data, start)
        return
      }
      at = end
      this.#handle(header.opcode, data.subarray(start, end))
      // Whoever was called may have chosen to take what follows as it comes.
      if (this.#raw !== null && at < data.length) return this.#raw(data.subarray(at))
    }
    if (at < data.length) this.#rest = Buffer.from(data.subarray(at))
    return undefined
  }

  #handle(opcode: number, payload: Buffer): void {
    if (opcode === opcodes.binary) this.onMessage(payload)
    else if (opcode === opcodes.ping) this.write(clientFrame(payload, opcodes.pong))
    else if (opcode === opcodes.close)
      this.#end(`code ${payload.readUInt16BE(0)} ${payload.toString('utf8', 2)}`)
  }

  #end(reason: string): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#socket.destroy()
    this.onEnd(reason)
  }
}
