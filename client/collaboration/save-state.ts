import type { ConnectionStatus } from './connection-status.ts'

/**
 * What the page may say about the writer's changes. `unsaved` counts this client's changes that the server has not
 * reported to be on its disk. Nothing but such a report lowers it: a stock y-websocket server makes none, so with one
 * the first change makes the state `unsaved` for good.
 *
 * - `saved`: the server has everything on disk; said when synced, and of an ended connection that left nothing over.
 * - `saving`: connected, and something is on its way: changes, or what this client brought when it came back.
 * - `reconnecting`: not synced, and nothing is unsaved; also of a connection that ended before it was ever synced.
 * - `unsaved`: some changes are not saved, and the server has not been heard of for a while, is not connected, says
 *   that it cannot write, or has ended the connection.
 */
export interface SaveState {
  readonly kind: 'saved' | 'saving' | 'reconnecting' | 'unsaved'
  readonly unsaved: number
  /** Of `unsaved`, if the server has said why: it cannot write to its disk, and goes on trying. */
  readonly reason?: 'storage'
}

/** What a save state follows from. */
export interface SaveFacts {
  readonly status: ConnectionStatus
  readonly unsaved: number
  /** Whether changes have waited too long for a report of the server. */
  readonly isOverdue: boolean
  /** Whether this connection was ever synced. */
  readonly wasSynced: boolean
  /** Whether what this client brought when the socket opened is on the server's disk. */
  readonly isConfirmed: boolean
  /** Whether the server has said that it cannot write, and not since that it can again. */
  readonly isStorageFailing: boolean
}

/** What to say. */
export function saveStateOf(facts: SaveFacts): SaveState {
  const { status, unsaved, isOverdue, wasSynced, isConfirmed, isStorageFailing } = facts
  const hasEnded = status.kind === 'ended' || status.kind === 'closed'
  if (unsaved > 0 && isStorageFailing && !hasEnded) return { kind: 'unsaved', unsaved, reason: 'storage' }
  switch (status.kind) {
    case 'synced':
      if (unsaved > 0) return { kind: isOverdue ? 'unsaved' : 'saving', unsaved }
      // A stock server confirms nothing.
      return { kind: isConfirmed || status.hello === null ? 'saved' : 'saving', unsaved }
    case 'syncing':
      return { kind: unsaved === 0 ? 'reconnecting' : isOverdue ? 'unsaved' : 'saving', unsaved }
    case 'connecting':
      return { kind: unsaved === 0 ? 'reconnecting' : 'unsaved', unsaved }
    case 'ended':
    case 'closed':
      if (unsaved > 0) return { kind: 'unsaved', unsaved }
      return { kind: wasSynced ? 'saved' : 'reconnecting', unsaved }
  }
}
