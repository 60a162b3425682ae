import { setTimeout as delay } from 'node:timers/promises'
import type { TestClient } from '../support/test-client.ts'

/** What a client has been told of the storage, in order. */
export function storageNews(client: TestClient): string[] {
  return client.received.flatMap((message) =>
    message.type === 'event' && message.event.type === 'storage' ? [message.event.status] : [],
  )
}

/** Resolves once the last that a client was told of the storage is this. */
export async function untilTold(client: TestClient, status: 'failing' | 'working'): Promise<void> {
  await client.until(() => storageNews(client).at(-1) === status)
}

/** Types one character. */
export function type(client: TestClient, text = 'x'): void {
  client.text.insert(client.text.length, text)
}

/** Types on and on, until something holds. */
export async function typeUntil(client: TestClient, holds: () => boolean): Promise<void> {
  while (!holds()) {
    type(client)
    await delay(5)
  }
}
