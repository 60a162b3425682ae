import type { Hello } from '../../protocol/index.ts'

/**
 * A connection's status, each with what belongs to it:
 *
 * - `connecting`: no socket is open; one is being opened or will be, `attempt` times so far without success.
 * - `syncing`: the socket is open and the server's content has not arrived yet.
 * - `synced`: this client has what the server had when it connected, and receives what comes.
 * - `ended`: for good. The server closed it with a permanent code, or refused a change, or the document is none that
 *   this client may change (`accepts` said no; `code` is then 4409).
 * - `closed`: by `close()`.
 *
 * `hello` is null until it has come, and with a stock y-websocket server, which sends none.
 */
export type ConnectionStatus =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'syncing'; readonly hello: Hello | null }
  | { readonly kind: 'synced'; readonly hello: Hello | null }
  | { readonly kind: 'ended'; readonly code: number; readonly reason: string }
  | { readonly kind: 'closed' }
