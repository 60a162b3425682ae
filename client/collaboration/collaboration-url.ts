const webSocketProtocols: Readonly<Record<string, string>> = {
  'http:': 'ws:',
  'https:': 'wss:',
  'ws:': 'ws:',
  'wss:': 'wss:',
}

/**
 * The address below which a server's documents are: `wss://example.org/codraft/collab` for `https://example.org/codraft`.
 * Throws a `TypeError` if it is no http, https, ws or wss address.
 */
export function collaborationUrl(serverUrl: string): string {
  const url = new URL(serverUrl)
  const protocol = webSocketProtocols[url.protocol]
  if (protocol === undefined) throw new TypeError(`${serverUrl} is not an http, https, ws or wss address`)
  return `${protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}/collab`
}
