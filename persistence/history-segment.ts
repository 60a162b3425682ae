import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import type { LogEntry } from './document-log.ts'
import { ByteReader, ByteWriter } from './varints.ts'

/** How many bytes of updates a segment takes before the next one is begun; one update may be larger alone. */
const MAX_SEGMENT_BYTES = 1024 * 1024

/**
 * How far a segment's sequence numbers reach. Entries that were kept for long are folded late, and a segment of such ones
 * that reached over all that was folded meanwhile could only leave the history together with that.
 */
const MAX_SEGMENT_SPAN = 4096

/** Gathers entries, given ascending, in groups of bounded size, so that one group is in memory at a time. */
class SegmentGroup {
  #entries: LogEntry[] = []
  #bytes = 0

  /** Takes one more entry; returns those gathered before it if it is one too many for them, else null. */
  add(entry: LogEntry): readonly LogEntry[] | null {
    const [first] = this.#entries
    const isFull = this.#bytes + entry.update.length > MAX_SEGMENT_BYTES
    const isFar = first !== undefined && entry.sequence - first.sequence >= MAX_SEGMENT_SPAN
    const full = first !== undefined && (isFull || isFar) ? this.take() : null
    this.#entries.push(entry)
    this.#bytes += entry.update.length
    return full
  }

  /** What was gathered; nothing is afterwards. */
  take(): readonly LogEntry[] {
    const entries = this.#entries
    this.#entries = []
    this.#bytes = 0
    return entries
  }
}

/**
 * Entries, given ascending, in groups for one segment each. A caller with both kinds gives the entries that the previous
 * compaction kept separately from those that came later.
 */
export function* segmentGroups(entries: Iterable<LogEntry>): Generator<readonly LogEntry[], void, undefined> {
  const group = new SegmentGroup()
  for (const entry of entries) {
    const full = group.add(entry)
    if (full !== null) yield full
  }
  const rest = group.take()
  if (rest.length > 0) yield rest
}

/** As `segmentGroups`, for entries that are read meanwhile, some at a time. */
export async function* segmentGroupsOf(
  pages: AsyncIterable<readonly LogEntry[]>,
): AsyncGenerator<readonly LogEntry[], void, undefined> {
  const group = new SegmentGroup()
  for await (const entries of pages) {
    for (const entry of entries) {
      const full = group.add(entry)
      if (full !== null) yield full
    }
  }
  const rest = group.take()
  if (rest.length > 0) yield rest
}

/**
 * Encodes entries, ascending, as a segment's content (FORMAT.md, "History"), compressed off the main thread. The fields
 * lie in columns, like beside like: a thousand keystrokes of a real trace take 5.0 bytes each, in rows 6.1. Brotli's quality 5
 * needs 1.2 µs for each of them; deflate's level 6 needs 0.9 for 6.4 bytes, and brotli's 9 needs 15 for no fewer bytes.
 */
export async function encodeSegment(entries: readonly LogEntry[]): Promise<Uint8Array> {
  const authors = new Map<string, number>()
  for (const { author } of entries) if (!authors.has(author)) authors.set(author, authors.size)
  const meta = new ByteWriter()
  meta.varint(entries.length)
  meta.varint(authors.size)
  for (const author of authors.keys()) meta.text(author)
  let sequence = 0
  for (const entry of entries) {
    meta.varint(entry.sequence - sequence)
    sequence = entry.sequence
  }
  for (const { author } of entries) meta.varint(authors.get(author) ?? 0)
  let time = 0
  for (const entry of entries) {
    meta.near(time, entry.time)
    time = entry.time
  }
  for (const { update } of entries) meta.varint(update.length)
  return compress(Buffer.concat([meta.bytes(), ...entries.map(({ update }) => update)]))
}

/** Reads a segment's content back; throws if it is of another form. */
export async function decodeSegment(content: Uint8Array): Promise<LogEntry[]> {
  const reader = new ByteReader(await decompress(content))
  const count = reader.varint()
  const authors = Array.from({ length: reader.varint() }, () => reader.text())
  let sequence = 0
  const sequences = Array.from({ length: count }, () => (sequence += reader.varint()))
  const writers = Array.from({ length: count }, () => authors[reader.varint()] ?? '')
  let time = 0
  const times = Array.from({ length: count }, () => (time = reader.near(time)))
  const lengths = Array.from({ length: count }, () => reader.varint())
  return lengths.map((length, i) => ({
    sequence: sequences[i] ?? 0,
    time: times[i] ?? 0,
    author: writers[i] ?? '',
    update: reader.take(length),
  }))
}

const brotli = promisify(brotliCompress)
const unbrotli = promisify(brotliDecompress)

/** Compresses bytes, off the main thread. */
export async function compress(bytes: Uint8Array): Promise<Uint8Array> {
  return brotli(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_LGWIN]: 20,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  })
}

/** Undoes `compress`; rejects if the bytes are none of its making. */
export async function decompress(bytes: Uint8Array): Promise<Uint8Array> {
  const { buffer, byteOffset, length } = await unbrotli(bytes)
  // Not as a Buffer, which would print and compare as something else.
  return new Uint8Array(buffer, byteOffset, length)
}
