import { ByteScanner } from './byte-scanner.ts'
import { skipAny, skipSubdocumentOptions } from './skip-any.ts'
import { skipJson, skipJsonOrUndefined } from './skip-json.ts'

/** What a struct holds, by the number that Yjs writes for it. */
export const StructKind = {
  GarbageCollected: 0,
  Deleted: 1,
  Json: 2,
  Binary: 3,
  String: 4,
  Embed: 5,
  Format: 6,
  Type: 7,
  Any: 8,
  Subdocument: 9,
  Skip: 10,
} as const

/** Part of a struct's first byte: what kind it is. The other bits say which fields follow. */
export const KIND_BITS = 0b1_1111
const HAS_KEY = 0b10_0000
const HAS_RIGHT_ORIGIN = 0b100_0000
const HAS_ORIGIN = 0b1000_0000

/** The shared types that Yjs has; an XML element and an XML hook are followed by a name. */
const SHARED_TYPES = 7
const XML_ELEMENT = 3
const XML_HOOK = 5

/** A struct, a client's first clock and how many structs follow, a deleted range: what the shortest of each takes. */
const STRUCT_BYTES = 2
const CLIENT_BYTES = 3
const RANGE_BYTES = 2

/** The clock of an id that is not there. */
export const NO_CLOCK = -1

/**
 * Reads an update of Yjs's first encoding from its bytes, one struct and then one deleted range after the other, and makes
 * no objects of them: the fields say what was read last. Whatever Yjs itself would not write throws a `ProtocolError`.
 *
 *     while (scanner.nextStruct()) …
 *     while (scanner.nextDeleted()) …
 */
export class UpdateScanner {
  readonly #scanner: ByteScanner
  #clientsLeft: number
  #structsLeft = 0
  #deletersLeft = -1
  #rangesLeft = 0
  #previousClient = Infinity

  /** Whose struct or deleted range it is. */
  client = 0
  /** Its first clock. */
  clock = 0
  /** How many clocks it takes, 1 or more. */
  length = 0
  /** One of `StructKind`. */
  kind: number = StructKind.GarbageCollected

  /** The id of what an item was written behind; the clock is `NO_CLOCK` where there is none. */
  originClient = 0
  originClock = NO_CLOCK
  /** The id of what an item was written before. */
  rightOriginClient = 0
  rightOriginClock = NO_CLOCK
  /** The id of what an item was written into, where that is neither a root nor told by an origin. */
  parentClient = 0
  parentClock = NO_CLOCK

  /** Where in the update the struct's bytes begin, those of its content, and where both end. Behind the last is the delete set. */
  start = 0
  contentStart = 0
  end = 0
  /** Where in the update the name of the root is that an item was written into; both 0 where no root is named. */
  #rootStart = 0
  #rootEnd = 0

  constructor(update: Uint8Array) {
    this.#scanner = new ByteScanner(update, 'an update')
    this.#clientsLeft = this.#scanner.count(CLIENT_BYTES)
    this.end = this.#scanner.position
  }

  /** Whether an item says which root it was written into. */
  get isInRoot(): boolean {
    return this.#rootStart > 0
  }

  /** The name of the root that an item says it was written into; null where it does not. */
  get root(): string | null {
    return this.#rootStart === 0 ? null : this.#scanner.text(this.#rootStart, this.#rootEnd)
  }

  /** Reads the next struct; false if there is none. */
  nextStruct(): boolean {
    while (this.#structsLeft === 0) {
      if (this.#clientsLeft === 0) return false
      this.#nextClient()
    }
    this.#structsLeft--
    this.clock += this.length
    this.originClock = this.rightOriginClock = this.parentClock = NO_CLOCK
    this.#rootStart = this.#rootEnd = 0
    this.start = this.#scanner.position
    const info = this.#scanner.byte()
    this.kind = info & KIND_BITS
    if (this.kind === StructKind.GarbageCollected || this.kind === StructKind.Skip) {
      if (info !== this.kind) throw this.#scanner.malformed(`has a struct without content, and fields in it`)
      this.contentStart = this.#scanner.position
      this.length = this.#scanner.varUint()
    } else {
      this.#readOrigins(info)
      this.contentStart = this.#scanner.position
      this.length = this.#skipContent()
    }
    this.end = this.#scanner.position
    this.#checkRange()
    return true
  }

  #nextClient(): void {
    this.#clientsLeft--
    this.#structsLeft = this.#scanner.count(STRUCT_BYTES)
    this.client = this.#scanner.varUint()
    this.clock = this.#scanner.varUint()
    this.length = 0
    // Yjs writes the highest first. It reads a client twice as if the first time had not been, and merges what is in
    // another order into just that.
    if (this.client >= this.#previousClient) {
      throw this.#scanner.malformed(`lists the client ${this.client} behind ${this.#previousClient}`)
    }
    this.#previousClient = this.client
  }

  #readOrigins(info: number): void {
    const scanner = this.#scanner
    if ((info & HAS_ORIGIN) !== 0) {
      this.originClient = scanner.varUint()
      this.originClock = scanner.varUint()
    }
    if ((info & HAS_RIGHT_ORIGIN) !== 0) {
      this.rightOriginClient = scanner.varUint()
      this.rightOriginClock = scanner.varUint()
    }
    if ((info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) !== 0) return
    const isRoot = scanner.varUint()
    if (isRoot > 1) throw scanner.malformed('has an item that is in nothing')
    if (isRoot === 1) {
      const length = scanner.varUint()
      this.#rootStart = scanner.position
      this.#rootEnd = this.#rootStart + length
      scanner.skipText(length)
    } else {
      this.parentClient = scanner.varUint()
      this.parentClock = scanner.varUint()
    }
    if ((info & HAS_KEY) !== 0) scanner.skipString()
  }

  /** Steps over an item's content and returns how many clocks it takes. */
  #skipContent(): number {
    const scanner = this.#scanner
    switch (this.kind) {
      case StructKind.String:
        return scanner.skipString()
      case StructKind.Deleted:
        return scanner.varUint()
      case StructKind.Format:
        scanner.skipString()
        skipJson(scanner)
        return 1
      case StructKind.Type:
        this.#skipType()
        return 1
      case StructKind.Any:
        return this.#skipMany(skipAny)
      case StructKind.Json:
        return this.#skipMany(skipJsonOrUndefined)
      case StructKind.Embed:
        skipJson(scanner)
        return 1
      case StructKind.Binary:
        scanner.skipVarBytes()
        return 1
      case StructKind.Subdocument:
        scanner.skipString()
        skipSubdocumentOptions(scanner)
        return 1
      default:
        throw scanner.malformed(`has content of an unknown kind ${this.kind}`)
    }
  }

  #skipType(): void {
    const type = this.#scanner.varUint()
    if (type >= SHARED_TYPES) throw this.#scanner.malformed(`has a shared type ${type} that is unknown`)
    if (type === XML_ELEMENT || type === XML_HOOK) this.#scanner.skipString()
  }

  #skipMany(skip: (scanner: ByteScanner) => void): number {
    const count = this.#scanner.count(1)
    for (let i = 0; i < count; i++) skip(this.#scanner)
    return count
  }

  /** Reads the next deleted range, once all structs have been read; false after the last, which is where the update must end. */
  nextDeleted(): boolean {
    if (this.#deletersLeft < 0) this.#deletersLeft = this.#scanner.count(RANGE_BYTES)
    while (this.#rangesLeft === 0) {
      if (this.#deletersLeft === 0) {
        this.#scanner.end()
        return false
      }
      this.#deletersLeft--
      this.client = this.#scanner.varUint()
      this.#rangesLeft = this.#scanner.count(RANGE_BYTES)
    }
    this.#rangesLeft--
    this.clock = this.#scanner.varUint()
    this.length = this.#scanner.varUint()
    this.#checkRange()
    return true
  }

  #checkRange(): void {
    if (this.length < 1 || this.clock + this.length > Number.MAX_SAFE_INTEGER) {
      throw this.#scanner.malformed(
        `speaks of ${this.length} clocks from ${this.clock} of the client ${this.client}`,
      )
    }
  }
}
