import type { Client } from './client.ts'
import { textOf } from './typing-trace.ts'

/** Throws unless every one of the clients was sent a document of this text when it joined. */
export function checkDocuments(clients: readonly Client[], text: string): void {
  // Reading a document takes long; most are the same bytes.
  const right: Uint8Array[] = []
  for (const { initial } of clients) {
    if (right.some((bytes) => Buffer.compare(bytes, initial) === 0)) continue
    if (textOf(initial) !== text) throw new Error('a client was sent another document than was stored')
    right.push(initial)
  }
}
