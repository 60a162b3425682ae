import type { Client } from './client.ts'
import { syncTypes } from './dialect.ts'
import { clientFrame } from './frames.ts'
import { syncMessage } from './messages.ts'

/** Updates that have been sent and not confirmed. */
const WINDOW = 10_000
/** Updates in one write. */
const BURST = 500

/**
 * Sends all updates as fast as the server confirms them, in a window, and resolves with how long it took until the last
 * was confirmed, in milliseconds. What a confirmation means is the server's matter: Codraft's ack says that all up to it is
 * on disk, Hocuspocus's sync status that one more is applied, and y-websocket's server sends everything back.
 */
export function writeConfirmed(client: Client, updates: readonly Uint8Array[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    let sent = 0
    let confirmed = 0

    const send = (): void => {
      while (sent < updates.length && sent - confirmed < WINDOW - BURST) {
        const burst = updates
          .slice(sent, sent + BURST)
          .map((update) => clientFrame(syncMessage(client.prefix, syncTypes.update, update)))
        client.connection.write(Buffer.concat(burst))
        sent += burst.length
      }
    }
    client.connection.onEnd = (reason) => reject(new Error(`the server ended the writer: ${reason}`))
    client.connection.onRead = () => {
      if (confirmed >= updates.length) resolve(performance.now() - start)
      else send()
    }
    client.listen((message) => {
      if (message.kind === 'ack') confirmed = message.count - client.documentMessages
      if (message.kind === 'applied' || message.kind === 'update') confirmed++
      if (message.kind === 'refused') reject(new Error(`refused: ${message.reason}`))
    })
    send()
  })
}
