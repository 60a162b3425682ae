import type { Client } from './client.ts'
import type { Range } from './news.ts'
import type { NewsFrame, RoomStream } from './room-stream.ts'

/** Told of every range of others that arrives. */
export type OnArrival = (range: Range) => void

export interface ReaderOptions {
  readonly onArrival?: OnArrival | null
  readonly follows?: boolean
}

/** Counts what arrives at one member of a room from the others. */
export class Reader {
  readonly client: Client
  /** The client id that it writes with itself. */
  readonly author: number | null
  readonly #stream: RoomStream
  readonly #onArrival: OnArrival | null
  /** How far it is in the stream, and how many frames have been counted; null once it gets something else. */
  #position: number | null = 0
  #frameIndex = 0
  #arrived = 0
  /** Where everything that arrives is kept, if anybody wants to check it. */
  #kept: NewsFrame[] | null = null

  /**
   * Begins with what is sent from now on, when nothing is on its way to anybody in the room. One that is likely to be
   * sent something else than the others should not follow the stream.
   */
  constructor(
    client: Client,
    author: number | null,
    stream: RoomStream,
    { onArrival = null, follows = true }: ReaderOptions = {},
  ) {
    this.client = client
    this.author = author
    this.#stream = stream
    this.#onArrival = onArrival
    client.connection.onMessage = (payload) => this.#take(stream.frameOf(payload))
    if (follows) client.connection.takeRaw((chunk) => this.#received(chunk))
    else this.#position = null
  }

  /** Keeps what arrives from now on, for `problem`. */
  keep(): void {
    this.#kept = []
  }

  get keeps(): boolean {
    return this.#kept !== null
  }

  /** How many updates or states of others have arrived. */
  get arrived(): number {
    this.#advance()
    return this.#arrived
  }

  /** The clock of the last that has come of this author, of what is kept; null if none has. */
  latestOf(author: number): number | null {
    this.#advance()
    const ranges = (this.#kept ?? []).flatMap((frame) => frame.ranges)
    const last = ranges.findLast((range) => range.author === author)
    return last === undefined ? null : last.to - 1
  }

  #received(chunk: Buffer): void {
    if (this.#position === null) return
    if (!this.#stream.agrees(this.#position, chunk)) {
      this.#leaveStream(this.#position, chunk)
      return
    }
    const known = this.#stream.end - this.#position
    if (chunk.length > known) this.#stream.append(chunk.subarray(known))
    this.#position += chunk.length
    if (this.#onArrival !== null) this.#advance()
  }

  #leaveStream(position: number, chunk: Buffer): void {
    this.#advance()
    const begun = this.#stream.partBefore(position, this.#frameIndex)
    this.#position = null
    this.client.connection.takeMessages(Buffer.concat([begun, chunk]))
  }

  #advance(): void {
    if (this.#position === null) return
    this.#frameIndex = this.#stream.eachUntil(this.#position, this.#frameIndex, this.#take)
  }

  readonly #take = (frame: NewsFrame): void => {
    if (frame.count === 0) return
    this.#arrived += frame.count
    if (this.author !== null) this.#arrived -= frame.byAuthor.get(this.author) ?? 0
    this.#kept?.push(frame)
    if (this.#onArrival === null) return
    for (const range of frame.ranges) if (range.author !== this.author) this.#onArrival(range)
  }

  /** What is wrong with what was kept, if every author's clocks from 0 up to these are to be there once, in order. */
  problem(written: ReadonlyMap<number, number>): string | null {
    const next = new Map<number, number>()
    for (const { author, from, to } of (this.#kept ?? []).flatMap(({ ranges }) => ranges)) {
      if (author === this.author) continue
      const expected = next.get(author) ?? 0
      if (from !== expected) return `of ${author}, ${from} arrived where ${expected} was next`
      next.set(author, to)
    }
    for (const [author, count] of written) {
      const arrived = next.get(author) ?? 0
      if (author !== this.author && arrived !== count)
        return `of ${author}, ${arrived} of ${count} updates arrived`
    }
    return null
  }
}
