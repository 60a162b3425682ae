import * as Y from 'yjs'
import { ProtocolError } from '../../protocol/index.ts'
import { NO_CLOCK, StructKind, UpdateScanner } from './update-bytes/update-scanner.ts'

/** Part of what one client has written: its clocks from `start` up to, and not including, `end`. */
interface ClockRange {
  readonly start: number
  readonly end: number
}

/** What an update is about, read from its bytes alone. */
export interface UpdateContents {
  /** The structs that it brings, by the client that wrote them. */
  readonly structs: ReadonlyMap<number, readonly ClockRange[]>
  /** The structs that it deletes. */
  readonly deletes: ReadonlyMap<number, readonly ClockRange[]>
  /** It is wholly integrated once the document has each client's structs up to here: its own, and those that it deletes. */
  readonly needs: ReadonlyMap<number, number>
  /**
   * Up to where the other clients' structs must be there before its own can be integrated: what was written behind, before
   * or into them. Some of that it may bring itself. Besides, each client's structs need those before them.
   */
  readonly dependencies: ReadonlyMap<number, number>
}

/** Reads an update. Throws a `ProtocolError` if it is not one that Yjs could have written. */
export function readUpdateContents(update: Uint8Array): UpdateContents {
  const scanner = new UpdateScanner(update)
  const structs = new Map<number, ClockRange[]>()
  const dependencies = new HighestClocks()
  let ranges: ClockRange[] = []
  let range = { start: 0, end: 0 }
  let client = NOBODY
  while (scanner.nextStruct()) {
    if (scanner.kind === StructKind.Skip) continue
    if (scanner.client !== client) {
      client = scanner.client
      ranges = []
      structs.set(client, ranges)
      range = { start: scanner.clock, end: scanner.clock }
      ranges.push(range)
    } else if (scanner.clock !== range.end) {
      range = { start: scanner.clock, end: scanner.clock }
      ranges.push(range)
    }
    range.end = scanner.clock + scanner.length
    if (scanner.originClock !== NO_CLOCK && scanner.originClient !== client)
      dependencies.raise(scanner.originClient, scanner.originClock + 1)
    if (scanner.rightOriginClock !== NO_CLOCK && scanner.rightOriginClient !== client)
      dependencies.raise(scanner.rightOriginClient, scanner.rightOriginClock + 1)
    if (scanner.parentClock !== NO_CLOCK && scanner.parentClient !== client)
      dependencies.raise(scanner.parentClient, scanner.parentClock + 1)
  }
  const deletes = readDeletes(scanner)
  return { structs, deletes, needs: needsOf(structs, deletes), dependencies: dependencies.clocks() }
}

/** A client id that is none. */
const NOBODY = -1

const NONE: ReadonlyMap<number, never> = new Map<number, never>()

function readDeletes(scanner: UpdateScanner): ReadonlyMap<number, readonly ClockRange[]> {
  if (!scanner.nextDeleted()) return NONE
  const deletes = new Map<number, ClockRange[]>()
  do {
    const range = { start: scanner.clock, end: scanner.clock + scanner.length }
    const ranges = deletes.get(scanner.client)
    if (ranges === undefined) deletes.set(scanner.client, [range])
    else ranges.push(range)
  } while (scanner.nextDeleted())
  for (const [client, ranges] of deletes) checkOverlap(client, ranges)
  return deletes
}

/**
 * Yjs writes no clock into a delete set twice; reading one, it goes through all that each range covers, so that ten thousand
 * times the whole document would take it minutes.
 */
function checkOverlap(client: number, ranges: readonly ClockRange[]): void {
  const isSorted = ranges.every(({ start }, i) => i === 0 || (ranges[i - 1]?.start ?? 0) <= start)
  const sorted = isSorted ? ranges : ranges.toSorted((a, b) => a.start - b.start)
  if (sorted.some(({ start }, i) => i > 0 && (sorted[i - 1]?.end ?? 0) > start)) {
    throw new ProtocolError('malformed', `an update deletes the same of the client ${client} twice`)
  }
}

function needsOf(...parts: readonly ReadonlyMap<number, readonly ClockRange[]>[]): Map<number, number> {
  const needs = new Map<number, number>()
  for (const part of parts) {
    for (const [client, ranges] of part) {
      let most = needs.get(client) ?? 0
      for (const { end } of ranges) most = Math.max(most, end)
      needs.set(client, most)
    }
  }
  return needs
}

/** The highest clock of each client that is spoken of; often the same client's many times over. */
class HighestClocks {
  #clocks: Map<number, number> | null = null
  #client = NOBODY
  #clock = 0

  raise(client: number, clock: number): void {
    if (client !== this.#client) {
      this.#keep()
      this.#client = client
      this.#clock = this.#clocks?.get(client) ?? 0
    }
    if (clock > this.#clock) this.#clock = clock
  }

  #keep(): void {
    if (this.#client === NOBODY) return
    this.#clocks ??= new Map()
    this.#clocks.set(this.#client, this.#clock)
  }

  clocks(): ReadonlyMap<number, number> {
    this.#keep()
    return this.#clocks ?? NONE
  }
}

/** Whether everything that the update brings and deletes has its place in the document, rather than waiting for what it depends on. */
export function isIntegrated(contents: UpdateContents, doc: Y.Doc): boolean {
  for (const [client, clock] of contents.needs) {
    if (Y.getState(doc.store, client) < clock) return false
  }
  return true
}

/**
 * Whether the update would change the document now or later, given what already waits for its dependencies there. An
 * up-to-date client's sync step 2 would not, and is not empty either.
 */
export function isNews(contents: UpdateContents, doc: Y.Doc, waiting: readonly UpdateContents[]): boolean {
  for (const [client, ranges] of contents.structs) {
    const state = Y.getState(doc.store, client)
    const held = unionOf(waiting.flatMap(({ structs }) => structs.get(client) ?? []))
    const isMissing = ({ start, end }: ClockRange): boolean =>
      end > state && !isWithin({ start: Math.max(start, state), end }, held)
    if (ranges.some(isMissing)) return true
  }
  for (const [client, ranges] of contents.deletes) {
    const held = unionOf(waiting.flatMap(({ deletes }) => deletes.get(client) ?? []))
    if (ranges.some((range) => !isDeleted(range, client, doc) && !isWithin(range, held))) return true
  }
  return false
}

/** The same clocks in as few ranges as possible, in order. */
function unionOf(ranges: readonly ClockRange[]): readonly ClockRange[] {
  if (ranges.length < 2) return ranges
  const union: { start: number; end: number }[] = []
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = union.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else union.push({ start, end })
  }
  return union
}

function isWithin(range: ClockRange, union: readonly ClockRange[]): boolean {
  let low = 0
  let high = union.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((union[middle]?.end ?? 0) < range.end) low = middle + 1
    else high = middle
  }
  return (union[low]?.start ?? Infinity) <= range.start
}

function isDeleted({ start, end }: ClockRange, client: number, doc: Y.Doc): boolean {
  const structs = doc.store.clients.get(client)
  if (structs === undefined || Y.getState(doc.store, client) < end) return false
  for (let i = Y.findIndexSS(structs, start); i < structs.length; i++) {
    const struct = structs[i]
    if (struct === undefined || struct.id.clock >= end) break
    if (!struct.deleted) return false
  }
  return true
}
