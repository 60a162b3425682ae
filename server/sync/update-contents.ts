import type { ClockRange } from './clock-ranges.ts'
import { ProtocolError } from '../../protocol/index.ts'
import { NO_CLOCK, StructKind, UpdateScanner } from './update-bytes/update-scanner.ts'

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
