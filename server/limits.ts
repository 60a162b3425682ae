/** What one server takes of its clients. `Infinity` is no limit; sizes are in bytes, times in milliseconds. */
export interface Limits {
  /** One message. */
  readonly messageBytes: number
  /** One document as it is stored: its snapshot and the updates after it. */
  readonly documentBytes: number
  /** One client's awareness state, as JSON. */
  readonly awarenessBytes: number
  /** Messages of one session, with bursts of a second's worth. */
  readonly updatesPerSecond: number
  readonly sessions: number
  readonly sessionsPerDocument: number
  /** Of one IPv4 address, or of one IPv6 network of 64 bits. */
  readonly sessionsPerAddress: number
  /** For a request to arrive; and then for a session to get its document and send its first message. */
  readonly authTimeout: number
  /** For a message, from its first byte to its last. */
  readonly frameTimeout: number
  /** Kept in memory for one session that does not read. */
  readonly backlogBytes: number
  /** Taken and not on disk yet, over all documents. */
  readonly unsavedBytes: number
}
