import * as Y from 'yjs'
import { ProtocolError } from '../../protocol/index.ts'

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
}

/**
 * Decodes an update more strictly than Yjs, which takes ranges without length and numbers beyond all precision: either
 * throws much later, when the update is integrated, or when the document that holds it is encoded. Throws a
 * `ProtocolError`.
 */
export function readUpdateContents(update: Uint8Array): UpdateContents {
  let decoded: ReturnType<typeof Y.decodeUpdate>
  try {
    decoded = Y.decodeUpdate(update)
  } catch (cause) {
    throw new ProtocolError('malformed', 'an update cannot be decoded', { cause })
  }
  const structs = new Map<number, ClockRange[]>()
  const deletes = new Map<number, ClockRange[]>()
  const needs = new Map<number, number>()
  for (const struct of decoded.structs) {
    const range = rangeOf(struct.id.client, struct.id.clock, struct.length)
    if (!(struct instanceof Y.Skip)) addRange(structs, needs, struct.id.client, range)
  }
  for (const [client, ranges] of decoded.ds.clients) {
    for (const { clock, len } of ranges) addRange(deletes, needs, client, rangeOf(client, clock, len))
  }
  return { structs, deletes, needs }
}

function rangeOf(client: number, start: number, length: number): ClockRange {
  const end = start + length
  if (length < 1 || ![client, start, end].every((number) => Number.isSafeInteger(number) && number >= 0)) {
    throw new ProtocolError(
      'malformed',
      `an update speaks of ${length} clocks from ${start} of the client ${client}`,
    )
  }
  return { start, end }
}

function addRange(
  ranges: Map<number, ClockRange[]>,
  needs: Map<number, number>,
  client: number,
  range: ClockRange,
): void {
  const known = ranges.get(client)
  if (known === undefined) ranges.set(client, [range])
  else known.push(range)
  needs.set(client, Math.max(needs.get(client) ?? 0, range.end))
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
    const held = waiting.flatMap(({ structs }) => structs.get(client) ?? [])
    if (ranges.some((range) => range.end > state && !isWithin(range, held))) return true
  }
  for (const [client, ranges] of contents.deletes) {
    const held = waiting.flatMap(({ deletes }) => deletes.get(client) ?? [])
    if (ranges.some((range) => !isDeleted(range, client, doc) && !isWithin(range, held))) return true
  }
  return false
}

function isWithin(range: ClockRange, ranges: readonly ClockRange[]): boolean {
  return ranges.some(({ start, end }) => start <= range.start && range.end <= end)
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
