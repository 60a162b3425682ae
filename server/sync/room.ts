import {
  ProtocolError,
  type Awareness,
  type AwarenessEntry,
  type CloseReason,
  type Hello,
  type QueryAwareness,
  type RefusalCode,
  type Resume,
  type ServerMessage,
  type SyncStep1,
  type SyncStep2,
  type Update,
} from '../../protocol/index.ts'
import { refusalReasons } from '../../protocol/index.ts'
import { TEXT_VERSION } from '../../document/text-form/index.ts'
import { PersistenceError, type DocumentLog } from '../../persistence/index.ts'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { AwarenessStates, type AwarenessOwner } from './awareness-states.ts'
import { isCovered, type Clocks } from './clocks.ts'
import { Frame } from './frame.ts'
import type { ApplyResult, IncomingUpdate } from './live-document.ts'
import { KnownAnswer } from './known-answer.ts'
import { LogWriter } from './log-writer.ts'
import type { DocumentThreads } from './document-threads.ts'
import type { MemoryBudget } from './memory-budget.ts'
import { OwedDeletes } from './owed-deletes.ts'
import { Receipts } from './receipts.ts'
import { RoomAnswers, type Answer } from './room-answers.ts'
import { RoomDocument } from './room-document.ts'
import { RoomUpkeep } from './room-upkeep.ts'
import { stampedState } from './stamped-state.ts'
import type { UnsavedBudget } from './unsaved-budget.ts'
import { SizeLimit } from './size-limit.ts'
import { noMeter, type SyncMeter } from './sync-meter.ts'
import { readStateVector } from './update-bytes/state-vector.ts'
import { readUpdateContents, type UpdateContents } from './update-contents.ts'

/** What a room needs of a session. */
export interface RoomSession extends AwarenessOwner {
  readonly id: string
  readonly userId: string
  /** The secret that its `hello` told. */
  readonly resumeSecret: string
  /** Whether more waits to be read by its client than is to be held for one. */
  readonly isBacklogged: boolean
  /** Whether its client answers within seconds; one that does not is closed. */
  isThere(): Promise<boolean>
  /** Sends messages; the same frame may go to many. */
  send(frame: Frame): void
  /** Closes the socket with the reason's code. The session then leaves the room. */
  end(reason: CloseReason, message: string): void
}

/** What a session may hand to its room. */
export type RoomMessage = SyncStep1 | SyncStep2 | Update | Awareness | QueryAwareness | Resume

/**
 * How much of the room a member has been told:
 *
 * - `new`: nothing yet.
 * - `current`: everything, or it is on its way.
 * - `behind`: it reads slowly, and since the document was at `vector` it is told nothing until it has read what it has.
 */
type Standing =
  { readonly is: 'new' } | { readonly is: 'current' } | { readonly is: 'behind'; readonly vector: Uint8Array }

interface Member {
  readonly session: RoomSession
  readonly receipts: Receipts
  standing: Standing
  /** What the document had when this session was last asked for what is missing; so it is not asked twice for the same. */
  askedAt: string | null
  /** Whether it has sent anything yet: `resume` comes first or not at all. */
  hasSpoken: boolean
  /** Nothing that it sent is taken any more: something before that was not taken. */
  isDone: boolean
  /** Whether it has answered what it was asked on joining, so that all that its client wrote before is here. */
  hasSynced: boolean
  /** To be called when it has, or has left. */
  readonly onSynced: (() => void)[]
  /** What it sent since it wrote under the client id of another session, while it is found out whether that is there; else null. */
  held: Arrival[] | null
  /** The answer to what it was asked on joining, once that is held; null before. */
  heldAnswer: UpdateContents | null
  /** Those that were found to be there. */
  readonly checked: WeakSet<RoomSession>
  /** Whether the last that it was told of the storage is that it fails. */
  knowsOfFailing: boolean
  /** Whether it has been told that the document comes near its largest size. */
  knowsOfSize: boolean
  /** The last ack that it has not been sent because it reads slowly; null if it has been sent all. */
  dueAck: number | null
  /** The last state vector that it sent and got no answer to, because it reads slowly; null if it got all answers. */
  dueAnswer: Uint8Array | null
  /** Whether it has not been asked for what is missing, because it reads slowly. */
  isToBeAsked: boolean
}

interface Arrival extends IncomingUpdate {
  readonly source: Member
  /** Whether it answers a sync step 1. */
  readonly isAnswer: boolean
  /** When it came, by the clock. */
  readonly at: number
}

interface Question {
  readonly member: Member
  readonly stateVector: Uint8Array
}

/** A busy room relays at most once in so many milliseconds: about 60 times a second. */
const FRAME_INTERVAL = 16

/** How much a member may send while it is found out whether it writes under a client id that is in use, in bytes. */
const MOST_HELD = 4 * 1024 * 1024

/** What rooms run on. */
export interface RoomOptions {
  readonly log: DocumentLog
  readonly clock: Clock
  readonly logger: Logger
  /** What all rooms together may hold that is not on disk. */
  readonly unsaved: UnsavedBudget
  /** What all documents at rest may take together. */
  readonly memory: MemoryBudget
  /** Where large documents are kept; by default in this thread. */
  readonly threads?: DocumentThreads
  /**
   * How many entries the log may hold beyond a document's snapshot before they are folded into a new one; when nobody
   * writes any more, a twentieth of it is worth folding. 1,000 by default.
   */
  readonly compactAfter?: number
  /** How large one document may become as it is stored, in bytes. By default there is no limit. */
  readonly maxDocumentBytes?: number
  /** By default nothing is counted. */
  readonly meter?: SyncMeter
}

/**
 * A document with the sessions that have it open. What arrives within one tick is applied in one Yjs transaction and
 * leaves as one frame; the log gets what arrived, and each session its acks once that is on disk.
 */
export class Room {
  readonly documentName: string
  readonly #document: RoomDocument
  readonly #answers: RoomAnswers
  readonly #owedDeletes: OwedDeletes<Member>
  readonly #knownAnswer: KnownAnswer
  readonly #writer: LogWriter
  readonly #upkeep: RoomUpkeep
  readonly #unsaved: UnsavedBudget
  readonly #awareness: AwarenessStates<RoomSession>
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #meter: SyncMeter
  readonly #sizeLimit: SizeLimit
  readonly #members = new Map<RoomSession, Member>()
  #arrivals: Arrival[] = []
  #questions: Question[] = []
  #newcomers: Member[] = []
  /** Those who have read what they had after it was too much. */
  #drained = new Set<Member>()
  /** Those who have sent what is not acked yet. */
  readonly #unacked = new Set<Member>()
  /** The client ids whose states changed since the last frame, with the session that changed each. */
  #awarenessNews = new Map<number, RoomSession | null>()
  #lastFrameAt = -Infinity
  #cancelFrame: (() => void) | null = null
  #isHandling = false
  #isApplying = false
  #idleListeners: (() => void)[] = []
  /** How far the document has each client's structs if anything waits for its dependencies. */
  #lacking: Clocks | null = null
  #isBroken = false

  /** Loads the document; rejects with what the log rejects with. */
  static async open(documentName: string, options: RoomOptions): Promise<Room> {
    const { log, logger, memory, threads } = options
    const document = await RoomDocument.open({ log, documentName, logger, memory, threads })
    return new Room(documentName, options, document)
  }

  private constructor(
    documentName: string,
    {
      log,
      clock,
      logger,
      unsaved,
      compactAfter = 1_000,
      maxDocumentBytes = Infinity,
      meter = noMeter,
    }: RoomOptions,
    document: RoomDocument,
  ) {
    this.documentName = documentName
    this.#clock = clock
    this.#logger = logger
    this.#meter = meter
    this.#sizeLimit = new SizeLimit(maxDocumentBytes)
    this.#unsaved = unsaved
    this.#document = document
    this.#answers = new RoomAnswers(document)
    this.#owedDeletes = new OwedDeletes(clock, ({ session }, update) => {
      session.send(new Frame({ type: 'sync-step-2', update }))
    })
    this.#knownAnswer = new KnownAnswer(clock)
    this.#lacking = document.stored.lacking
    this.#awareness = new AwarenessStates(clock)
    this.#writer = new LogWriter({
      log,
      documentName,
      clock,
      stored: document.stored,
      budget: unsaved,
      events: {
        onSaved: (milliseconds) => {
          meter.saved(milliseconds)
          this.#saved()
        },
        onFailed: (error, attempt, retryIn) => {
          logger.error({ err: error, attempt, retryIn }, 'could not save, will try again')
          if (attempt === 1) this.#tellAllOfTrouble()
        },
        onRecovered: () => {
          logger.info('can save again')
          this.#tellAllOfTrouble()
        },
        onGivenUp: (error) => {
          logger.fatal({ err: error }, 'cannot save this document any more')
          this.#endAll('documentUnavailable', 'the document cannot be saved')
        },
      },
    })
    this.#upkeep = new RoomUpkeep({
      document,
      writer: this.#writer,
      clock,
      logger,
      compactAfter,
      isAtPeace: () => this.isSaved && this.#lacking === null,
      waiting: () => this.#writer.waitingFor(this.#lacking),
      onRest: () => this.#answers.forget(),
    })
  }

  get isSaved(): boolean {
    return this.#arrivals.length === 0 && !this.#isApplying && this.#writer.isSaved
  }

  /** Whether the document is in memory as a `Y.Doc`. */
  get isLive(): boolean {
    return this.#document.isLive
  }

  /** Whether it is of no use any more: it is to be let go as soon as it is saved, and nobody is to join it. */
  get isBroken(): boolean {
    return this.#isBroken || this.#writer.hasGivenUp
  }

  /** The form that the document has, or that a new one shall get. */
  get form(): Hello['document'] {
    return this.#document.form() ?? { form: 'text', version: TEXT_VERSION }
  }

  /** Whether saving failed and has not succeeded since. */
  get isFailing(): boolean {
    return this.#writer.isFailing
  }

  /** How many updates it has taken that are not on disk. */
  get unsavedUpdates(): number {
    return this.#writer.takenPosition - this.#writer.savedPosition
  }

  /** When the oldest edit that is not on disk was taken, by the clock; null if all are. */
  get unsavedSince(): number | null {
    return this.#writer.unsavedSince
  }

  /** Lets a session take part: it is told what the room has, and asked for what it has. */
  join(session: RoomSession): void {
    if (this.isBroken) {
      session.end('documentUnavailable', 'the document cannot be used now')
      return
    }
    const member: Member = {
      session,
      receipts: new Receipts(),
      standing: { is: 'new' },
      askedAt: null,
      hasSpoken: false,
      isDone: false,
      hasSynced: false,
      onSynced: [],
      held: null,
      heldAnswer: null,
      checked: new WeakSet(),
      knowsOfFailing: false,
      knowsOfSize: false,
      dueAck: null,
      dueAnswer: null,
      isToBeAsked: false,
    }
    this.#members.set(session, member)
    this.#newcomers.push(member)
    this.#requestFrame()
  }

  /** Ends a session's part; may be called twice. What it sent stays. */
  leave(session: RoomSession): void {
    const member = this.#members.get(session)
    if (member === undefined) return
    this.#members.delete(session)
    this.#unacked.delete(member)
    this.#owedDeletes.forget(member)
    for (const resolve of member.onSynced.splice(0)) resolve()
    const gone = this.#awareness.leave(session)
    if (gone !== null) this.#noteAwareness([gone], null)
  }

  /** Says that a session's client has read what waited for it. */
  drained(session: RoomSession): void {
    const member = this.#members.get(session)
    if (member === undefined) return
    this.#drained.add(member)
    this.#requestFrame()
  }

  /** Takes a message from a session that has joined; throws a `ProtocolError` if it is not of its form. */
  receive(session: RoomSession, message: RoomMessage): void {
    const member = this.#members.get(session)
    if (member === undefined) return
    const isFirst = !member.hasSpoken
    member.hasSpoken = true
    switch (message.type) {
      case 'sync-step-1':
        readStateVector(message.stateVector)
        this.#questions.push({ member, stateVector: message.stateVector })
        this.#requestFrame()
        break
      case 'sync-step-2':
      case 'update':
        this.#arrivals.push({
          source: member,
          isAnswer: message.type === 'sync-step-2',
          at: this.#clock.now(),
          update: message.update,
          contents:
            message.type === 'update'
              ? readUpdateContents(message.update)
              : this.#knownAnswer.contentsOf(message.update),
        })
        this.#requestFrame()
        break
      case 'awareness':
        this.#noteAwareness(
          this.#awareness.receive(session, stamped(message.entries, session.userId)),
          session,
        )
        break
      case 'query-awareness':
        // Answered also when nobody is there: clients ask to find out whether the server is. Who does not read hears all later.
        if (!session.isBacklogged)
          session.send(new Frame({ type: 'awareness', entries: this.#awareness.present() }))
        break
      case 'resume':
        if (!isFirst) throw new ProtocolError('malformed', 'a resume that is not the first message')
        this.#resume(session, message.secret)
        break
    }
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
    if (this.#cancelFrame !== null || this.#isHandling) return
    const wait = Math.min(this.#lastFrameAt + FRAME_INTERVAL - this.#clock.now(), FRAME_INTERVAL)
    const frame = (): void => {
      this.#cancelFrame = null
      void this.#frame()
    }
    this.#cancelFrame = wait > 0 ? this.#clock.after(wait, frame) : this.#clock.soon(frame)
  }

  /** Handles everything that has arrived since the last frame; what arrives meanwhile is for the next. */
  async #frame(): Promise<void> {
    this.#lastFrameAt = this.#clock.now()
    this.#isHandling = true
    try {
      await this.#leaveSlowBehind()
      this.#relay(await this.#applyArrivals())
      await this.#greetNewcomers()
      await this.#catchUpDrained()
      await this.#answerQuestions()
    } catch (error) {
      this.#break(error)
    }
    this.#owedDeletes.forgetTold()
    this.#isHandling = false
    if (this.#hasWork) this.#requestFrame()
    else for (const listener of this.#idleListeners.splice(0)) listener()
  }

  get #hasWork(): boolean {
    const work = [this.#arrivals, this.#questions, this.#newcomers]
    return this.#awarenessNews.size > 0 || this.#drained.size > 0 || work.some(({ length }) => length > 0)
  }

  /** Nothing that a client sends leads here; whatever does costs this room's sessions a reconnect, and no other room anything. */
  #break(error: unknown): void {
    this.#logger.fatal({ err: error }, 'could not handle what arrived')
    this.#isBroken = true
    this.#arrivals = []
    this.#questions = []
    this.#newcomers = []
    this.#drained.clear()
    if (error instanceof PersistenceError)
      this.#endAll('documentUnavailable', 'the document could not be read')
    else this.#endAll('internalError', 'the server failed')
    this.#awarenessNews.clear()
  }

  /** Returns what the arrivals changed, and whose they were if only they need not be told. */
  async #applyArrivals(): Promise<Relay | null> {
    this.#isApplying = true
    const {
      now: arrivals,
      later,
      fits,
    } = this.#sizeLimit.split(await this.#takeArrivals(), this.#writer.bytes)
    this.#arrivals.unshift(...later)
    this.#isApplying = arrivals.length > 0
    if (arrivals.length === 0) return null
    // What waited may be set free by what comes now, and then it is news to whoever sent that as well.
    const wasLacking = this.#lacking !== null
    let result: ApplyResult
    try {
      result = await this.#document.apply(arrivals, { takesNews: fits && !this.#unsaved.isSpent })
      this.#lacking = result.lacking
      if (result.changed !== null) {
        this.#answers.changed(result.changed)
        this.#upkeep.changed()
      }
      this.#log(arrivals, result)
      if (this.#sizeLimit.hasComeNear(this.#writer.bytes)) {
        for (const member of this.#members.values()) member.knowsOfSize = false
        this.#tellAllOfTrouble()
      }
    } finally {
      this.#isApplying = false
    }
    this.#giveReceipts(arrivals, result)
    await this.#askForMissing(arrivals, result)
    this.#ack()
    if (result.changed === null) return null
    const sources = new Set(arrivals.map(({ source }) => source.session))
    const [only] = sources
    const [oldest] = arrivals
    return {
      message: { type: 'update', update: result.changed },
      since: oldest?.at ?? null,
      except: sources.size === 1 && !wasLacking && only !== undefined ? only : null,
    }
  }

  /** What has arrived and may be applied. */
  async #takeArrivals(): Promise<Arrival[]> {
    const arrivals = this.#arrivals
    this.#arrivals = []
    const admitted: Arrival[] = []
    for (const arrival of arrivals) {
      const { source } = arrival
      if (source.isDone) continue
      if (source.held !== null) {
        this.#hold(source, arrival)
        continue
      }
      const owner = this.#isForeign(arrival) ? await this.#authorOfForeign(arrival) : null
      if (owner === null) admitted.push(arrival)
      else if (source.checked.has(owner)) {
        this.#refuse(source, 'foreign-client-id', 'the client id is in use')
      } else {
        this.#hold(source, arrival)
        void this.#findOutAbout(owner, source)
      }
    }
    return admitted
  }

  /** Whether an arrival has structs, known ones perhaps, under the client id of somebody else's session. */
  #isForeign({ source, contents }: Arrival): boolean {
    for (const client of contents.structs.keys())
      if (this.#foreignOwner(client, source.session) !== null) return true
    return false
  }

  #foreignOwner(client: number, session: RoomSession): RoomSession | null {
    const owner = this.#awareness.ownerOf(client)
    return owner === null || owner === session || owner.userId === session.userId ? null : owner
  }

  /**
   * The session under whose client id an arrival brings new structs: they would displace what that session's own client
   * writes next. Null if there is none.
   */
  async #authorOfForeign({ source, contents }: Arrival): Promise<RoomSession | null> {
    const clocks = readStateVector(await this.#answers.stateVector())
    for (const [client, ranges] of contents.structs) {
      const owner = this.#foreignOwner(client, source.session)
      if (owner === null) continue
      const written = Math.max(clocks.get(client) ?? 0, this.#saysToHaveWritten(owner, client))
      if (ranges.some(({ end }) => end > written)) return owner
    }
    return null
  }

  /** Up to where a session's client has written by its own account, as far as that is not known otherwise. */
  #saysToHaveWritten(session: RoomSession, client: number): number {
    const ranges = this.#members.get(session)?.heldAnswer?.structs.get(client) ?? []
    return Math.max(0, ...ranges.map(({ end }) => end))
  }

  #hold(source: Member, arrival: Arrival): void {
    const held = [...(source.held ?? []), arrival]
    source.held = held
    if (arrival.isAnswer) {
      // After a restart two may each bring what the other wrote: neither is to wait until the other's answer is taken.
      source.heldAnswer = arrival.contents
      this.#hasAnswered(source)
    }
    const bytes = held.reduce((sum, { update }) => sum + update.length, 0)
    if (bytes > MOST_HELD) this.#refuse(source, 'foreign-client-id', 'the client id may be in use')
  }

  /**
   * A client that comes back before its old connection is found dead writes under the client id of that; and after a
   * restart somebody may bring what another client wrote before that one does itself. Neither is a forger.
   */
  async #findOutAbout(owner: RoomSession, source: Member): Promise<void> {
    if (await owner.isThere()) await this.#synced(owner)
    source.checked.add(owner)
    this.#arrivals.unshift(...(source.held ?? []))
    source.held = null
    this.#requestFrame()
  }

  #hasAnswered(member: Member): void {
    member.hasSynced = true
    for (const resolve of member.onSynced.splice(0)) resolve()
  }

  /** Resolves once a session has told what its client wrote before, or has left. */
  async #synced(session: RoomSession): Promise<void> {
    const member = this.#members.get(session)
    if (member === undefined || member.hasSynced) return
    await new Promise<void>((resolve) => member.onSynced.push(resolve))
  }

  #log(arrivals: readonly Arrival[], { outcomes, lacking }: ApplyResult): void {
    this.#writer.append(
      arrivals
        .filter((_, i) => outcomes[i] === 'news')
        .map(({ source, update, contents }) => ({
          author: source.session.userId,
          update,
          waitsFor: isCovered(contents, lacking) ? null : contents,
        })),
    )
  }

  #giveReceipts(arrivals: readonly Arrival[], { outcomes, lacking, spoiled }: ApplyResult): void {
    const isSettled = (contents: UpdateContents): boolean =>
      isCovered(contents, lacking) && !spoiled.some((poison) => poison.contents === contents)
    arrivals.forEach(({ source, update, contents, isAnswer }, i) => {
      switch (outcomes[i]) {
        case 'news':
        case 'known':
          // Who has left hears of nothing any more.
          if (!this.#members.has(source.session)) break
          source.receipts.add(this.#writer.takenPosition, isSettled(contents) ? null : contents)
          this.#unacked.add(source)
          if (isAnswer) {
            if (outcomes[i] === 'known') this.#knownAnswer.remember(update)
            this.#hasAnswered(source)
            this.#owedDeletes.told(source, update)
          }
          break
        case 'poison':
          this.#refuse(source, 'unappliable', 'the update cannot be integrated')
          break
        case 'too-much-waiting':
          this.#refuse(source, 'too-much-waiting', 'too much waits for what it depends on')
          break
        case 'turned-away':
          this.#turnAway(source)
          break
        case 'skipped':
        case undefined:
          break
      }
    })
    for (const { source, contents } of spoiled) {
      this.#writer.forget(contents)
      const member = [...this.#members.values()].find((each) => each === source)
      const reason = 'an update cannot be integrated'
      if (member !== undefined)
        this.#refuse(member, 'unappliable', reason, member.receipts.refuseWaiting(contents))
    }
  }

  /** Takes nothing more of a session: for now, if the storage fails, or because the document is as large as it may be. */
  #turnAway(member: Member): void {
    if (this.#unsaved.isSpent) {
      member.isDone = true
      this.#meter.limited('max-unsaved-bytes')
      member.session.end('storageFailing', 'nothing more is taken until what was is on disk')
    } else {
      this.#meter.limited('max-document-bytes')
      this.#refuse(member, 'document-too-large', `a document has at most ${this.#sizeLimit.bytes} bytes`)
    }
  }

  #sizeEvent(): ServerMessage {
    return {
      type: 'event',
      event: { type: 'document', bytes: this.#writer.bytes, limit: this.#sizeLimit.bytes },
    }
  }

  /** Asks those who sent what waits for what it waits for, unless that very question has been asked. */
  async #askForMissing(arrivals: readonly Arrival[], { outcomes, lacking }: ApplyResult): Promise<void> {
    if (lacking === null) return
    const waiting = arrivals.filter(
      ({ contents }, i) =>
        (outcomes[i] === 'news' || outcomes[i] === 'known') && !isCovered(contents, lacking),
    )
    if (waiting.length === 0) return
    await this.#ask(waiting.map(({ source }) => source))
  }

  async #ask(members: Iterable<Member>): Promise<void> {
    const stateVector = await this.#answers.stateVector()
    const state = stateVector.join()
    const question = new Frame({ type: 'sync-step-1', stateVector })
    for (const member of members) {
      if (!this.#members.has(member.session)) continue
      member.isToBeAsked = member.session.isBacklogged
      if (member.askedAt === state || member.isToBeAsked) continue
      member.askedAt = state
      member.session.send(question)
    }
  }

  #endAll(reason: CloseReason, message: string): void {
    for (const session of this.#members.keys()) session.end(reason, message)
  }

  #tellAllOfTrouble(): void {
    for (const member of this.#members.values()) this.#tellOfTrouble(member)
  }

  /** Tells a member what is amiss with the document, or no more, unless it knows; who is new or reads slowly is told later. */
  #tellOfTrouble(member: Member): void {
    const { session, standing } = member
    if (session.isStock || standing.is === 'new' || session.isBacklogged) return
    if (member.knowsOfFailing !== this.isFailing) {
      member.knowsOfFailing = this.isFailing
      session.send(this.isFailing ? storageFailing : storageWorking)
    }
    if (!member.knowsOfSize && this.#sizeLimit.isNear(this.#writer.bytes)) {
      member.knowsOfSize = true
      session.send(new Frame(this.#sizeEvent()))
    }
  }

  /** Refuses a member's next document message, or the one of some number. */
  #refuse(member: Member, code: RefusalCode, reason: string, index = member.receipts.refuse()): void {
    member.isDone = true
    this.#meter.refused(code)
    const { session } = member
    this.#logger.warn({ session: session.id, code, index }, 'refused an update')
    if (!this.#members.has(session)) return
    if (!session.isStock) session.send(new Frame({ type: 'refused', index, code, reason }))
    session.end(refusalReasons[code], reason)
  }

  /** Sends what changed, in the document and of the awareness states, to everybody who does not know it. */
  #relay(update: Relay | null): void {
    const awareness = this.#takeAwarenessNews()
    const parts = [update, awareness].filter((part) => part !== null)
    if (parts.length === 0) return
    const everything = new Frame(...parts.map(({ message }) => message))
    for (const { session, standing } of this.#members.values()) {
      if (standing.is !== 'current') continue
      if (parts.some(({ except }) => except === session)) {
        const news = parts.filter(({ except }) => except !== session)
        if (news.length > 0) session.send(new Frame(...news.map(({ message }) => message)))
      } else session.send(everything)
    }
    for (const { since } of parts) if (since !== null) this.#meter.relayed(this.#clock.now() - since)
  }

  #takeAwarenessNews(): Relay | null {
    if (this.#awarenessNews.size === 0) return null
    const news = this.#awarenessNews
    this.#awarenessNews = new Map()
    const sources = new Set(news.values())
    const [only = null] = sources
    return {
      message: { type: 'awareness', entries: this.#awareness.entriesOf(news.keys()) },
      since: null,
      except: sources.size === 1 ? only : null,
    }
  }

  /** Tells those who read slowly nothing more until they have read what they have, which is the document as it is now. */
  async #leaveSlowBehind(): Promise<void> {
    const slow = [...this.#members.values()].filter(isSlow)
    if (slow.length === 0) return
    const vector = await this.#answers.stateVector()
    // Who has read it all meanwhile has missed nothing.
    for (const member of slow.filter(isSlow)) {
      this.#meter.limited('max-backlog')
      member.standing = { is: 'behind', vector }
    }
  }

  async #greetNewcomers(): Promise<void> {
    if (this.#newcomers.length === 0) return
    const newcomers = this.#newcomers
    this.#newcomers = []
    const entries = this.#awareness.known()
    const greeting: ServerMessage[] = [
      { type: 'sync-step-1', stateVector: await this.#answers.stateVector() },
    ]
    if (entries.length > 0) greeting.push({ type: 'awareness', entries })
    const frame = new Frame(...greeting)
    for (const member of newcomers) {
      if (!this.#members.has(member.session)) continue
      member.standing = { is: 'current' }
      member.session.send(frame)
      this.#tellOfTrouble(member)
    }
  }

  /** Tells those who read again what they lack, and what they were not told before. */
  async #catchUpDrained(): Promise<void> {
    const drained = [...this.#drained]
    this.#drained.clear()
    const behind = drained.flatMap((member) => {
      const isHere = this.#members.has(member.session) && !member.session.isBacklogged
      return isHere && member.standing.is === 'behind'
        ? [{ member, stateVector: member.standing.vector }]
        : []
    })
    for (const [stateVector, members] of byVector(behind)) {
      const answer = await this.#answers.difference(stateVector)
      const entries = this.#awareness.known()
      const frame = new Frame({ type: 'update', update: answer.update }, { type: 'awareness', entries })
      for (const member of members) member.standing = { is: 'current' }
      this.#send(members, answer, frame)
    }
    for (const member of drained) await this.#tellWhatIsDue(member)
  }

  async #tellWhatIsDue(member: Member): Promise<void> {
    if (!this.#members.has(member.session)) return
    this.#sendAck(member, null)
    this.#tellOfTrouble(member)
    if (member.dueAnswer !== null) this.#questions.push({ member, stateVector: member.dueAnswer })
    member.dueAnswer = null
    if (member.isToBeAsked) await this.#ask([member])
  }

  async #answerQuestions(): Promise<void> {
    const askers: Question[] = []
    const early: Question[] = []
    for (const question of this.#questions) {
      const { member } = question
      // Who came while others were greeted is told nothing before it is greeted: what is relayed meanwhile would pass it by.
      if (member.standing.is === 'new') early.push(question)
      else askers.push(question)
    }
    this.#questions = early.filter(({ member }) => this.#members.has(member.session))
    for (const [stateVector, members] of byVector(askers)) {
      const isReading = ({ session }: Member): boolean => !session.isBacklogged
      const answer = members.some(isReading) ? await this.#answers.difference(stateVector) : null
      const reading = new Set(answer === null ? [] : members.filter(isReading))
      for (const member of members) if (!reading.has(member)) member.dueAnswer = stateVector
      if (answer === null) continue
      for (const member of reading) {
        if (this.#owedDeletes.takes(member, answer.update, { hasTold: member.hasSynced }))
          reading.delete(member)
      }
      this.#send(reading, answer, new Frame({ type: 'sync-step-2', update: answer.update }))
    }
  }

  /** Sends an answer. Who is not quite told everything by it is told more later. */
  #send(members: Iterable<Member>, { vector, isCurrent }: Answer, frame: Frame): void {
    for (const member of members) {
      if (!this.#members.has(member.session)) continue
      member.session.send(frame)
      if (isCurrent) continue
      member.standing = { is: 'behind', vector }
      if (!member.session.isBacklogged) this.drained(member.session)
    }
  }

  #saved(): void {
    this.#ack()
    this.#upkeep.saved()
  }

  #ack(): void {
    for (const member of this.#unacked) {
      const { session, receipts } = member
      const count = receipts.settle(this.#writer, (contents) => isCovered(contents, this.#lacking))
      if (count !== null && !session.isStock) this.#sendAck(member, count)
      if (receipts.areSettled) this.#unacked.delete(member)
    }
  }

  /** Sends the ack that is due, or remembers it while the client does not read. */
  #sendAck(member: Member, count: number | null): void {
    member.dueAck = count ?? member.dueAck
    if (member.dueAck === null || member.session.isBacklogged) return
    member.session.send(new Frame({ type: 'ack', count: member.dueAck }))
    member.dueAck = null
  }

  /** Resolves once everything that has arrived is on disk. */
  async saved(): Promise<void> {
    while (this.#isHandling || this.#arrivals.length > 0) {
      await new Promise<void>((resolve) => this.#idleListeners.push(resolve))
    }
    await this.#writer.saved()
  }

  /** What to do before the room is let go: its log is short when it is next opened. */
  async settle(): Promise<void> {
    await this.saved()
    if (!this.isBroken) await this.#upkeep.compactIfWorthwhile()
  }

  /** Lets go of the document; only when it is empty and saved. */
  close(): void {
    this.#cancelFrame?.()
    this.#upkeep.close()
    this.#knownAnswer.forget()
    this.#document.close()
  }
}

const storageFailing = new Frame({ type: 'event', event: { type: 'storage', status: 'failing' } })
const storageWorking = new Frame({ type: 'event', event: { type: 'storage', status: 'working' } })

/** Something to be told to everybody but the one who said it; null excepts nobody. */
interface Relay {
  readonly message: Update | Awareness
  /** When the first of an update's parts came; null for what nobody measures. */
  readonly since: number | null
  readonly except: RoomSession | null
}

function stamped(entries: readonly AwarenessEntry[], userId: string): AwarenessEntry[] {
  return entries.map((entry) =>
    entry.state === null ? entry : { ...entry, state: stampedState(entry.state, userId) },
  )
}

function isSlow({ standing, session }: Member): boolean {
  return standing.is === 'current' && session.isBacklogged
}

/** Those who asked, by what they have: who has the same gets the same. */
function byVector(questions: readonly Question[]): [Uint8Array, Member[]][] {
  const groups = new Map<string, [Uint8Array, Member[]]>()
  for (const { member, stateVector } of questions) {
    const key = stateVector.join()
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [stateVector, [member]])
    else group[1].push(member)
  }
  return [...groups.values()]
}
