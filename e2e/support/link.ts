import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** The network between one person and the server, as a TCP proxy that can be cut. */
export class Link {
  readonly #proxy: Server
  readonly #target: number
  readonly #sockets = new Set<Socket>()
  /** Where what a socket brings goes to. */
  readonly #other = new Map<Socket, Socket>()
  #isCut = false
  #isPaused = false

  /** Opens a link to a port of this machine. */
  static async open(target: number): Promise<Link> {
    const link = new Link(target)
    link.#proxy.listen(0, '127.0.0.1')
    await once(link.#proxy, 'listening')
    return link
  }

  private constructor(target: number) {
    this.#target = target
    this.#proxy = createServer((near) => this.#carry(near))
  }

  /** With a slash at its end. */
  get url(): string {
    const address = this.#proxy.address()
    if (address === null || typeof address === 'string') throw new Error('the link is closed')
    return `http://127.0.0.1:${address.port}/`
  }

  #carry(near: Socket): void {
    if (this.#isCut) {
      near.destroy()
      return
    }
    const far = connect(this.#target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from)
      this.#other.set(from, to)
      if (this.#isPaused) from.pause()
      else from.pipe(to)
      from.on('error', () => {})
      from.on('close', () => {
        this.#sockets.delete(from)
        this.#other.delete(from)
        to.destroy()
      })
    }
  }

  /** Nothing gets through, and nobody is told: packets are lost. After `resume` they come after all. */
  pause(): void {
    this.#isPaused = true
    for (const socket of this.#sockets) socket.unpipe().pause()
  }

  /** Lets through what has come since `pause`, on the same connections, as after a short loss. */
  resume(): void {
    this.#isPaused = false
    for (const [from, to] of this.#other) from.pipe(to)
  }

  /** Ends every connection, and refuses new ones until `mend`. */
  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Lets new connections through; those that were paused end, as they would after a long loss. */
  mend(): void {
    this.#isCut = false
    this.#isPaused = false
    for (const socket of this.#sockets) if (socket.isPaused()) socket.destroy()
  }

  close(): void {
    this.cut()
    this.#proxy.close()
  }
}
