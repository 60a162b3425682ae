/** Who wrote something, and when. */
export interface Authorship {
  /** The id of the user whose session sent it; '' if unknown. */
  readonly author: string
  /** Milliseconds since 1970; null if it was before the history begins. */
  readonly time: number | null
}

/** Part of what one client has written, by one author at one time: its clocks from `start` up to, and not including, `end`. */
interface Run {
  readonly start: number
  readonly end: number
  readonly by: Authorship
}

/** The form in which attributions are stored: authors, and runs as client, start, length, index of the author. */
interface StoredAttribution {
  readonly version: 1
  readonly authors: readonly string[]
  readonly runs: readonly (readonly [client: number, start: number, length: number, author: number])[]
}

/**
 * Who wrote which clocks of which clients: whoever's entry first brought them, as a client that was offline sends what others
 * wrote along with its own.
 */
export class Attribution {
  /** Ascending, without overlaps. */
  readonly #clients = new Map<number, Run[]>()

  /** Adds what an entry brought; what is known of already stays as it is. */
  add(
    client: number,
    { start, end }: { readonly start: number; readonly end: number },
    by: Authorship,
  ): void {
    if (start >= end) return
    const runs = this.#clients.get(client) ?? []
    this.#clients.set(client, runs)
    const last = runs.at(-1)
    // Clients' clocks mostly come in order.
    if (last === undefined || last.end <= start) {
      append(runs, { start, end, by })
      return
    }
    const merged: Run[] = []
    let from = start
    for (const run of runs) {
      if (from < end && from < run.start) append(merged, { start: from, end: Math.min(end, run.start), by })
      append(merged, run)
      from = Math.max(from, run.end)
    }
    if (from < end) append(merged, { start: from, end, by })
    this.#clients.set(client, merged)
  }

  /** Who wrote one clock of a client; null if nothing is known of it. */
  of(client: number, clock: number): Authorship | null {
    const runs = this.#clients.get(client) ?? []
    let [low, high] = [0, runs.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((runs[middle]?.end ?? 0) <= clock) low = middle + 1
      else high = middle
    }
    const run = runs[low]
    return run !== undefined && run.start <= clock ? run.by : null
  }

  /** The authors alone, without times: what a history's base keeps. */
  encode(): Uint8Array {
    const authors = new Map<string, number>()
    const runs: [number, number, number, number][] = []
    for (const [client, all] of this.#clients) {
      for (const { start, end, by } of all) {
        const author = authors.get(by.author) ?? authors.size
        authors.set(by.author, author)
        const last = runs.at(-1)
        if (last !== undefined && last[0] === client && last[3] === author && last[1] + last[2] === start) {
          last[2] += end - start
        } else {
          runs.push([client, start, end - start, author])
        }
      }
    }
    const stored: StoredAttribution = { version: 1, authors: [...authors.keys()], runs }
    return new TextEncoder().encode(JSON.stringify(stored))
  }

  /** Reads what `encode` wrote, or nothing at all of no bytes. Throws if they are of another form. */
  static decode(bytes: Uint8Array): Attribution {
    const attribution = new Attribution()
    if (bytes.length === 0) return attribution
    const stored: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (!isStoredAttribution(stored)) throw new TypeError('The attribution is of an unknown form')
    const { authors, runs } = stored
    const known = authors.map((author): Authorship => ({ author, time: null }))
    for (const [client, start, length, author] of runs) {
      const by = known[author] ?? { author: '', time: null }
      attribution.add(client, { start, end: start + length }, by)
    }
    return attribution
  }
}

/** Adds a run behind all others, or makes the last one longer. */
function append(runs: Run[], run: Run): void {
  const last = runs.at(-1)
  const isSame = last !== undefined && last.by.author === run.by.author && last.by.time === run.by.time
  if (isSame && last.end === run.start) runs[runs.length - 1] = { ...last, end: run.end }
  else runs.push(run)
}

function isStoredAttribution(value: unknown): value is StoredAttribution {
  if (typeof value !== 'object' || value === null) return false
  if (!('version' in value && 'authors' in value && 'runs' in value)) return false
  return value.version === 1 && Array.isArray(value.authors) && Array.isArray(value.runs)
}
