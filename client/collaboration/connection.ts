import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { Hello } from '../../protocol/index.ts'
import type { SaveState } from './save-state.ts'
import type { Timers } from './timers.ts'

export type { SaveState } from './save-state.ts'

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

/** The constructor of a WebSocket: the browser's, or `ws`'s. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocket

export interface ConnectionOptions {
  /** `https://example.org`, or `wss://`; a path is kept: `/codraft` makes `/codraft/collab/<name>`. */
  readonly serverUrl: string
  /** Throws a `RangeError` if it is not legal. */
  readonly documentName: string
  /** What it holds already counts as unsaved until the server says otherwise. */
  readonly doc: Y.Doc
  /** Default: one of its own, which `close()` ends. */
  readonly awareness?: Awareness
  /** Default: the platform's. */
  readonly WebSocket?: WebSocketConstructor
  readonly timers?: Timers
  /** In [0, 1), for the jitter. */
  readonly random?: () => number
  /** Default: the console. */
  readonly log?: Pick<Console, 'debug' | 'error'>
}

/** Keeps a document in step with the server's, from its creation until `close()`. */
export interface Connection {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  readonly status: ConnectionStatus
  readonly saveState: SaveState
  onStatus(listener: (status: ConnectionStatus) => void): () => void
  onSaveState(listener: (saveState: SaveState) => void): () => void
  /** While connecting: tries at once. Otherwise nothing. */
  retry(): void
  /** May be called twice. */
  close(): void
}

export declare function createConnection(options: ConnectionOptions): Connection
