import type { Clocks } from './clocks.ts'
import type { Arrival, Member } from './room-member.ts'
import type { RoomSession } from './room-session.ts'
import type { UpdateContents } from './update-contents.ts'

/** How much a member may send while it is found out whether it writes under a client id that is in use, in bytes. */
const MOST_HELD = 4 * 1024 * 1024

/** What the claims of a room's client ids are judged by. */
export interface ClientIdClaimsOptions {
  /** The session whose awareness state names a client id; null if none does. */
  readonly ownerOf: (client: number) => RoomSession | null
  readonly memberOf: (session: RoomSession) => Member | undefined
  /** Up to where the document has each client's structs. */
  readonly clocks: () => Promise<Clocks>
  /** Is told of a member that writes under the client id of somebody who is there. */
  readonly onForged: (member: Member, reason: string) => void
  /** Is given what was held back and may be judged again, to come before all that has arrived since. */
  readonly onReleased: (arrivals: readonly Arrival[]) => void
}

/** A member that wrote under the client id of another session. */
interface Suspect {
  /** What it sent since, while it is found out whether that session is there; else null. */
  held: Arrival[] | null
  /** The answer to what it was asked on joining, once that is held; null before. */
  answer: UpdateContents | null
  /** The sessions that were found to be there. */
  readonly checked: WeakSet<RoomSession>
}

/**
 * Keeps members from writing under each other's client ids (PROTOCOL.md, "sync"): new structs under the id of another's
 * open session would displace what that session's own client writes next.
 *
 * A client that comes back before its old connection is found dead writes under the client id of that; and after a restart
 * somebody may bring what another client wrote before that one does itself. Neither is a forger: so what is suspect is held
 * back until the other session was found to be there, and has told what its client wrote before.
 */
export class ClientIdClaims {
  readonly #options: ClientIdClaimsOptions
  readonly #suspects = new WeakMap<Member, Suspect>()
  /** To be called when a member has told what its client wrote before, or has left. */
  readonly #onSynced = new Map<Member, (() => void)[]>()

  constructor(options: ClientIdClaimsOptions) {
    this.#options = options
  }

  /** Returns what may be applied; the rest is held back, or its members are refused. */
  async admit(arrivals: readonly Arrival[]): Promise<Arrival[]> {
    const admitted: Arrival[] = []
    for (const arrival of arrivals) {
      const { source } = arrival
      if (source.isDone) continue
      const suspect = this.#suspects.get(source)
      if (suspect !== undefined && suspect.held !== null) {
        this.#hold(suspect, suspect.held, arrival)
        continue
      }
      const owner = this.#isForeign(arrival) ? await this.#authorOfForeign(arrival) : null
      if (owner === null) admitted.push(arrival)
      else if (suspect?.checked.has(owner) === true) this.#options.onForged(source, 'the client id is in use')
      else this.#suspect(owner, arrival)
    }
    return admitted
  }

  /** Says that a member has told what its client wrote before it joined. */
  hasSynced(member: Member): void {
    member.hasSynced = true
    this.left(member)
  }

  /** Says that a member has left: nobody need wait for it. */
  left(member: Member): void {
    for (const resolve of this.#onSynced.get(member) ?? []) resolve()
    this.#onSynced.delete(member)
  }

  /** Whether an arrival has structs, known ones perhaps, under the client id of somebody else's session. */
  #isForeign({ source, contents }: Arrival): boolean {
    for (const client of contents.structs.keys())
      if (this.#foreignOwner(client, source.session) !== null) return true
    return false
  }

  #foreignOwner(client: number, session: RoomSession): RoomSession | null {
    const owner = this.#options.ownerOf(client)
    return owner === null || owner === session || owner.userId === session.userId ? null : owner
  }

  /** The session under whose client id an arrival brings new structs; null if there is none. */
  async #authorOfForeign({ source, contents }: Arrival): Promise<RoomSession | null> {
    const clocks = await this.#options.clocks()
    for (const [client, ranges] of contents.structs) {
      const owner = this.#foreignOwner(client, source.session)
      if (owner === null) continue
      const written = Math.max(clocks.get(client) ?? 0, this.#saysToHaveWritten(owner, client))
      if (ranges.some(({ end }) => end > written)) return owner
    }
    return null
  }

  /** Up to where a session's client has written by its own account, as far as that is not known otherwise. */
  #saysToHaveWritten(session: RoomSession, client: number): number {
    const member = this.#options.memberOf(session)
    const suspect = member === undefined ? undefined : this.#suspects.get(member)
    const ranges = suspect?.answer?.structs.get(client) ?? []
    return Math.max(0, ...ranges.map(({ end }) => end))
  }

  #suspect(owner: RoomSession, arrival: Arrival): void {
    const { source } = arrival
    const suspect = this.#suspects.get(source) ?? { held: null, answer: null, checked: new WeakSet() }
    this.#suspects.set(source, suspect)
    suspect.held = []
    this.#hold(suspect, suspect.held, arrival)
    void this.#findOutAbout(owner, suspect)
  }

  #hold(suspect: Suspect, held: Arrival[], arrival: Arrival): void {
    held.push(arrival)
    if (arrival.isAnswer) {
      // After a restart two may each bring what the other wrote: neither is to wait until the other's answer is taken.
      suspect.answer = arrival.contents
      this.hasSynced(arrival.source)
    }
    const bytes = held.reduce((sum, { update }) => sum + update.length, 0)
    if (bytes > MOST_HELD) this.#options.onForged(arrival.source, 'the client id may be in use')
  }

  async #findOutAbout(owner: RoomSession, suspect: Suspect): Promise<void> {
    if (await owner.isThere()) await this.#synced(owner)
    suspect.checked.add(owner)
    const held = suspect.held ?? []
    suspect.held = null
    this.#options.onReleased(held)
  }

  /** Resolves once a session has told what its client wrote before, or has left. */
  async #synced(session: RoomSession): Promise<void> {
    const member = this.#options.memberOf(session)
    if (member === undefined || member.hasSynced) return
    await new Promise<void>((resolve) => {
      this.#onSynced.set(member, [...(this.#onSynced.get(member) ?? []), resolve])
    })
  }
}
