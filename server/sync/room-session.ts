import type { CloseReason } from '../../protocol/index.ts'
import type { AwarenessOwner } from './awareness-states.ts'
import type { Frame } from './frame.ts'

/** What a room needs of a session. */
export interface RoomSession extends AwarenessOwner {
  readonly id: string
  readonly userId: string
  /** The secret that its `hello` told. */
  readonly resumeSecret: string
  /** Whether more waits to be read by its client than is to be held for one. */
  readonly isBacklogged: boolean
  /** Whether its client answers within seconds; one that does not is closed. */
  isThere(): Promise<boolean>
  /** Sends messages; the same frame may go to many. */
  send(frame: Frame): void
  /** Closes the socket with the reason's code. The session then leaves the room. */
  end(reason: CloseReason, message: string): void
}
