import { addRange, type ClockRange, type ClockRanges } from './clock-ranges.ts'
import type { Blocker, StateOf } from './integration-plan.ts'
import type { UpdateContents } from './update-contents.ts'

/** An update to be applied, with what was read of it. */
export interface IncomingUpdate {
  readonly update: Uint8Array
  readonly contents: UpdateContents
  /** Whoever sent it: once one of somebody's updates is not taken, the rest of theirs in the batch is not either. */
  readonly source: object
}

/** How much may wait for its dependencies. */
export interface WaitingLimits {
  /** Of one source, in bytes; 4 MiB by default. */
  readonly bytesPerSource: number
  /** Of one source, in updates; 10,000 by default. */
  readonly updatesPerSource: number
  /** In a document, in bytes; 16 MiB by default. */
  readonly bytes: number
}

const MIB = 1024 * 1024

export const defaultWaitingLimits: WaitingLimits = {
  bytesPerSource: 4 * MIB,
  updatesPerSource: 10_000,
  bytes: 16 * MIB,
}

/** An update that waits. */
export interface WaitingUpdate {
  readonly incoming: IncomingUpdate
  /** How often it was looked at because something that it waited for had come. */
  tries: number
  /** The blockers that it was last registered with; entries of earlier ones are stale. */
  registration: object
}

/** What one source has waiting. */
interface Share {
  bytes: number
  updates: number
}

/**
 * The updates of a document that wait for their dependencies, found by what they wait for: an update that comes costs what
 * it sets free, however many others wait. (Yjs merges all that waits anew with every update that does.)
 */
export class WaitingUpdates {
  /** What `admits` goes by. */
  limits: WaitingLimits
  readonly #all = new Set<WaitingUpdate>()
  /** By the client whose structs they wait for. */
  readonly #queues = new Map<number, ClockQueue>()
  readonly #shares = new Map<object, Share>()
  #bytes = 0
  /** What those that wait bring and delete; and perhaps some that was integrated since, which is never asked for. */
  readonly #structs = new Map<number, ClockRanges>()
  readonly #deletes = new Map<number, ClockRanges>()

  constructor(limits: WaitingLimits) {
    this.limits = limits
  }

  get isEmpty(): boolean {
    return this.#all.size === 0
  }

  has(waiting: WaitingUpdate): boolean {
    return this.#all.has(waiting)
  }

  [Symbol.iterator](): Iterator<WaitingUpdate> {
    return this.#all.values()
  }

  /** Whether one more may wait. */
  admits({ update, source }: IncomingUpdate): boolean {
    const { bytes, updates } = this.#shares.get(source) ?? { bytes: 0, updates: 0 }
    return (
      bytes + update.length <= this.limits.bytesPerSource &&
      updates < this.limits.updatesPerSource &&
      this.#bytes + update.length <= this.limits.bytes
    )
  }

  /** Lets an update wait, whatever the limits. */
  add(incoming: IncomingUpdate, blockers: readonly Blocker[]): WaitingUpdate {
    const waiting: WaitingUpdate = { incoming, tries: 0, registration: blockers }
    this.#all.add(waiting)
    const share = this.#shares.get(incoming.source) ?? { bytes: 0, updates: 0 }
    this.#shares.set(incoming.source, share)
    share.updates++
    share.bytes += incoming.update.length
    this.#bytes += incoming.update.length
    addAll(this.#structs, incoming.contents.structs)
    addAll(this.#deletes, incoming.contents.deletes)
    this.register(waiting, blockers)
    return waiting
  }

  /** Says anew what an update waits for. */
  register(waiting: WaitingUpdate, blockers: readonly Blocker[]): void {
    waiting.registration = blockers
    for (const { client, clock } of blockers) {
      let queue = this.#queues.get(client)
      if (queue === undefined) this.#queues.set(client, (queue = new ClockQueue()))
      queue.add({ clock, waiting, registration: blockers })
    }
  }

  remove(waiting: WaitingUpdate): void {
    if (!this.#all.delete(waiting)) return
    const { source, update } = waiting.incoming
    this.#bytes -= update.length
    const share = this.#shares.get(source)
    if (share !== undefined) {
      share.updates--
      share.bytes -= update.length
      if (share.updates === 0) this.#shares.delete(source)
    }
    if (!this.isEmpty) return
    this.#queues.clear()
    this.#structs.clear()
    this.#deletes.clear()
  }

  /** Those that wait for structs of a client that are there now. They stay here, but wait for nothing until they are registered again. */
  freedBy(client: number, stateOf: StateOf): WaitingUpdate[] {
    const queue = this.#queues.get(client)
    if (queue === undefined) return []
    const state = stateOf(client)
    const freed: WaitingUpdate[] = []
    for (let entry = queue.takeUpTo(state); entry !== null; entry = queue.takeUpTo(state)) {
      const { waiting, registration } = entry
      if (waiting.registration !== registration || !this.#all.has(waiting)) continue
      waiting.registration = FREED
      freed.push(waiting)
    }
    if (queue.isEmpty) this.#queues.delete(client)
    return freed
  }

  /** Whether structs of a client are among what waits. */
  brings(client: number, range: ClockRange): boolean {
    return this.#structs.get(client)?.covers(range) ?? false
  }

  /** Whether the deletion of a client's structs is among what waits. */
  deletes(client: number, range: ClockRange): boolean {
    return this.#deletes.get(client)?.covers(range) ?? false
  }

  /** What one source has waiting. */
  of(source: object): WaitingUpdate[] {
    return [...this.#all].filter(({ incoming }) => incoming.source === source)
  }
}

const FREED: object = {}

function addAll(sets: Map<number, ClockRanges>, byClient: ReadonlyMap<number, readonly ClockRange[]>): void {
  for (const [client, ranges] of byClient) {
    for (const { start, end } of ranges) addRange(sets, client, start, end)
  }
}

interface ClockQueueEntry {
  readonly clock: number
  readonly waiting: WaitingUpdate
  readonly registration: object
}

/** Entries by their clocks, the lowest first: a binary heap. */
class ClockQueue {
  readonly #heap: ClockQueueEntry[] = []

  get isEmpty(): boolean {
    return this.#heap.length === 0
  }

  add(entry: ClockQueueEntry): void {
    let index = this.#heap.length
    this.#heap.push(entry)
    while (index > 0) {
      const above = (index - 1) >>> 1
      if (this.#clockAt(above) <= entry.clock) break
      this.#swap(index, above)
      index = above
    }
  }

  /** Takes out the entry with the lowest clock, if that is no higher than the given one. */
  takeUpTo(clock: number): ClockQueueEntry | null {
    const [first] = this.#heap
    if (first === undefined || first.clock > clock) return null
    const last = this.#heap.pop()
    if (last === undefined || last === first) return first
    this.#heap[0] = last
    let index = 0
    for (;;) {
      let lowest = index
      for (const below of [2 * index + 1, 2 * index + 2]) {
        if (this.#clockAt(below) < this.#clockAt(lowest)) lowest = below
      }
      if (lowest === index) return first
      this.#swap(index, lowest)
      index = lowest
    }
  }

  #clockAt(index: number): number {
    return this.#heap[index]?.clock ?? Infinity
  }

  #swap(one: number, other: number): void {
    const [first, second] = [this.#heap[one], this.#heap[other]]
    if (first === undefined || second === undefined) return
    this.#heap[one] = second
    this.#heap[other] = first
  }
}
