/** What has no counterpart in a Codraft document, and what became of it. */
export interface Loss {
  /** The name that the other editor has for it. */
  readonly kind: string
  readonly count: number
  /** As the end of a sentence: "kept as paragraphs". */
  readonly outcome: string
}

/** Counts what an import has no counterpart for. */
export class Losses {
  readonly #losses = new Map<string, { kind: string; count: number; outcome: string }>()

  add(kind: string, outcome: string): void {
    const key = JSON.stringify([kind, outcome])
    const known = this.#losses.get(key)
    if (known === undefined) this.#losses.set(key, { kind, count: 1, outcome })
    else known.count++
  }

  /** In the order in which they were met. */
  list(): readonly Loss[] {
    return [...this.#losses.values()]
  }
}
