import { write } from 'node:fs'
import { open, readFile, type FileHandle } from 'node:fs/promises'
import { decodeCheckedLine, encodeCheckedLine } from './checked-line.ts'
import { replaceFile } from './durable-files.ts'

/** What was acknowledged of a document: LevelDB must hold at least this much of it. */
export interface Claim {
  readonly documentName: string
  /** How many batches had changed the document. */
  readonly revision: number
  /** The sequence number of its last entry. */
  readonly lastSequence: number
}

/** Below this size the file is never rewritten, in bytes. */
const REWRITE_FLOOR = 64 * 1024

/**
 * A file beside LevelDB that says what was acknowledged, since LevelDB opens without a word when the end of its own
 * log is gone. One checked line per claim, appended after the batch is synced and before anyone is told.
 *
 * It is not synced itself: a killed process leaves it whole, for the kernel has it; after a power cut its end may be
 * missing, so that it claims less than is there and never more. Damaged lines are skipped for the same reason.
 */
export class Witness {
  readonly #path: string
  readonly #claims: Map<string, Claim>
  /** How long the last line of each document is, in bytes. */
  readonly #lineBytes = new Map<string, number>()
  /** Null while what is in the file's end is not known: then it is rewritten before anything is added. */
  #file: { readonly handle: FileHandle; size: number } | null = null
  #liveSize = 0

  private constructor(path: string, claims: Map<string, Claim>) {
    this.#path = path
    this.#claims = claims
    for (const claim of claims.values()) this.#noteLine(claim.documentName, encodeClaim(claim))
  }

  /** Opens the file; an absent one claims nothing. Only one witness may be open per file: the store's lock sees to it. */
  static async open(path: string): Promise<Witness> {
    const { claims, intact } = await readClaims(path)
    const witness = new Witness(path, claims)
    if (intact) await witness.#openFile()
    else await witness.#rewrite()
    return witness
  }

  /** The last claim about a document, or undefined if there is none. */
  claim(documentName: string): Claim | undefined {
    return this.#claims.get(documentName)
  }

  /** The names of all documents that there are claims about. */
  documentNames(): string[] {
    return [...this.#claims.keys()]
  }

  /** Adds claims; they hold from the moment of the call, even if writing them down fails. One call at a time. */
  async add(claims: readonly Claim[]): Promise<void> {
    const lines: string[] = []
    for (const claim of claims) {
      const line = encodeClaim(claim)
      this.#noteLine(claim.documentName, line)
      this.#claims.set(claim.documentName, claim)
      lines.push(line)
    }
    const added = Buffer.from(lines.join(''))
    if (this.#file === null || this.#file.size + added.length > Math.max(REWRITE_FLOOR, 2 * this.#liveSize)) {
      await this.#rewrite()
      return
    }
    const bytesWritten = await writeTo(this.#file.handle.fd, added)
    this.#file.size += bytesWritten
    if (bytesWritten !== added.length) await this.#rewrite()
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.handle.close()
  }

  #noteLine(documentName: string, line: string): void {
    const bytes = Buffer.byteLength(line)
    this.#liveSize += bytes - (this.#lineBytes.get(documentName) ?? 0)
    this.#lineBytes.set(documentName, bytes)
  }

  async #rewrite(): Promise<void> {
    await this.close()
    const lines = Array.from(this.#claims.values(), encodeClaim)
    await replaceFile(this.#path, lines.join(''))
    await this.#openFile()
  }

  async #openFile(): Promise<void> {
    const handle = await open(this.#path, 'a')
    this.#file = { handle, size: (await handle.stat()).size }
  }
}

/** Writes to a file's end, and resolves with how many bytes were written. A handle's own method takes twice the time. */
function writeTo(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, (error, bytesWritten) => {
      if (error === null) resolve(bytesWritten)
      else reject(error)
    })
  })
}

function encodeClaim({ documentName, revision, lastSequence }: Claim): string {
  return encodeCheckedLine([documentName, revision, lastSequence])
}

function decodeClaim(line: string): Claim | null {
  const value = decodeCheckedLine(line)
  if (!Array.isArray(value)) return null
  const [documentName, revision, lastSequence]: unknown[] = value
  if (typeof documentName !== 'string' || typeof revision !== 'number') return null
  return typeof lastSequence === 'number' ? { documentName, revision, lastSequence } : null
}

async function readClaims(path: string): Promise<{ claims: Map<string, Claim>; intact: boolean }> {
  const lines = (await readIfPresent(path)).split('\n')
  // What follows the last line feed: nothing, or the beginning of a line that was cut.
  let intact = lines.pop() === ''
  const claims = new Map<string, Claim>()
  for (const line of lines) {
    const claim = decodeClaim(line)
    if (claim === null) intact = false
    else claims.set(claim.documentName, claim)
  }
  return { claims, intact }
}

async function readIfPresent(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
