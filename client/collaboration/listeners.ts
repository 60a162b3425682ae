/**
 * Those who want to be told of something, in the order they came. What one of them throws is reported as an error of
 * the page, and neither keeps the others from being told nor reaches whoever tells.
 */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>()
  #told = 0

  /** Returns its unsubscribe. */
  add(listener: (value: T) => void): () => void {
    // A function of its own, so that a listener that is added twice is told twice and removed once.
    const own = (value: T): void => listener(value)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /** If a listener does what leads to a newer value, the later ones are told that one only. */
  tell(value: T): void {
    const telling = ++this.#told
    for (const listener of this.#listeners) {
      if (telling !== this.#told) return
      try {
        listener(value)
      } catch (error) {
        reportAside(error)
      }
    }
  }

  clear(): void {
    this.#listeners.clear()
  }
}

/** Reports an error that is somebody else's mistake, and goes on. */
export function reportAside(error: unknown): void {
  // Node has no such function.
  if (typeof reportError === 'function') reportError(error)
  else
    queueMicrotask(() => {
      throw error
    })
}
