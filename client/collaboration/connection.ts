import type { Hello } from '../../protocol/index.ts'

/**
 * A connection's status, each with what belongs to it:
 *
 * - `connecting`: no socket is open; one is being opened or will be, `attempt` times so far without success.
 * - `syncing`: the socket is open and the server's content has not arrived yet.
 * - `synced`: this client has what the server had when it connected, and receives what comes.
 * - `ended`: for good. The server closed it with a permanent code, or refused a change.
 * - `closed`: by `close()`.
 */
export type ConnectionStatus =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'syncing'; readonly hello: Hello | null }
  | { readonly kind: 'synced'; readonly hello: Hello | null }
  | { readonly kind: 'ended'; readonly code: number; readonly reason: string }
  | { readonly kind: 'closed' }

/**
 * What the page may say about the writer's changes. `unsaved` counts this client's changes that the server has not
 * reported to be on its disk.
 *
 * - `saved`: connected, and the server has everything on disk.
 * - `saving`: connected, and some changes are on their way.
 * - `reconnecting`: not connected, and nothing is unsaved.
 * - `unsaved`: some changes are not saved, and the server has not been heard of for a while, is not connected, or
 *   has ended the connection.
 */
export interface SaveState {
  readonly kind: 'saved' | 'saving' | 'reconnecting' | 'unsaved'
  readonly unsaved: number
}
