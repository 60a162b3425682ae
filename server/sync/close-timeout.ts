import type { WebSocket } from 'ws'
import type { Clock } from '../clock.ts'

/** How long a peer may take to close its side, in milliseconds. */
const CLOSE_TIMEOUT = 2_000

/** Gives up a socket that is being closed if its peer does not answer; returns what calls that off. */
export function terminateLater(socket: WebSocket, clock: Clock): () => void {
  return clock.after(CLOSE_TIMEOUT, () => socket.terminate())
}
