/**
 * The WebSocket close codes that a Codraft server uses (PROTOCOL.md, "Close codes").
 *
 * 4400 to 4499 are permanent: the same client would be closed again, so it must not reconnect by itself.
 * 4500 to 4599 mean: try again later, with backoff. y-websocket 3.1 and later honours both ranges.
 */
export const closeCodes = {
  /** A message that is not of the protocol's form, or a text frame. */
  malformed: 4400,
  /** The document's name is not legal, so no such document can exist. */
  noSuchDocument: 4404,
  /** The client offers no protocol version that this server speaks. */
  clientTooOld: 4409,
  /** The same client has connected anew and taken this session's place. */
  replaced: 4410,
  /** A message is larger than the server's limit. */
  tooLarge: 4413,
  /** The document is as large as the server lets one become, and an update would add to it. */
  documentTooLarge: 4414,
  /** An update is well-formed and cannot be integrated into the document. */
  unappliable: 4422,
  /** More of what the client sent waits for what it depends on than the server holds. */
  tooMuchWaiting: 4424,
  /** An update brings structs under the client id of another session that is open. */
  foreignClientId: 4425,
  /** The server failed in a way that is nobody's fault on the client's side. */
  internalError: 4500,
  /** The document could not be loaded: its storage failed, or is damaged and waits for its operator. */
  documentUnavailable: 4502,
  /** Storage fails, and as much as the server holds waits for it. */
  storageFailing: 4507,
  /** The server is stopping or restarting. */
  goingAway: 4503,
  /** The client took too long: to say its first word, or to send a message to its end. */
  tooSlow: 4508,
  /** As many sessions are open as the server takes: in all, of this document, or from this address. */
  tooManySessions: 4529,
} as const

/** The name of a close code, as the logs show it. */
export type CloseReason = keyof typeof closeCodes

/** Whether a socket that closed with this code may reconnect by itself; true for every code outside 4400–4499. */
export function isRetryable(code: number): boolean {
  return code < 4400 || code > 4499
}
