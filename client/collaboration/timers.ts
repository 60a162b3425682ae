/** A clock and its alarms, passed in so that tests need not wait. */
export interface Timers {
  /** Milliseconds since some fixed moment. */
  now(): number
  /** Runs `callback` once after so many milliseconds, unless the function that is returned is called before. */
  after(milliseconds: number, callback: () => void): () => void
}

/** The real clock. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const handle = setTimeout(callback, milliseconds)
    return () => clearTimeout(handle)
  },
}
