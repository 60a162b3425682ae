import { closeCodes } from '../../protocol/index.ts'
import { WebSocket } from 'ws'

/** What ws closes with by itself where this protocol has a code of its own, and clients would retry for ever. */
const ownCodes = new Map([
  // No WebSocket frame; too many fragments, pieces or pings.
  [1002, closeCodes.malformed],
  [1008, closeCodes.malformed],
  [1007, closeCodes.malformed],
  [1009, closeCodes.tooLarge],
])

/** A WebSocket that closes with this protocol's codes, and knows what it closed with. */
export class CodraftSocket extends WebSocket {
  #sentCode: number | undefined

  /** What this side closed with, if it was first to; its peer may never confirm it. */
  get sentCode(): number | undefined {
    return this.#sentCode
  }

  override close(code?: number, data?: string | Buffer): void {
    const ours = code === undefined ? code : (ownCodes.get(code) ?? code)
    this.#sentCode ??= ours
    super.close(ours, data)
  }
}
