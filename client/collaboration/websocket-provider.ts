import type { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import type * as Y from 'yjs'
import { subprotocols } from '../../protocol/index.ts'
import type { MeteredSocket } from './metered-socket.ts'

/** Whose content a provider keeps in step with a server's, and through which sockets. */
export interface ProviderOptions {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  /** Called for every attempt. */
  readonly openSocket: (url: string, protocols: string[]) => MeteredSocket
}

/** y-websocket's provider, not connected yet, without its channel between tabs and without its way of telling awareness. */
export function createProvider(
  url: string,
  path: string,
  { doc, awareness, openSocket }: ProviderOptions,
): WebsocketProvider {
  // It is called with `new`, which an arrow function cannot be.
  function ProviderSocket(socketUrl: string, protocols: string[]): MeteredSocket {
    return openSocket(socketUrl, protocols)
  }
  const provider = new WebsocketProvider(url, path, doc, {
    connect: false,
    awareness,
    protocols: [...subprotocols],
    // Its channel between tabs would pass changes on whoever the tabs' users are.
    disableBc: true,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- y-websocket asks for all of WebSocket and uses what MeteredSocket has
    WebSocketPolyfill: ProviderSocket as unknown as typeof globalThis.WebSocket,
  })
  // It sends back whatever it receives about others.
  // oxlint-disable-next-line eslint/no-underscore-dangle -- y-websocket has no option for it
  awareness.off('update', provider._awarenessUpdateHandler)
  return provider
}
