import * as decoding from 'lib0/decoding'
import { WebSocket } from 'ws'
import { StockClient } from './stock-client.ts'

const AWARENESS = 1

/**
 * A stock client that takes what the server sends only when it is told to. Clients mark points of their writing through
 * awareness, which the server sends after the updates that came before it; so a client can take exactly what another one
 * had written at a mark.
 */
export class GatedClient extends StockClient {
  /** What has arrived and not been taken: at each mark, how many frames came up to it. */
  #frames: { take: () => void; mark: number | null }[] = []
  #arrivedMark = 0
  #onArrival: () => void = () => {}

  constructor(serverUrl: string, documentName: string, clientID: number) {
    super(serverUrl, documentName, { clientID })
    this.provider.disconnect()
    const arrive = (frame: Uint8Array, take: () => void): void => this.#arrive(frame, take)
    class GatedSocket extends WebSocket {
      override emit(event: string | symbol, ...args: unknown[]): boolean {
        if (event !== 'message') return super.emit(event, ...args)
        // y-websocket asks for array buffers.
        arrive(new Uint8Array(args[0] as ArrayBuffer), () => void super.emit(event, ...args))
        return true
      }
    }
    // y-websocket takes the class in its constructor only.
    // eslint-disable-next-line no-underscore-dangle
    this.provider._WS = GatedSocket as unknown as typeof globalThis.WebSocket
    this.provider.awareness.setLocalState(null)
    this.provider.connect()
  }

  #arrive(frame: Uint8Array, take: () => void): void {
    const mark = markOf(frame)
    this.#frames.push({ take, mark })
    if (mark !== null) this.#arrivedMark = mark
    this.#onArrival()
  }

  /** Takes everything that has arrived. */
  takeAll(): void {
    for (const { take } of this.#frames.splice(0)) take()
  }

  /** Takes what had been written at a mark, which must have arrived. */
  takeUpTo(mark: number): void {
    const last = this.#frames.findLastIndex((frame) => frame.mark !== null && frame.mark <= mark)
    for (const { take } of this.#frames.splice(0, last + 1)) take()
  }

  /** Sets a mark behind everything written so far. */
  mark(mark: number): void {
    this.provider.awareness.setLocalState({ mark })
  }

  /** Resolves when another one's mark has arrived, with everything before it. */
  async arrived(mark: number): Promise<void> {
    while (this.#arrivedMark < mark) await new Promise<void>((resolve) => (this.#onArrival = resolve))
  }

  override async synced(): Promise<this> {
    while (!this.provider.synced) {
      this.takeAll()
      await new Promise<void>((resolve) => (this.#onArrival = resolve))
      this.takeAll()
    }
    return this
  }
}

/** The mark that a frame carries, or null. */
function markOf(frame: Uint8Array): number | null {
  const decoder = decoding.createDecoder(frame)
  if (decoding.readVarUint(decoder) !== AWARENESS) return null
  const update = decoding.createDecoder(decoding.readVarUint8Array(decoder))
  let mark: number | null = null
  for (let entries = decoding.readVarUint(update); entries > 0; entries--) {
    decoding.readVarUint(update)
    decoding.readVarUint(update)
    const state = JSON.parse(decoding.readVarString(update)) as { mark?: number } | null
    if (state?.mark !== undefined) mark = state.mark
  }
  return mark
}
