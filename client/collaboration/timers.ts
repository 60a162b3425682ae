/** Alarms, passed in so that tests need not wait. */
export interface Timers {
  /** Runs `callback` once after so many milliseconds, unless the function that is returned is called before. */
  after(milliseconds: number, callback: () => void): () => void
}

/** The real clock. */
export const systemTimers: Timers = {
  after(milliseconds, callback) {
    const handle = setTimeout(callback, milliseconds)
    return () => clearTimeout(handle)
  },
}
