import { setTimeout as wait } from 'node:timers/promises'

/** Resolves once the condition holds; looks every 20 milliseconds. Throws with the message if it takes too long. */
export async function until(
  condition: () => boolean,
  message: () => string,
  patience = 60_000,
): Promise<void> {
  const deadline = performance.now() + patience
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(message())
    await wait(20)
  }
}
