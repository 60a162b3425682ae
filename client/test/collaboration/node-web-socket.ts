import { WebSocket } from 'ws'
import type { WebSocketConstructor } from '../../collaboration/web-socket-constructor.ts'

/** The WebSocket of Node's `ws`, as a browser's. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the browser's interface it lacks only what a provider does not use
export const NodeWebSocket = WebSocket as unknown as WebSocketConstructor
