import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32c } from './crc32c.ts'
import { replaceFile } from './durable-files.ts'
import { PersistenceError } from './persistence-error.ts'

// LevelDB's files: leveldb/doc/table_format.md and log_format.md, both parts of its stable disk format.

const TABLE_MAGIC = 0xdb4775248b80fb57n
const FOOTER_BYTES = 48
/** After each block: one byte of compression type, four of checksum. */
const TRAILER_BYTES = 5
const LOG_BLOCK_BYTES = 32 * 1024
const LOG_HEADER_BYTES = 7

/**
 * Checks LevelDB's tables and logs before LevelDB opens them, and makes what is damaged harmless.
 *
 * LevelDB does not check a table's blocks as leveldown opens it: merging one with a flipped byte can end the process, at
 * every start anew. And from a damaged log it takes what it can, and removes the file. So the original is kept in
 * `keepIn`, and a table's damaged blocks are emptied: their rows are missing from then on, for the log to notice.
 *
 * `beforeChange` is called before the first change and may refuse it by rejecting. Rejects with a `PersistenceError` with
 * the code `damaged`, and changes nothing, if a table has damage that cannot be confined to some rows; with `removesTables`
 * such a table is taken out instead, and LevelDB has to be told by a repair.
 */
export async function containDamage(
  folder: string,
  keepIn: string,
  beforeChange: () => Promise<void>,
  { removesTables = false }: { readonly removesTables?: boolean } = {},
): Promise<void> {
  const changes: (() => Promise<void>)[] = []
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (/^\d+\.(ldb|sst)$/.test(name)) {
      const table = await readFile(path)
      const emptied = removesTables ? withoutDamageOrNothing(table, path) : withoutDamage(table, path)
      if (emptied === null) continue
      changes.push(async () => {
        await keep(keepIn, name, table)
        if (emptied.length === 0) await rm(path)
        else await replaceFile(path, emptied)
      })
    } else if (/^\d+\.log$/.test(name)) {
      const log = await readFile(path)
      if (hasDamagedRecord(log)) changes.push(() => keep(keepIn, name, log))
    }
  }
  if (changes.length === 0) return
  await beforeChange()
  for (const change of changes) await change()
}

/** Keeps a file's bytes under its name and their checksum, so that keeping them twice makes one file. */
async function keep(keepIn: string, name: string, content: Uint8Array): Promise<void> {
  await mkdir(keepIn, { recursive: true })
  await replaceFile(join(keepIn, `${name}.${crc32c(content).toString(16).padStart(8, '0')}`), content)
}

/** As `withoutDamage`, but no bytes at all if the damage cannot be confined. */
function withoutDamageOrNothing(table: Buffer, path: string): Buffer | null {
  try {
    return withoutDamage(table, path)
  } catch (error) {
    if (error instanceof PersistenceError) return Buffer.alloc(0)
    throw error
  }
}

/** The table with its damaged blocks emptied; null if there is nothing to do. */
function withoutDamage(table: Buffer, path: string): Buffer | null {
  // Without its last bytes it is one that LevelDB did not finish and does not use, or one that it refuses by itself.
  if (table.length < FOOTER_BYTES || table.readBigUInt64LE(table.length - 8) !== TABLE_MAGIC) return null
  const footer = new VarintReader(table.subarray(table.length - FOOTER_BYTES, table.length - 8))
  const metaIndex = footer.handle()
  const index = footer.handle()
  const indexBlock = blockAt(table, index)
  if (indexBlock === null || blockAt(table, metaIndex) === null) {
    throw new PersistenceError('damaged', `The index of the table ${path} is damaged; it was left as it is`)
  }
  // A compressed one comes from another program; its blocks are checked when they are read.
  if (table[index.offset + index.size] !== 0) return null
  const damaged = blocksIn(indexBlock).filter((handle) => blockAt(table, handle) === null)
  if (damaged.length === 0) return null
  const emptied = Buffer.from(table)
  for (const { offset, size } of damaged) {
    if (offset + size + TRAILER_BYTES > emptied.length) {
      throw new PersistenceError('damaged', `The table ${path} is cut; it was left as it is`)
    }
    // A block that ends in the number zero has no entries, whatever its length (table/block.cc).
    emptied.fill(0, offset, offset + size + 1)
    emptied.writeUInt32LE(maskedCrc(emptied.subarray(offset, offset + size + 1)), offset + size + 1)
  }
  return emptied
}

interface BlockHandle {
  readonly offset: number
  readonly size: number
}

/** A block's bytes, or null if its checksum says that they are damaged. */
function blockAt(table: Buffer, { offset, size }: BlockHandle): Buffer | null {
  const end = offset + size + 1
  if (end + 4 > table.length) return null
  return maskedCrc(table.subarray(offset, end)) === table.readUInt32LE(end)
    ? table.subarray(offset, end - 1)
    : null
}

/** The handles of the data blocks that an index names. */
function blocksIn(index: Buffer): BlockHandle[] {
  const handles: BlockHandle[] = []
  const restarts = index.readUInt32LE(index.length - 4)
  const reader = new VarintReader(index.subarray(0, index.length - 4 * (restarts + 1)))
  while (!reader.atEnd()) {
    reader.varint() // how much of its key it shares with the one before
    const keyLength = reader.varint()
    reader.varint() // how long the handle is
    reader.skip(keyLength)
    handles.push(reader.handle())
  }
  return handles
}

/** Whether a log holds a record that is altered; one that is cut at the end is what a crash leaves. */
function hasDamagedRecord(log: Buffer): boolean {
  for (let start = 0; start < log.length; start += LOG_BLOCK_BYTES) {
    const block = log.subarray(start, start + LOG_BLOCK_BYTES)
    for (let at = 0; at + LOG_HEADER_BYTES <= block.length;) {
      const end = at + LOG_HEADER_BYTES + block.readUInt16LE(at + 4)
      if (end > block.length) return start + LOG_BLOCK_BYTES < log.length
      // Zeros are space that was set aside and never written.
      if (end === at + LOG_HEADER_BYTES && block[at + 6] === 0) break
      if (maskedCrc(block.subarray(at + 6, end)) !== block.readUInt32LE(at)) return true
      at = end
    }
  }
  return false
}

/** LevelDB stores checksums rotated and shifted (util/crc32c.h). */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

class VarintReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** Little-endian groups of seven bits; zero beyond the end. */
  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at++] ?? 0
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  skip(length: number): void {
    this.#at += length
  }

  handle(): BlockHandle {
    const offset = this.varint()
    return { offset, size: this.varint() }
  }
}
