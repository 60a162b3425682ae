import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { documentForm, FORM_NAME, type DocumentForm } from '../../document/text-form/index.ts'
import { KIND_BITS, NO_CLOCK, StructKind, UpdateScanner } from './update-bytes/update-scanner.ts'

/**
 * Tells the form of a document from the updates that make it, as `documentForm` tells it of the document loaded, without
 * loading it: of the updates only what that looks at is kept, the entries of the map that states the form, and that
 * something was written into this or that root.
 *
 * Leave out updates that wait for what they depend on: they would count as if it were there. Throws a `ProtocolError` if an
 * update is not one that Yjs could have written.
 */
export function formOfUpdates(updates: readonly Uint8Array[]): DocumentForm {
  const entries = new IdRanges()
  // What overwrites an entry says only which it was written behind, and may stand before that in the bytes.
  do {
    entries.hasGrown = false
    for (const update of updates) findEntries(update, entries)
  } while (entries.hasGrown)

  const doc = new Y.Doc()
  try {
    for (const update of updates) Y.applyUpdate(doc, outline(update, entries))
    return documentForm(doc)
  } finally {
    doc.destroy()
  }
}

/** Adds the items of the map that states the form, as far as those they were written behind or before are known. */
function findEntries(update: Uint8Array, entries: IdRanges): void {
  const scanner = new UpdateScanner(update)
  while (scanner.nextStruct()) {
    if (scanner.root === FORM_NAME || isBesideEntry(scanner, entries)) {
      entries.add(scanner.client, scanner.clock, scanner.length)
    }
  }
  while (scanner.nextDeleted());
}

function isBesideEntry(scanner: UpdateScanner, entries: IdRanges): boolean {
  return (
    (scanner.originClock !== NO_CLOCK && entries.has(scanner.originClient, scanner.originClock)) ||
    (scanner.rightOriginClock !== NO_CLOCK &&
      entries.has(scanner.rightOriginClient, scanner.rightOriginClock))
  )
}

/** The same update with everything that does not tell the form made garbage. */
function outline(update: Uint8Array, entries: IdRanges): Uint8Array {
  const scanner = new UpdateScanner(update)
  const clients: OutlineOfClient[] = []
  while (scanner.nextStruct()) {
    let client = clients.at(-1)
    if (client?.client !== scanner.client) {
      client = new OutlineOfClient(scanner.client, scanner.clock)
      clients.push(client)
    }
    if (entries.has(scanner.client, scanner.clock)) client.copy(update.subarray(scanner.start, scanner.end))
    else if (scanner.isInRoot)
      client.empty(update.subarray(scanner.start, scanner.contentStart), scanner.length)
    else if (scanner.kind === StructKind.Skip) client.copy(update.subarray(scanner.start, scanner.end))
    else client.collect(scanner.length)
  }
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, clients.length)
  for (const client of clients) client.write(encoder)
  encoding.writeUint8Array(encoder, update.subarray(scanner.end))
  return encoding.toUint8Array(encoder)
}

/** One client's structs in an outline. */
class OutlineOfClient {
  readonly client: number
  readonly #clock: number
  readonly #structs = encoding.createEncoder()
  #count = 0
  #collected = 0

  constructor(client: number, clock: number) {
    this.client = client
    this.#clock = clock
  }

  copy(struct: Uint8Array): void {
    this.#writeCollected()
    this.#count++
    encoding.writeUint8Array(this.#structs, struct)
  }

  /** Writes an item without its content. */
  empty(head: Uint8Array, length: number): void {
    const [info = 0] = head
    this.copy(head.with(0, (info & ~KIND_BITS) | StructKind.Deleted))
    encoding.writeVarUint(this.#structs, length)
  }

  collect(length: number): void {
    this.#collected += length
  }

  #writeCollected(): void {
    if (this.#collected === 0) return
    this.#count++
    encoding.writeUint8(this.#structs, StructKind.GarbageCollected)
    encoding.writeVarUint(this.#structs, this.#collected)
    this.#collected = 0
  }

  write(encoder: encoding.Encoder): void {
    this.#writeCollected()
    encoding.writeVarUint(encoder, this.#count)
    encoding.writeVarUint(encoder, this.client)
    encoding.writeVarUint(encoder, this.#clock)
    encoding.writeUint8Array(encoder, encoding.toUint8Array(this.#structs))
  }
}

/** Ids, as ranges of their clients' clocks. */
class IdRanges {
  readonly #ranges = new Map<number, Range[]>()
  hasGrown = false

  has(client: number, clock: number): boolean {
    const ranges = this.#ranges.get(client)
    return ranges !== undefined && clock < (ranges[countUpTo(ranges, clock) - 1]?.end ?? 0)
  }

  add(client: number, start: number, length: number): void {
    const ranges = this.#ranges.get(client) ?? []
    if (ranges.length === 0) this.#ranges.set(client, ranges)
    const count = countUpTo(ranges, start)
    const before = ranges[count - 1]
    const end = start + length
    if (before !== undefined && end <= before.end) return
    this.hasGrown = true
    if (before !== undefined && start <= before.end) before.end = end
    else ranges.splice(count, 0, { start, end })
  }
}

interface Range {
  readonly start: number
  end: number
}

/** How many of some ranges, which are in order, start at a clock or before it. */
function countUpTo(ranges: readonly Range[], clock: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ranges[middle]?.start ?? 0) <= clock) low = middle + 1
    else high = middle
  }
  return low
}
