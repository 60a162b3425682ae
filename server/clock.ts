/** Time, as everything in the server gets it: so a test can hold it still. */
export interface Clock {
  /** Milliseconds since some moment; never goes back, whatever is done to the time of day. */
  now(): number
  /** Calls back once after some milliseconds; returns what calls it off. */
  after(milliseconds: number, callback: () => void): () => void
  /** Calls back once when the events that wait now have been handled; returns what calls it off. */
  soon(callback: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
  soon(callback) {
    const immediate = setImmediate(callback)
    return () => clearImmediate(immediate)
  },
}
