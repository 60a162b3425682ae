import { closeCodes, type CloseReason } from './close-codes.ts'

/** The peer broke the protocol; the socket on which it did is closed with `code`. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly reason: CloseReason
  /** A WebSocket close code, see `closeCodes`. */
  readonly code: number

  constructor(reason: CloseReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
    this.code = closeCodes[reason]
  }
}
