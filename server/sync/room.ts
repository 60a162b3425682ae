import {
  ProtocolError,
  refusalReasons,
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
import { PersistenceError, type DocumentLog } from '../../persistence/index.ts'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { AwarenessStates } from './awareness-states.ts'
import { ClientIdClaims } from './client-id-claims.ts'
import { isCovered, type Clocks } from './clocks.ts'
import { Frame } from './frame.ts'
import type { ApplyResult } from './live-document.ts'
import { KnownAnswer } from './known-answer.ts'
import { LogWriter } from './log-writer.ts'
import type { DocumentThreads } from './document-threads.ts'
import type { MemoryBudget } from './memory-budget.ts'
import { RoomAnswers } from './room-answers.ts'
import { RoomDocument } from './room-document.ts'
import { createMember, type Arrival, type Member } from './room-member.ts'
import type { RoomSession } from './room-session.ts'
import { RoomUpkeep } from './room-upkeep.ts'
import { RoomVoice, type Relay } from './room-voice.ts'
import { stampedState } from './stamped-state.ts'
import type { UnsavedBudget } from './unsaved-budget.ts'
import { SizeLimit } from './size-limit.ts'
import { noMeter, type SyncMeter } from './sync-meter.ts'
import { readStateVector } from './update-bytes/state-vector.ts'
import { readUpdateContents, type UpdateContents } from './update-contents.ts'

/** What a session may hand to its room. */
export type RoomMessage = SyncStep1 | SyncStep2 | Update | Awareness | QueryAwareness | Resume

/** What was applied, and what that did. */
interface Applied {
  readonly arrivals: readonly Arrival[]
  readonly result: ApplyResult
}

/** A busy room relays at most once in so many milliseconds: about 60 times a second. */
const FRAME_INTERVAL = 16

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
  readonly #voice: RoomVoice
  readonly #knownAnswer: KnownAnswer
  readonly #writer: LogWriter
  readonly #upkeep: RoomUpkeep
  readonly #unsaved: UnsavedBudget
  readonly #awareness: AwarenessStates<RoomSession>
  readonly #claims: ClientIdClaims
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #meter: SyncMeter
  readonly #sizeLimit: SizeLimit
  readonly #members = new Map<RoomSession, Member>()
  #arrivals: Arrival[] = []
  /** Those who have sent what is not acked yet. */
  readonly #unacked = new Set<Member>()
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
    this.#knownAnswer = new KnownAnswer(clock)
    this.#lacking = document.stored.lacking
    this.#awareness = new AwarenessStates(clock)
    this.#voice = new RoomVoice({
      members: this.#members,
      answers: this.#answers,
      awareness: this.#awareness,
      clock,
      meter,
      isFailing: () => this.isFailing,
      sizeWarning: () => {
        const bytes = this.#writer.bytes
        return this.#sizeLimit.isNear(bytes) ? { bytes, limit: this.#sizeLimit.bytes } : null
      },
      onWork: () => this.#requestFrame(),
    })
    this.#claims = new ClientIdClaims({
      ownerOf: (client) => this.#awareness.ownerOf(client),
      memberOf: (session) => this.#members.get(session),
      clocks: async () => readStateVector(await this.#answers.stateVector()),
      onForged: (member, reason) => this.#refuse(member, 'foreign-client-id', reason),
      onReleased: (arrivals) => {
        this.#arrivals.unshift(...arrivals)
        this.#requestFrame()
      },
    })
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
          if (attempt === 1) this.#voice.tellAllOfTrouble()
        },
        onRecovered: () => {
          logger.info('can save again')
          this.#voice.tellAllOfTrouble()
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
    const member = createMember(session)
    this.#members.set(session, member)
    this.#voice.joined(member)
  }

  /** Ends a session's part; may be called twice. What it sent stays. */
  leave(session: RoomSession): void {
    const member = this.#members.get(session)
    if (member === undefined) return
    this.#members.delete(session)
    this.#unacked.delete(member)
    this.#voice.left(member)
    this.#claims.left(member)
    const gone = this.#awareness.leave(session)
    if (gone !== null) this.#voice.noteAwareness([gone], null)
  }

  /** Says that a session's client has read what waited for it. */
  drained(session: RoomSession): void {
    const member = this.#members.get(session)
    if (member !== undefined) this.#voice.drained(member)
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
        this.#voice.asked(member, message.stateVector)
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
        this.#voice.noteAwareness(
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
      await this.#voice.leaveSlowBehind()
      const turn = this.#voice.turn()
      await this.#voice.tell(await this.#applyArrivals(), turn)
    } catch (error) {
      this.#break(error)
    }
    this.#isHandling = false
    if (this.#arrivals.length > 0 || this.#voice.hasWork) this.#requestFrame()
    else for (const listener of this.#idleListeners.splice(0)) listener()
  }

  /** Nothing that a client sends leads here; whatever does costs this room's sessions a reconnect, and no other room anything. */
  #break(error: unknown): void {
    this.#logger.fatal({ err: error }, 'could not handle what arrived')
    this.#isBroken = true
    this.#arrivals = []
    if (error instanceof PersistenceError)
      this.#endAll('documentUnavailable', 'the document could not be read')
    else this.#endAll('internalError', 'the server failed')
    this.#voice.clear()
  }

  /** Returns what the arrivals changed, and whose they were if only they need not be told. */
  async #applyArrivals(): Promise<Relay | null> {
    if (this.#arrivals.length === 0) return null
    const arrived = this.#arrivals
    this.#arrivals = []
    // What waited may be set free by what comes now, and then it is news to whoever sent that as well.
    const wasLacking = this.#lacking !== null
    this.#isApplying = true
    let applied: Applied | null
    try {
      applied = await this.#apply(arrived)
    } finally {
      this.#isApplying = false
    }
    if (applied === null) return null
    const { arrivals, result } = applied
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

  /** Applies what of the arrivals may be applied now, and hands to the log what is news of it; null if there is nothing. */
  async #apply(arrived: readonly Arrival[]): Promise<Applied | null> {
    const {
      now: arrivals,
      later,
      fits,
    } = this.#sizeLimit.split(await this.#claims.admit(arrived), this.#writer.bytes)
    this.#arrivals.unshift(...later)
    if (arrivals.length === 0) return null
    const result = await this.#document.apply(arrivals, { takesNews: fits && !this.#unsaved.isSpent })
    this.#lacking = result.lacking
    if (result.changed !== null) {
      this.#answers.changed(result.changed)
      this.#upkeep.changed()
    }
    this.#log(arrivals, result)
    if (this.#sizeLimit.hasComeNear(this.#writer.bytes)) {
      for (const member of this.#members.values()) member.knowsOfSize = false
      this.#voice.tellAllOfTrouble()
    }
    return { arrivals, result }
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
            this.#claims.hasSynced(source)
            this.#voice.answered(source, update)
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

  /** Asks those who sent what waits for what it waits for, unless that very question has been asked. */
  async #askForMissing(arrivals: readonly Arrival[], { outcomes, lacking }: ApplyResult): Promise<void> {
    if (lacking === null) return
    const waiting = arrivals.filter(
      ({ contents }, i) =>
        (outcomes[i] === 'news' || outcomes[i] === 'known') && !isCovered(contents, lacking),
    )
    if (waiting.length === 0) return
    await this.#voice.ask(waiting.map(({ source }) => source))
  }

  #endAll(reason: CloseReason, message: string): void {
    for (const session of this.#members.keys()) session.end(reason, message)
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

  #saved(): void {
    this.#ack()
    this.#upkeep.saved()
  }

  #ack(): void {
    for (const member of this.#unacked) {
      const { session, receipts } = member
      const count = receipts.settle(this.#writer, (contents) => isCovered(contents, this.#lacking))
      if (count !== null && !session.isStock) this.#voice.sendAck(member, count)
      if (receipts.areSettled) this.#unacked.delete(member)
    }
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

function stamped(entries: readonly AwarenessEntry[], userId: string): AwarenessEntry[] {
  return entries.map((entry) =>
    entry.state === null ? entry : { ...entry, state: stampedState(entry.state, userId) },
  )
}
