import type { Awareness, AwarenessEntry, ServerMessage, Update } from '../../protocol/index.ts'
import type { Clock } from '../clock.ts'
import type { AwarenessStates } from './awareness-states.ts'
import { Frame } from './frame.ts'
import { OwedDeletes } from './owed-deletes.ts'
import type { Answer, RoomAnswers } from './room-answers.ts'
import type { Member } from './room-member.ts'
import type { RoomSession } from './room-session.ts'
import { EMPTY_STATE_VECTOR, keyOf } from './state-vectors.ts'
import type { SyncMeter } from './sync-meter.ts'

interface Question {
  readonly member: Member
  readonly stateVector: Uint8Array
}

/** What a room's voice speaks of, and to whom. */
interface RoomVoiceOptions {
  readonly members: ReadonlyMap<RoomSession, Member>
  readonly answers: RoomAnswers
  readonly awareness: AwarenessStates<RoomSession>
  readonly clock: Clock
  readonly meter: SyncMeter
  /** Whether saving fails. */
  readonly isFailing: () => boolean
  /** How large the document is and may be if it comes near that; else null. */
  readonly sizeWarning: () => { readonly bytes: number; readonly limit: number } | null
  /** Called when there is something to tell with the next frame. */
  readonly onWork: () => void
}

const storageFailing = new Frame({ type: 'event', event: { type: 'storage', status: 'failing' } })
const storageWorking = new Frame({ type: 'event', event: { type: 'storage', status: 'working' } })

/** Something to be told to everybody but the one who said it; null excepts nobody. */
export interface Relay {
  readonly message: Update | Awareness
  /** When the first of an update's parts came; null for what nobody measures. */
  readonly since: number | null
  readonly except: RoomSession | null
}

/** What members had said of themselves and asked when a frame began. */
interface Turn {
  readonly awareness: Relay | null
  readonly questions: readonly Question[]
}

/** Tells a room's members what they do not know, each as fast as it reads: one frame to all who are to know the same. */
export class RoomVoice {
  readonly #options: RoomVoiceOptions
  readonly #owedDeletes: OwedDeletes<Member>
  #questions: Question[] = []
  #newcomers: Member[] = []
  /** Those who have read what they had after it was too much. */
  #drained = new Set<Member>()
  /** The client ids whose states changed since the last frame, with the session that changed each. */
  #awarenessNews = new Map<number, RoomSession | null>()

  constructor(options: RoomVoiceOptions) {
    this.#options = options
    this.#owedDeletes = new OwedDeletes(options.clock, ({ session }, update) => {
      session.send(new Frame({ type: 'sync-step-2', update }))
    })
  }

  /** Whether there is something to tell. */
  get hasWork(): boolean {
    const waiting = this.#questions.length + this.#newcomers.length
    return waiting + this.#drained.size + this.#awarenessNews.size > 0
  }

  /** Greets a member with the next frame. */
  joined(member: Member): void {
    this.#newcomers.push(member)
    this.#options.onWork()
  }

  /** Answers a sync step 1 with the next frame. */
  asked(member: Member, stateVector: Uint8Array): void {
    this.#questions.push({ member, stateVector })
    this.#options.onWork()
  }

  /** Says that a member has answered a sync step 1, and with what. */
  answered(member: Member, update: Uint8Array): void {
    this.#owedDeletes.told(member, update)
  }

  /** Says that a member's client has read what waited for it. */
  drained(member: Member): void {
    this.#drained.add(member)
    this.#options.onWork()
  }

  /** Owes a member that has left nothing more. */
  left(member: Member): void {
    this.#owedDeletes.forget(member)
  }

  /** Forgets all that was to be told. */
  clear(): void {
    this.#questions = []
    this.#newcomers = []
    this.#drained.clear()
    this.#awarenessNews.clear()
  }

  /** Tells of awareness states with the next frame; `from` is whose they are, null if nobody's any more. */
  noteAwareness(entries: readonly AwarenessEntry[], from: RoomSession | null): void {
    if (entries.length === 0) return
    for (const { clientID } of entries) this.#awarenessNews.set(clientID, from)
    this.#options.onWork()
  }

  /**
   * Begins a frame: what members say of themselves and ask from here on is for the next one, as what they write is. Else
   * a caret would overtake the text that it stands in.
   */
  turn(): Turn {
    const questions = this.#questions
    this.#questions = []
    return { awareness: this.#takeAwarenessNews(), questions }
  }

  /** Tells what has changed with this frame, greets who has come, and answers who has asked. */
  async tell(update: Relay | null, { awareness, questions }: Turn): Promise<void> {
    // Those who have become so since the frame began; what they had before it is not known any more.
    await this.leaveSlowBehind(update === null ? undefined : EMPTY_STATE_VECTOR)
    this.#relay([update, awareness].filter((part) => part !== null))
    await this.#greetNewcomers()
    await this.#catchUpDrained()
    await this.#answerQuestions(questions)
    this.#owedDeletes.forgetTold()
  }

  /** Sends what changed, in the document and of the awareness states, to everybody who does not know it. */
  #relay(parts: readonly Relay[]): void {
    if (parts.length === 0) return
    const everything = new Frame(...parts.map(({ message }) => message))
    for (const { session, standing } of this.#options.members.values()) {
      if (standing.is !== 'current') continue
      if (parts.some(({ except }) => except === session)) {
        const news = parts.filter(({ except }) => except !== session)
        if (news.length > 0) session.send(new Frame(...news.map(({ message }) => message)))
      } else session.send(everything)
    }
    for (const { since } of parts)
      if (since !== null) this.#options.meter.relayed(this.#options.clock.now() - since)
  }

  #takeAwarenessNews(): Relay | null {
    if (this.#awarenessNews.size === 0) return null
    const news = this.#awarenessNews
    this.#awarenessNews = new Map()
    const sources = new Set(news.values())
    const [only = null] = sources
    return {
      message: { type: 'awareness', entries: this.#options.awareness.entriesOf(news.keys()) },
      since: null,
      except: sources.size === 1 ? only : null,
    }
  }

  /**
   * Tells those who read slowly nothing more until they have read what they have: the document as of a state vector, by
   * default as it is now.
   */
  async leaveSlowBehind(asOf?: Uint8Array): Promise<void> {
    const slow = [...this.#options.members.values()].filter(isSlow)
    if (slow.length === 0) return
    const vector = asOf ?? (await this.#options.answers.stateVector())
    // Who has read it all meanwhile has missed nothing.
    for (const member of slow.filter(isSlow)) {
      this.#options.meter.limited('max-backlog')
      member.standing = { is: 'behind', vector }
    }
  }

  async #greetNewcomers(): Promise<void> {
    if (this.#newcomers.length === 0) return
    const newcomers = this.#newcomers
    this.#newcomers = []
    const entries = this.#options.awareness.known()
    const greeting: ServerMessage[] = [
      { type: 'sync-step-1', stateVector: await this.#options.answers.stateVector() },
    ]
    if (entries.length > 0) greeting.push({ type: 'awareness', entries })
    const frame = new Frame(...greeting)
    for (const member of newcomers) {
      if (!this.#options.members.has(member.session)) continue
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
      const isHere = this.#options.members.has(member.session) && !member.session.isBacklogged
      return isHere && member.standing.is === 'behind'
        ? [{ member, stateVector: member.standing.vector }]
        : []
    })
    for (const [stateVector, members] of byVector(behind)) {
      const answer = await this.#options.answers.difference(stateVector)
      const entries = this.#options.awareness.known()
      const frame = new Frame({ type: 'update', update: answer.update }, { type: 'awareness', entries })
      for (const member of members) member.standing = { is: 'current' }
      this.#send(members, answer, frame)
    }
    for (const member of drained) await this.#tellWhatIsDue(member)
  }

  async #tellWhatIsDue(member: Member): Promise<void> {
    if (!this.#options.members.has(member.session)) return
    this.sendAck(member, null)
    this.#tellOfTrouble(member)
    if (member.dueAnswer !== null) this.#questions.push({ member, stateVector: member.dueAnswer })
    member.dueAnswer = null
    if (member.isToBeAsked) await this.ask([member])
  }

  async #answerQuestions(questions: readonly Question[]): Promise<void> {
    const askers: Question[] = []
    const early: Question[] = []
    for (const question of questions) {
      const { member } = question
      // Who came while others were greeted is told nothing before it is greeted: what is relayed meanwhile would pass it by.
      if (member.standing.is === 'new') early.push(question)
      else askers.push(question)
    }
    this.#questions.unshift(...early.filter(({ member }) => this.#options.members.has(member.session)))
    for (const [stateVector, members] of byVector(askers)) {
      const answer = members.some(isReading) ? await this.#options.answers.difference(stateVector) : null
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
      if (!this.#options.members.has(member.session)) continue
      member.session.send(frame)
      if (isCurrent) continue
      member.standing = { is: 'behind', vector }
      if (!member.session.isBacklogged) this.drained(member)
    }
  }

  /** Asks members for what the document misses, unless that very question has been asked. */
  async ask(members: Iterable<Member>): Promise<void> {
    const stateVector = await this.#options.answers.stateVector()
    const state = keyOf(stateVector)
    const question = new Frame({ type: 'sync-step-1', stateVector })
    for (const member of members) {
      if (!this.#options.members.has(member.session)) continue
      member.isToBeAsked = member.session.isBacklogged
      if (member.askedAt === state || member.isToBeAsked) continue
      member.askedAt = state
      member.session.send(question)
    }
  }

  /** Tells members what is amiss with the document, or no more, unless they know. */
  tellAllOfTrouble(): void {
    for (const member of this.#options.members.values()) this.#tellOfTrouble(member)
  }

  /** Tells a member what is amiss with the document, or no more, unless it knows; who is new or reads slowly is told later. */
  #tellOfTrouble(member: Member): void {
    const { session, standing } = member
    if (session.isStock || standing.is === 'new' || session.isBacklogged) return
    if (member.knowsOfFailing !== this.#options.isFailing()) {
      member.knowsOfFailing = this.#options.isFailing()
      session.send(this.#options.isFailing() ? storageFailing : storageWorking)
    }
    const size = member.knowsOfSize ? null : this.#options.sizeWarning()
    if (size !== null) {
      member.knowsOfSize = true
      session.send(new Frame({ type: 'event', event: { type: 'document', ...size } }))
    }
  }

  /** Sends the ack that is due, or remembers it while the client does not read. */
  sendAck(member: Member, count: number | null): void {
    member.dueAck = count ?? member.dueAck
    if (member.dueAck === null || member.session.isBacklogged) return
    member.session.send(new Frame({ type: 'ack', count: member.dueAck }))
    member.dueAck = null
  }
}

function isReading({ session }: Member): boolean {
  return !session.isBacklogged
}

function isSlow({ standing, session }: Member): boolean {
  return standing.is === 'current' && session.isBacklogged
}

/** Those who asked, by what they have: who has the same gets the same. */
function byVector(questions: readonly Question[]): [Uint8Array, Member[]][] {
  const groups = new Map<string, [Uint8Array, Member[]]>()
  for (const { member, stateVector } of questions) {
    const key = keyOf(stateVector)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [stateVector, [member]])
    else group[1].push(member)
  }
  return [...groups.values()]
}
