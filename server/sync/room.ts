import {
  encodeMessage,
  ProtocolError,
  type Awareness,
  type AwarenessEntry,
  type CloseReason,
  type Hello,
  type QueryAwareness,
  type RefusalCode,
  type Resume,
  type SyncStep1,
  type SyncStep2,
  type Update,
} from '../../protocol/index.ts'
import { TEXT_VERSION } from '../../document/text-form/index.ts'
import type { DocumentLog } from '../../persistence/index.ts'
import type { Logger } from 'pino'
import * as Y from 'yjs'
import type { Clock } from '../clock.ts'
import { AwarenessStates, type AwarenessOwner } from './awareness-states.ts'
import { LiveDocument, type IncomingUpdate } from './live-document.ts'
import { LogWriter, type TailEntry } from './log-writer.ts'
import { Receipts } from './receipts.ts'
import { readUpdateContents } from './update-contents.ts'

/** What a room needs of a session. */
export interface RoomSession extends AwarenessOwner {
  readonly id: string
  readonly userId: string
  /** The secret that its `hello` told. */
  readonly resumeSecret: string
  /** Sends one message; the bytes may go to many and are not to be changed. */
  send(frame: Uint8Array): void
  /** Closes the socket with the reason's code. The session then leaves the room. */
  end(reason: CloseReason, message: string): void
}

/** What a session may hand to its room. */
export type RoomMessage = SyncStep1 | SyncStep2 | Update | Awareness | QueryAwareness | Resume

interface Member {
  readonly session: RoomSession
  readonly receipts: Receipts
  /** What the document had when this session was last asked for what is missing; so it is not asked twice for the same. */
  askedAt: string | null
  /** Whether it has sent anything yet: `resume` comes first or not at all. */
  hasSpoken: boolean
}

interface Arrival extends IncomingUpdate {
  readonly source: Member
}

/** A busy room relays at most once in so many milliseconds: about 60 times a second. */
const FRAME_INTERVAL = 16

/** What rooms run on. */
export interface RoomOptions {
  readonly log: DocumentLog
  readonly clock: Clock
  readonly logger: Logger
  /**
   * How many entries the log may hold beyond a document's snapshot before they are folded into a new one; when everybody
   * has left, a twentieth of it is worth folding. 1,000 by default.
   */
  readonly compactAfter?: number
}

/**
 * A document with the sessions that have it open. What arrives within one tick is applied in one Yjs transaction and
 * leaves as one frame; the log gets what arrived, and each session its acks once that is on disk.
 */
export class Room {
  readonly documentName: string
  readonly #document: LiveDocument
  readonly #writer: LogWriter
  readonly #awareness: AwarenessStates
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #members = new Map<RoomSession, Member>()
  #arrivals: Arrival[] = []
  /** The client ids whose states changed since the last frame, with the session that changed each. */
  #awarenessNews = new Map<number, RoomSession | null>()
  #lastFrameAt = 0
  #cancelFrame: (() => void) | null = null
  #isCompacting = false
  readonly #compactAfter: number
  /** The length of the tail at which to compact next. */
  #compactAt: number

  /** Loads the document; rejects with what the log rejects with. */
  static async open(documentName: string, options: RoomOptions): Promise<Room> {
    const { snapshot, entries } = await options.log.load(documentName)
    const document = new LiveDocument(
      [...(snapshot === null ? [] : [snapshot.update]), ...entries.map((entry) => entry.update)],
      (index, error) =>
        options.logger.error({ err: error, index }, 'left out a stored update that is poison'),
    )
    return new Room(documentName, options, document, entries)
  }

  private constructor(
    documentName: string,
    { log, clock, logger, compactAfter = 1_000 }: RoomOptions,
    document: LiveDocument,
    tail: readonly TailEntry[],
  ) {
    this.documentName = documentName
    this.#clock = clock
    this.#logger = logger
    this.#compactAfter = this.#compactAt = compactAfter
    this.#document = document
    this.#awareness = new AwarenessStates(clock)
    this.#writer = new LogWriter(log, documentName, clock, tail, {
      onSaved: () => this.#saved(),
      onFailed: (error, attempt, retryIn) => {
        logger.error({ err: error, attempt, retryIn }, 'could not save, will try again')
      },
      onGivenUp: (error) => {
        logger.fatal({ err: error }, 'cannot save this document any more')
        this.#endAll('documentUnavailable', 'the document cannot be saved')
      },
    })
  }

  get isSaved(): boolean {
    return this.#arrivals.length === 0 && this.#writer.isSaved
  }

  /** The form that the document has, or that a new one shall get. */
  get form(): Hello['document'] {
    return this.#document.form() ?? { form: 'text', version: TEXT_VERSION }
  }

  /** Whether saving failed and has not succeeded since. */
  get isFailing(): boolean {
    return this.#writer.isFailing
  }

  /** Lets a session take part: it is told what the room has, and asked for what it has. */
  join(session: RoomSession): void {
    if (this.#writer.hasGivenUp) {
      session.end('documentUnavailable', 'the document cannot be saved')
      return
    }
    this.#members.set(session, { session, receipts: new Receipts(), askedAt: null, hasSpoken: false })
    this.#askForUpdates(session)
    const entries = this.#awareness.present()
    if (entries.length > 0) session.send(encodeMessage({ type: 'awareness', entries }))
  }

  /** Ends a session's part; may be called twice. What it sent stays. */
  leave(session: RoomSession): void {
    if (!this.#members.delete(session)) return
    const gone = this.#awareness.leave(session)
    if (gone !== null) this.#noteAwareness([gone], null)
  }

  /** Takes a message from a session that has joined; throws a `ProtocolError` if it is not of its form. */
  receive(session: RoomSession, message: RoomMessage): void {
    const member = this.#members.get(session)
    if (member === undefined) return
    const isFirst = !member.hasSpoken
    member.hasSpoken = true
    switch (message.type) {
      case 'sync-step-1':
        this.#answer(session, message.stateVector)
        break
      case 'sync-step-2':
      case 'update':
        this.#arrivals.push({
          source: member,
          update: message.update,
          contents: readUpdateContents(message.update),
        })
        this.#requestFrame()
        break
      case 'awareness':
        this.#noteAwareness(this.#awareness.receive(session, message.entries), session)
        break
      case 'query-awareness':
        // Answered also when nobody is there: clients ask to find out whether the server is.
        session.send(encodeMessage({ type: 'awareness', entries: this.#awareness.present() }))
        break
      case 'resume':
        if (!isFirst) throw new ProtocolError('malformed', 'a resume that is not the first message')
        this.#resume(session, message.secret)
        break
    }
  }

  #answer(session: RoomSession, stateVector: Uint8Array): void {
    // What this session sent before must be in the answer's ground, or the answer would ask for it again.
    this.#applyArrivals()
    try {
      Y.decodeStateVector(stateVector)
    } catch (cause) {
      throw new ProtocolError('malformed', 'a state vector cannot be decoded', { cause })
    }
    session.send(encodeMessage({ type: 'sync-step-2', update: this.#document.diff(stateVector) }))
  }

  #askForUpdates(session: RoomSession): void {
    session.send(encodeMessage({ type: 'sync-step-1', stateVector: this.#document.stateVector() }))
  }

  #resume(session: RoomSession, secret: string): void {
    for (const { session: previous } of this.#members.values()) {
      if (previous === session || previous.resumeSecret !== secret) continue
      this.#awareness.handOver(previous, session)
      previous.end('replaced', 'the same client has connected anew')
      return
    }
  }

  #noteAwareness(entries: readonly AwarenessEntry[], from: RoomSession | null): void {
    if (entries.length === 0) return
    for (const { clientID } of entries) this.#awarenessNews.set(clientID, from)
    this.#requestFrame()
  }

  #requestFrame(): void {
    if (this.#cancelFrame !== null) return
    const wait = Math.min(this.#lastFrameAt + FRAME_INTERVAL - this.#clock.now(), FRAME_INTERVAL)
    const frame = (): void => {
      this.#cancelFrame = null
      this.#frame()
    }
    this.#cancelFrame = wait > 0 ? this.#clock.after(wait, frame) : this.#clock.soon(frame)
  }

  /** Handles everything that has arrived since the last frame. */
  #frame(): void {
    this.#lastFrameAt = this.#clock.now()
    try {
      this.#applyArrivals()
      this.#relayAwareness()
    } catch (error) {
      // Nothing that a client sends leads here; if something does, it costs this room's sessions a reconnect, and no
      // other room anything.
      this.#logger.fatal({ err: error }, 'could not handle what arrived')
      this.#endAll('internalError', 'the server failed')
    }
  }

  #applyArrivals(): void {
    if (this.#arrivals.length === 0) return
    const arrivals = this.#arrivals
    this.#arrivals = []
    // What waited may be set free by what comes now, and then it is news to whoever sent that as well.
    const wasMissing = this.#document.isMissingDependencies
    const { changed, outcomes } = this.#document.apply(arrivals)
    const sources = new Set(wasMissing ? [] : arrivals.map(({ source }) => source.session))
    if (changed !== null) this.#relay({ type: 'update', update: changed }, sources)

    this.#writer.append(
      arrivals
        .filter((_, i) => outcomes[i] === 'news')
        .map(({ source, update }) => ({ author: source.session.userId, update })),
    )
    arrivals.forEach(({ source, contents }, i) => {
      const outcome = outcomes[i]
      if (outcome === 'poison') this.#refuse(source, 'unappliable', 'the update cannot be integrated')
      if (outcome === 'poison' || outcome === 'skipped') return
      const isWaiting = this.#document.isMissingDependencies && !this.#document.isIntegrated(contents)
      source.receipts.add(this.#writer.takenPosition, isWaiting ? contents : null)
      if (isWaiting) this.#askForMissing(source)
    })
    this.#ack()
  }

  /** Asks for what the document misses, unless that very question has been asked. */
  #askForMissing(member: Member): void {
    const state = this.#document.stateVector().join()
    if (member.askedAt === state) return
    member.askedAt = state
    this.#askForUpdates(member.session)
  }

  #endAll(reason: CloseReason, message: string): void {
    for (const session of this.#members.keys()) session.end(reason, message)
  }

  #refuse(member: Member, code: RefusalCode, reason: string): void {
    const index = member.receipts.refuse()
    this.#logger.warn({ session: member.session.id, code, index }, 'refused an update')
    if (!member.session.isStock) member.session.send(encodeMessage({ type: 'refused', index, code, reason }))
    member.session.end(code, reason)
  }

  /** Sends a frame to every session, but to one that is the only source of what it says. */
  #relay(message: Update | Awareness, sources: ReadonlySet<RoomSession | null>): void {
    const frame = encodeMessage(message)
    for (const session of this.#members.keys()) {
      if (sources.size === 1 && sources.has(session)) continue
      session.send(frame)
    }
  }

  #relayAwareness(): void {
    if (this.#awarenessNews.size === 0) return
    const news = this.#awarenessNews
    this.#awarenessNews = new Map()
    this.#relay(
      { type: 'awareness', entries: this.#awareness.entriesOf(news.keys()) },
      new Set(news.values()),
    )
  }

  #saved(): void {
    this.#ack()
    if (this.#writer.tail.length >= this.#compactAt) void this.#compact()
  }

  #ack(): void {
    for (const { session, receipts } of this.#members.values()) {
      const count = receipts.settle(this.#writer.savedPosition, (contents) =>
        this.#document.isIntegrated(contents),
      )
      if (count !== null && !session.isStock) session.send(encodeMessage({ type: 'ack', count }))
    }
  }

  /** Folds the log's tail into a snapshot. A failure is logged and costs nothing but the space. */
  async #compact(): Promise<void> {
    if (this.#isCompacting) return
    this.#isCompacting = true
    try {
      const waiting = this.#writer.tail.filter(({ update }) => this.#document.isWaiting(update))
      // When most of the tail waits for its dependencies, a snapshot would free next to nothing.
      if (waiting.length * 2 > this.#writer.tail.length) return
      const keep = new Set(waiting.map(({ sequence }) => sequence))
      await this.#writer.compact(this.#document.fold(), keep)
    } catch (error) {
      this.#logger.error({ err: error }, 'could not compact the log')
    } finally {
      // Also after a failure, and where nothing could be folded: not at every further save.
      this.#compactAt = this.#writer.tail.length + this.#compactAfter
      this.#isCompacting = false
    }
  }

  /** Resolves once everything that has arrived is on disk. */
  async saved(): Promise<void> {
    this.#applyArrivals()
    await this.#writer.saved()
  }

  /** What to do before the room is let go: its log is short when it is next opened. */
  async settle(): Promise<void> {
    await this.saved()
    if (this.#writer.tail.length >= this.#compactAfter / 20) await this.#compact()
  }

  /** Lets go of the document; only when it is empty and saved. */
  close(): void {
    this.#cancelFrame?.()
    this.#document.close()
  }
}
