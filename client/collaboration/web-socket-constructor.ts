/** The constructor of a WebSocket: the browser's, or `ws`'s. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocket
