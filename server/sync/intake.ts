import type { Duplex } from 'node:stream'
import {
  decodeClientMessage,
  ProtocolError,
  type AwarenessEntry,
  type ClientMessage,
} from '../../protocol/index.ts'
import type { RawData, WebSocket } from 'ws'
import type { Clock } from '../clock.ts'
import type { Limits } from '../limits.ts'
import { FrameProgress } from './frame-progress.ts'
import { RateLimit } from './rate-limit.ts'
import type { SyncMeter } from './sync-meter.ts'

/** What an intake is made with. */
export interface IntakeOptions {
  readonly limits: Pick<Limits, 'awarenessBytes' | 'updatesPerSecond' | 'frameTimeout'>
  readonly clock: Clock
  readonly meter: SyncMeter
  /** Told that something has come, whatever it is; also when reading begins anew, so that silence is measured from there. */
  onHeard(): void
  /** Takes the next message; what it throws goes to `onFailed`. */
  onMessage(message: ClientMessage): void
  /** Told of a `ProtocolError` where the peer broke the protocol or met a limit, and of whatever else went wrong. */
  onFailed(error: unknown): void
}

/** The receiving side of a session's socket: what comes is decoded, and comes no faster than it may. */
export class Intake {
  readonly #socket: WebSocket
  readonly #options: IntakeOptions
  readonly #rate: RateLimit
  readonly #progress = new FrameProgress()
  /** How many reasons there are not to read. */
  #holds = 0
  #cancelRateHold: (() => void) | null = null
  /** The number of the message whose end is waited for. */
  #awaited = 0
  #cancelDeadline: (() => void) | null = null
  #isClosed = false

  /** `rawSocket` is what the socket was made of; its bytes are only looked at. */
  constructor(socket: WebSocket, rawSocket: Duplex, options: IntakeOptions) {
    this.#socket = socket
    this.#options = options
    this.#rate = new RateLimit(options.limits.updatesPerSecond, options.clock.now())
    socket.on('message', (data, isBinary) => this.#received(data, isBinary))
    // After ws's own listener, which was there first: what has come whole is out of the way.
    rawSocket.on('data', (chunk: Buffer) => this.#heard(chunk))
  }

  /** Whether the socket is not being read, so that nothing can be heard from its peer. */
  get isHeld(): boolean {
    return this.#holds > 0
  }

  /** Stops reading the socket until the returned function is called, which may be called twice. */
  hold(): () => void {
    if (this.#holds++ === 0) {
      this.#socket.pause()
      this.#stopDeadline()
    }
    let isHolding = true
    return () => {
      if (!isHolding) return
      isHolding = false
      if (--this.#holds > 0 || this.#isClosed) return
      this.#options.onHeard()
      this.#socket.resume()
      this.#watchDeadline()
    }
  }

  /** Passes on nothing from now on. The socket is read on, or it would not notice that its peer closes it. */
  close(): void {
    this.#isClosed = true
    this.#cancelRateHold?.()
    this.#stopDeadline()
    this.#socket.resume()
  }

  #heard(chunk: Buffer): void {
    if (this.#isClosed) return
    this.#options.onHeard()
    this.#progress.read(chunk)
    if (this.isHeld) return
    if (!this.#progress.isWithin || this.#progress.messages !== this.#awaited) this.#stopDeadline()
    this.#watchDeadline()
  }

  #watchDeadline(): void {
    if (!this.#progress.isWithin || this.#cancelDeadline !== null) return
    const { clock, limits, meter } = this.#options
    this.#awaited = this.#progress.messages
    this.#cancelDeadline = clock.after(limits.frameTimeout, () => {
      meter.limited('frame-timeout')
      this.#options.onFailed(new ProtocolError('tooSlow', 'a message took too long to arrive'))
    })
  }

  #stopDeadline(): void {
    this.#cancelDeadline?.()
    this.#cancelDeadline = null
  }

  #received(data: RawData, isBinary: boolean): void {
    if (this.#isClosed) return
    this.#count()
    try {
      if (!isBinary || !(data instanceof Uint8Array)) throw new ProtocolError('malformed', 'a text frame')
      // ws hands out views on what it read from the network, 64 KiB at a time; what is kept must not keep all that.
      const message = decodeClientMessage(Uint8Array.from(data))
      if (message.type === 'awareness') this.#checkStates(message.entries)
      if (message.type === 'sync-step-2' || message.type === 'update') this.#options.meter.received(1)
      this.#options.onMessage(message)
    } catch (error) {
      this.#options.onFailed(error)
    }
  }

  /** Rests when messages come too fast; those that have been read already are taken, and make the rest longer. */
  #count(): void {
    const { clock, meter } = this.#options
    if (this.#options.limits.updatesPerSecond === Infinity) return
    const now = clock.now()
    this.#rate.take(now)
    if (this.#cancelRateHold !== null || this.#rate.wait(now) === 0) return
    meter.limited('max-updates-per-second')
    const release = this.hold()
    const rest = (): void => {
      const wait = this.#rate.wait(clock.now())
      this.#cancelRateHold = wait > 0 ? clock.after(wait, rest) : null
      if (wait === 0) release()
    }
    rest()
  }

  #checkStates(entries: readonly AwarenessEntry[]): void {
    const { limits, meter } = this.#options
    for (const { state } of entries) {
      if (state === null || Buffer.byteLength(state) <= limits.awarenessBytes) continue
      meter.limited('max-awareness-bytes')
      throw new ProtocolError('tooLarge', `an awareness state is longer than ${limits.awarenessBytes} bytes`)
    }
  }
}
