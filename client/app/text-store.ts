/** Remembers texts for the next visit, where the browser lets it; where not, it forgets them and nothing fails. */
export interface TextStore {
  get(key: string): string | null
  set(key: string, text: string): void
}

/** A store in `localStorage`; `storage` is asked for it each time, since reading the property itself may throw. */
export function createTextStore(storage: () => Pick<Storage, 'getItem' | 'setItem'>): TextStore {
  return {
    get(key) {
      try {
        return storage().getItem(key)
      } catch {
        return null
      }
    },
    set(key, text) {
      try {
        storage().setItem(key, text)
      } catch {
        // Full, or forbidden: it holds for this page only.
      }
    },
  }
}
