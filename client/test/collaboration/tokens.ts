/** What is typed is made of characters that occur nowhere else, so that each can be counted. */
export class Tokens {
  readonly #typed = new Set<string>()
  /** Those that somebody deleted, wrote anew, or took back. */
  readonly #touched = new Set<string>()
  #next = 0xe000

  type(): string {
    const text = String.fromCharCode(this.#next++, this.#next++)
    for (const token of text) this.#typed.add(token)
    return text
  }

  touch(text: string): void {
    for (const token of text) if (this.#typed.has(token)) this.#touched.add(token)
  }

  /** Somebody acted, which may have deleted some. */
  acted(before: string, after: string): void {
    const left = new Set(after)
    for (const token of new Set(before)) if (!left.has(token)) this.touch(token)
  }

  /** Those that nobody deleted, and that are missing or there more than once. */
  wrongIn(text: string): string[] {
    const counts = new Map<string, number>()
    for (const token of text) counts.set(token, (counts.get(token) ?? 0) + 1)
    return [...this.#typed].filter((token) => !this.#touched.has(token) && counts.get(token) !== 1)
  }
}
