import type { AwarenessEntry } from '../../protocol/index.ts'
import type { Clock } from '../clock.ts'

/** Whose a client id is. */
export interface AwarenessOwner {
  /** A stock client has no secret to prove that it is the same client again, so a newer one may take its id. */
  readonly isStock: boolean
}

interface ClientState<Owner> {
  readonly entry: AwarenessEntry
  /** The session that may change it; null once that has ended. */
  readonly owner: Owner | null
  readonly changedAt: number
}

/** How long the clock of a client that left is remembered, in milliseconds, so that a late echo of it cannot bring it back. */
const MEMORY_OF_THE_GONE = 60_000

/** The awareness states of one room, each owned by one session (PROTOCOL.md, "awareness"). */
export class AwarenessStates<Owner extends AwarenessOwner> {
  readonly #clock: Clock
  readonly #states = new Map<number, ClientState<Owner>>()
  /** Each session's one client id. */
  readonly #clientIDs = new Map<Owner, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The states of all clients that are here. */
  present(): AwarenessEntry[] {
    return Array.from(this.#states.values(), ({ entry }) => entry).filter(({ state }) => state !== null)
  }

  /**
   * The states of all clients, and of those that have left as long as their clocks are remembered: so that who comes back
   * learns which clock it has to pass, and who was not told meanwhile does not keep them.
   */
  known(): AwarenessEntry[] {
    return Array.from(this.#states.values(), ({ entry }) => entry)
  }

  /** The states of these clients as they are now, those that have left included. */
  entriesOf(clientIDs: Iterable<number>): AwarenessEntry[] {
    return [...clientIDs].flatMap((clientID) => this.#states.get(clientID)?.entry ?? [])
  }

  /** The session that a client id belongs to; null if no session that is there has it. */
  ownerOf(clientID: number): Owner | null {
    return this.#states.get(clientID)?.owner ?? null
  }

  /** Takes what a session sent and returns what is news of it. Entries that are not the session's to change are passed over. */
  receive(owner: Owner, entries: readonly AwarenessEntry[]): AwarenessEntry[] {
    return entries.filter((entry) => {
      const known = this.#states.get(entry.clientID)
      if (known !== undefined && entry.clock <= known.entry.clock) return false
      if (!this.#mayChange(owner, entry, known)) return false
      this.#set(entry, owner)
      return true
    })
  }

  #mayChange(owner: Owner, entry: AwarenessEntry, known: ClientState<Owner> | undefined): boolean {
    const own = this.#clientIDs.get(owner)
    if (own !== undefined) return own === entry.clientID
    if (entry.state === null) return false
    const holder = known?.owner ?? null
    // A half-open connection holds the id still. What it had is passed on by other clients as well, but never under a
    // newer clock than theirs: only the client itself has one.
    if (holder !== null && !(holder.isStock && owner.isStock)) return false
    if (holder !== null) this.#clientIDs.delete(holder)
    return true
  }

  #set(entry: AwarenessEntry, owner: Owner | null): void {
    this.#states.set(entry.clientID, { entry, owner, changedAt: this.#clock.now() })
    if (owner !== null) this.#clientIDs.set(owner, entry.clientID)
  }

  /** Hands one session's client id to another, which then is the only one that may change it. */
  handOver(from: Owner, to: Owner): void {
    const clientID = this.#clientIDs.get(from)
    if (clientID === undefined) return
    const known = this.#states.get(clientID)
    this.#clientIDs.delete(from)
    if (known !== undefined) this.#set(known.entry, to)
  }

  /** Ends a session's part and returns the entry that tells others so; null if it has no state (any more). */
  leave(owner: Owner): AwarenessEntry | null {
    this.#forgetTheLongGone()
    const clientID = this.#clientIDs.get(owner)
    if (clientID === undefined) return null
    this.#clientIDs.delete(owner)
    const known = this.#states.get(clientID)
    if (known === undefined || known.entry.state === null) return null
    // That it is gone counts under the same clock, too, where there is no next one.
    const clock = Math.min(known.entry.clock + 1, Number.MAX_SAFE_INTEGER)
    const gone: AwarenessEntry = { clientID, clock, state: null }
    this.#set(gone, null)
    return gone
  }

  #forgetTheLongGone(): void {
    const before = this.#clock.now() - MEMORY_OF_THE_GONE
    for (const [clientID, { owner, changedAt }] of this.#states) {
      if (owner === null && changedAt < before) this.#states.delete(clientID)
    }
  }
}
