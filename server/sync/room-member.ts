import type { IncomingUpdate } from './live-document.ts'
import { Receipts } from './receipts.ts'
import type { RoomSession } from './room-session.ts'

/**
 * How much of the room a member has been told:
 *
 * - `new`: nothing yet.
 * - `current`: everything, or it is on its way.
 * - `behind`: it reads slowly, and since the document was at `vector` it is told nothing until it has read what it has.
 */
type Standing =
  { readonly is: 'new' } | { readonly is: 'current' } | { readonly is: 'behind'; readonly vector: Uint8Array }

/** A session that takes part in a room, and how far it is with what the room has. */
export interface Member {
  readonly session: RoomSession
  readonly receipts: Receipts
  standing: Standing
  /** What the document had when this session was last asked for what is missing; so it is not asked twice for the same. */
  askedAt: string | null
  /** Whether it has sent anything yet: `resume` comes first or not at all. */
  hasSpoken: boolean
  /** Nothing that it sent is taken any more: something before that was not taken. */
  isDone: boolean
  /** Whether it has answered what it was asked on joining, so that all that its client wrote before is here. */
  hasSynced: boolean
  /** Whether the last that it was told of the storage is that it fails. */
  knowsOfFailing: boolean
  /** Whether it has been told that the document comes near its largest size. */
  knowsOfSize: boolean
  /** The last ack that it has not been sent because it reads slowly; null if it has been sent all. */
  dueAck: number | null
  /** The last state vector that it sent and got no answer to, because it reads slowly; null if it got all answers. */
  dueAnswer: Uint8Array | null
  /** Whether it has not been asked for what is missing, because it reads slowly. */
  isToBeAsked: boolean
}

/** A document message that came from a member. */
export interface Arrival extends IncomingUpdate {
  readonly source: Member
  /** Whether it answers a sync step 1. */
  readonly isAnswer: boolean
  /** When it came, by the clock. */
  readonly at: number
}

/** A session that has just come. */
export function createMember(session: RoomSession): Member {
  return {
    session,
    receipts: new Receipts(),
    standing: { is: 'new' },
    askedAt: null,
    hasSpoken: false,
    isDone: false,
    hasSynced: false,
    knowsOfFailing: false,
    knowsOfSize: false,
    dueAck: null,
    dueAnswer: null,
    isToBeAsked: false,
  }
}
