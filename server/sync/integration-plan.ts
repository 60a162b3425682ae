import { NO_CLOCK, StructKind, UpdateScanner } from './update-bytes/update-scanner.ts'
import type { UpdateContents } from './update-contents.ts'

/** Up to where a client's structs must be there before more of an update can be integrated. */
export interface Blocker {
  readonly client: number
  readonly clock: number
}

/** What of an update can be integrated into a document. */
export interface IntegrationPlan {
  /** Whether anything can. */
  readonly progresses: boolean
  /** What hinders the rest: once one of these is there, more may be possible, and not before. None if all can be integrated. */
  readonly blockers: readonly Blocker[]
}

/** Up to where a document has a client's structs. */
export type StateOf = (client: number) => number

const WHOLLY: IntegrationPlan = { progresses: true, blockers: [] }

/** Says what Yjs could integrate of an update where the document has as much of each client's structs as `stateOf` says. */
export function planIntegration(
  update: Uint8Array,
  contents: UpdateContents,
  stateOf: StateOf,
): IntegrationPlan {
  return isEasilyWhole(contents, stateOf) ? WHOLLY : new Integration(update, stateOf).plan(contents)
}

/** Whether everything that an update needs is there; where some of that is in the update itself, only its structs can tell. */
function isEasilyWhole({ structs, deletes, dependencies }: UpdateContents, stateOf: StateOf): boolean {
  for (const [client, ranges] of structs) {
    let state = stateOf(client)
    for (const { start, end } of ranges) {
      if (start > state) return false
      state = Math.max(state, end)
    }
  }
  for (const [client, clock] of dependencies) if (stateOf(client) < clock) return false
  for (const [client, ranges] of deletes) {
    const state = Math.max(stateOf(client), structs.get(client)?.at(-1)?.end ?? 0)
    for (const { end } of ranges) if (end > state) return false
  }
  return true
}

/** The structs that one client has in an update, as numbers: `FIELDS` for each. */
interface OwnStructs {
  readonly numbers: number[]
  next: number
}

/** A struct's first clock and its length, then the client and clock of its origin, its right origin and its parent. */
const FIELDS = 8
const [FIRST_ID, RIGHT_ORIGIN, LAST_ID] = [2, 4, 6]

/** Goes through an update's structs as `integrateStructs` of Yjs does, and only counts. */
class Integration {
  readonly #clients = new Map<number, OwnStructs>()
  readonly #reached = new Map<number, number>()
  readonly #stateOf: StateOf
  /** The clients whose next struct waits for one of this client's. */
  readonly #waitingFor = new Map<number, Set<number>>()
  readonly #blockers = new Map<number, readonly Blocker[]>()
  #progresses = false

  constructor(update: Uint8Array, stateOf: StateOf) {
    this.#stateOf = (client) => this.#reached.get(client) ?? stateOf(client)
    const scanner = new UpdateScanner(update)
    while (scanner.nextStruct()) {
      if (scanner.kind === StructKind.Skip) continue
      let own = this.#clients.get(scanner.client)
      if (own === undefined) this.#clients.set(scanner.client, (own = { numbers: [], next: 0 }))
      own.numbers.push(
        scanner.clock,
        scanner.length,
        scanner.originClient,
        scanner.originClock,
        scanner.rightOriginClient,
        scanner.rightOriginClock,
        scanner.parentClient,
        scanner.parentClock,
      )
    }
  }

  plan({ deletes }: UpdateContents): IntegrationPlan {
    const toTry = [...this.#clients.keys()]
    for (let client = toTry.pop(); client !== undefined; client = toTry.pop()) {
      if (!this.#advance(client)) continue
      toTry.push(...(this.#waitingFor.get(client) ?? []))
      this.#waitingFor.delete(client)
    }
    const blockers = [...this.#blockers.values()].flat()
    for (const [client, ranges] of deletes) {
      const state = this.#stateOf(client)
      let next = Infinity
      for (const { start, end } of ranges) {
        if (start < state) this.#progresses = true
        if (end > state) next = Math.min(next, Math.max(start, state) + 1)
      }
      if (next < Infinity) blockers.push({ client, clock: next })
    }
    return { progresses: this.#progresses, blockers }
  }

  /** Goes on with a client's structs as far as possible; returns whether that was any further. */
  #advance(client: number): boolean {
    const own = this.#clients.get(client)
    if (own === undefined) return false
    const before = this.#stateOf(client)
    this.#blockers.delete(client)
    let state = before
    for (; own.next < own.numbers.length; own.next += FIELDS) {
      const clock = own.numbers[own.next] ?? 0
      const end = clock + (own.numbers[own.next + 1] ?? 0)
      if (end <= state) continue
      const blocker = clock > state ? { client, clock } : this.#missing(own, client, clock < state)
      if (blocker !== null) {
        // Or somebody else brings the struct in another form, which may need less.
        const itself = { client, clock: state + 1 }
        this.#blockers.set(client, blocker.client === client ? [blocker] : [blocker, itself])
        this.#awake(client, blocker.client)
        break
      }
      state = end
      this.#reached.set(client, state)
    }
    if (state > before) this.#progresses = true
    return state > before
  }

  #awake(client: number, when: number): void {
    const waiting = this.#waitingFor.get(when)
    if (waiting === undefined) this.#waitingFor.set(when, new Set([client]))
    else waiting.add(client)
  }

  /** The first of what a client's next struct hangs on that is not there; of its own client everything before it is. */
  #missing({ numbers, next }: OwnStructs, client: number, isRest: boolean): Blocker | null {
    // The rest of a struct that is there in part stands behind that part.
    const [first, last] = isRest ? [RIGHT_ORIGIN, RIGHT_ORIGIN] : [FIRST_ID, LAST_ID]
    for (let at = next + first; at <= next + last; at += 2) {
      const [of = client, clock = NO_CLOCK] = [numbers[at], numbers[at + 1]]
      if (clock !== NO_CLOCK && of !== client && clock >= this.#stateOf(of))
        return { client: of, clock: clock + 1 }
    }
    return null
  }
}
