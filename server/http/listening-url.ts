import type { Server } from 'node:http'

/** Where a server that listens is reached, without a slash at its end; `host` as it was told to listen on. */
export function listeningUrl(server: Server, host: string): string {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
