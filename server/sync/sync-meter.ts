import type { RefusalCode } from '../../protocol/index.ts'

/** A limit that an operator sets, as the metrics name it: the flag without its dashes. */
export type Limit =
  | 'max-message-bytes'
  | 'max-document-bytes'
  | 'max-awareness-bytes'
  | 'max-updates-per-second'
  | 'max-connections'
  | 'max-sessions'
  | 'max-sessions-per-document'
  | 'max-sessions-per-address'
  | 'auth-timeout'
  | 'frame-timeout'
  | 'max-backlog'
  | 'max-unsaved-bytes'

/**
 * What sessions and rooms say of their work as they do it. Called on the hot path: a call costs some additions, never
 * throws, and keeps nothing of what it is given. What can be read when somebody asks, such as how many there are, is no
 * part of it.
 */
export interface SyncMeter {
  /** Document messages came from clients. */
  received(updates: number): void
  /** Document messages left for clients: one frame to ten sessions is ten. */
  sent(deliveries: number): void
  /** What came so many milliseconds ago has left for the other sessions. */
  relayed(milliseconds: number): void
  /** What came so many milliseconds ago is on disk. */
  saved(milliseconds: number): void
  /** A document message was refused; the socket's close is counted by its session. */
  refused(code: RefusalCode): void
  /** A socket closed with this code, whoever chose it. */
  closed(code: number): void
  /** A limit was met: somebody was refused, closed or made to wait. */
  limited(limit: Limit): void
}

/** Counts nothing. */
export const noMeter: SyncMeter = {
  received() {},
  sent() {},
  relayed() {},
  saved() {},
  refused() {},
  closed() {},
  limited() {},
}
