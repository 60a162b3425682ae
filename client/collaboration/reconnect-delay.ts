const FIRST_BOUND = 500
const LAST_BOUND = 15_000

/** How long to wait while the browser says that there is no network. */
export const OFFLINE_DELAY = 30_000

/**
 * Milliseconds until the next attempt after so many without success: anything up to a bound that doubles, from 0.5 to 15 s.
 * All of the bound is jitter, so that those whom a restart threw out do not come back at once together.
 */
export function reconnectDelay(attempt: number, random: () => number): number {
  return random() * Math.min(LAST_BOUND, FIRST_BOUND * 2 ** attempt)
}
