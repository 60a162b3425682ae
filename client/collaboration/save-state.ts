import type { ConnectionStatus } from './connection-status.ts'

/**
 * What the page may say about the writer's changes. `unsaved` counts this client's changes that the server has not
 * reported to be on its disk. Nothing but such a report lowers it: a stock y-websocket server makes none, so with one
 * the first change makes the state `unsaved` for good.
 *
 * - `saved`: the server has everything on disk; said when synced, and of an ended connection that left nothing over.
 * - `saving`: connected, and some changes are on their way.
 * - `reconnecting`: not synced, and nothing is unsaved.
 * - `unsaved`: some changes are not saved, and the server has not been heard of for a while, is not connected, or
 *   has ended the connection.
 */
export interface SaveState {
  readonly kind: 'saved' | 'saving' | 'reconnecting' | 'unsaved'
  readonly unsaved: number
}

/** What to say; `overdue` is whether changes have waited too long for a report of the server. */
export function saveStateOf(status: ConnectionStatus['kind'], unsaved: number, overdue: boolean): SaveState {
  switch (status) {
    case 'synced':
      return { kind: unsaved === 0 ? 'saved' : overdue ? 'unsaved' : 'saving', unsaved }
    case 'syncing':
      return { kind: unsaved === 0 ? 'reconnecting' : overdue ? 'unsaved' : 'saving', unsaved }
    case 'connecting':
      return { kind: unsaved === 0 ? 'reconnecting' : 'unsaved', unsaved }
    case 'ended':
    case 'closed':
      return { kind: unsaved === 0 ? 'saved' : 'unsaved', unsaved }
  }
}
