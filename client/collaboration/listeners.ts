/** Those who want to be told of something, in the order they came. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>()

  /** Returns its unsubscribe. */
  add(listener: (value: T) => void): () => void {
    // A function of its own, so that a listener that is added twice is told twice and removed once.
    const own = (value: T): void => listener(value)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  tell(value: T): void {
    for (const listener of this.#listeners) listener(value)
  }

  clear(): void {
    this.#listeners.clear()
  }
}
