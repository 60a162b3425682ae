import type { Duplex } from 'node:stream'
import type { Frame } from './frame.ts'

/** How an outbox is made. */
export interface OutboxOptions {
  /** How many bytes may wait for a slow reader, in this process, before nothing but what it must hear is added. */
  readonly maxBacklog: number
  /** Called when nothing waits any more after more than a little did. */
  readonly onDrained: () => void
}

/**
 * The sending side of a session's socket. Frames are written to the socket itself, past ws, which would make a header for
 * each receiver; it does nothing else to a frame that is not compressed, and its own frames take the same way.
 */
export class Outbox {
  readonly #socket: Duplex
  readonly #maxBacklog: number

  constructor(socket: Duplex, { maxBacklog, onDrained }: OutboxOptions) {
    this.#socket = socket
    this.#maxBacklog = maxBacklog
    socket.on('drain', onDrained)
  }

  /** The bytes that the operating system has not taken yet. */
  get backlog(): number {
    return this.#socket.writableLength
  }

  /** Whether more waits than may; the socket says when nothing does any more. */
  get isFull(): boolean {
    return this.backlog > this.#maxBacklog && this.#socket.writableNeedDrain
  }

  /** Writes a frame. Its bytes are not copied. */
  write({ parts }: Frame): void {
    if (!this.#socket.writable) return
    if (parts.length > 1) this.#socket.cork()
    for (const part of parts) this.#socket.write(part)
    if (parts.length > 1) this.#socket.uncork()
  }
}
