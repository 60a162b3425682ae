/** The WebSocket subprotocols that this version speaks, best first (PROTOCOL.md, "Connecting"). */
export const subprotocols = ['codraft.1'] as const

/** What a server answers to a client's offer of subprotocols. */
export type SubprotocolChoice =
  /** None was offered: plain y-websocket. */
  | { readonly kind: 'stock' }
  | { readonly kind: 'codraft'; readonly subprotocol: (typeof subprotocols)[number] }
  /** None that is known: echo this one, so that the handshake succeeds, and close with `clientTooOld`. */
  | { readonly kind: 'unknown'; readonly subprotocol: string }

/** Chooses among the offered subprotocols, in whatever order they were offered. */
export function chooseSubprotocol(offered: Iterable<string>): SubprotocolChoice {
  const offers = [...offered]
  const best = subprotocols.find((known) => offers.includes(known))
  if (best !== undefined) return { kind: 'codraft', subprotocol: best }
  const first = offers[0]
  return first === undefined ? { kind: 'stock' } : { kind: 'unknown', subprotocol: first }
}
