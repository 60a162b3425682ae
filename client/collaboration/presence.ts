import { equalityDeep } from 'lib0/function'
import type { Awareness } from 'y-protocols/awareness'
import type { Anchor } from './binding.ts'
import { Listeners } from './listeners.ts'
import { chooseColor, fallbackColor, isColor } from './person-color.ts'
import { cleanName } from './person-name.ts'
import { isRecord } from './record.ts'

/** Somebody who has the document open; what a peer says of itself is checked and bounded. */
export interface Person {
  readonly clientID: number
  /** Whether it is this client. */
  readonly isSelf: boolean
  /** 1 to 64 characters on one line; text, not HTML. */
  readonly name: string
  /** `#rrggbb` in lower case. */
  readonly color: string
  /** Where they are; null if they have not been in the text. The anchors are a peer's word: `positionOf` checks them. */
  readonly selection: { readonly anchor: Anchor; readonly head: Anchor } | null
}

/** Who is here, and where. */
export interface Presence {
  /** This client first, unless its awareness says nothing, then the others by client id. */
  readonly people: readonly Person[]
  /** Told when anybody came, left, moved, or changed name or colour. */
  onPeople(listener: (people: readonly Person[]) => void): () => void
  /** What is left out stays as it is. Throws a `RangeError` if the colour is not `#rrggbb`. */
  setUser(user: { readonly name?: string; readonly color?: string }): void
  /** Null for both: nowhere. What is said already is not said again. */
  setSelection(anchor: Anchor, head: Anchor): void
  /** Ceases to listen; others see this client until its connection closes. May be called twice. */
  close(): void
}

export interface PresenceOptions {
  /** Default: a made-up one, such as "Guest 417". */
  readonly name?: string
  /** Default: one that none of those present has. */
  readonly color?: string
  readonly random?: () => number
}

/** Names this client in its awareness as `user: { name, color }` and `selection: { anchor, head }`. */
export function createPresence(awareness: Awareness, options: PresenceOptions = {}): Presence {
  return new AwarenessPresence(awareness, options)
}

const GUESTS = 900
const FIRST_GUEST = 100

class AwarenessPresence implements Presence {
  readonly #awareness: Awareness
  readonly #listeners = new Listeners<readonly Person[]>()
  readonly #stop: () => void
  #people: readonly Person[] = []
  /** Somebody who came at the same moment may have chosen the same colour; then the one with the higher client id yields. */
  #hasChosenColor: boolean

  constructor(awareness: Awareness, { name, color, random = Math.random }: PresenceOptions) {
    this.#awareness = awareness
    this.#hasChosenColor = color !== undefined
    const onChange = (): void => this.#changed()
    awareness.on('change', onChange)
    this.#stop = () => awareness.off('change', onChange)
    this.#people = this.#read()
    this.setUser({
      name: name ?? `Guest ${FIRST_GUEST + Math.floor(random() * GUESTS)}`,
      color: color ?? chooseColor(awareness.clientID, this.#colorsOf(this.#others())),
    })
    this.#hasChosenColor = color !== undefined
  }

  get people(): readonly Person[] {
    return this.#people
  }

  onPeople(listener: (people: readonly Person[]) => void): () => void {
    return this.#listeners.add(listener)
  }

  setUser({ name, color }: { readonly name?: string; readonly color?: string }): void {
    if (color !== undefined && !isColor(color)) throw new RangeError(`${color} is not a colour like #1a66c9`)
    if (color !== undefined) this.#hasChosenColor = true
    const before = userOf(this.#awareness.getLocalState() ?? {}, this.#awareness.clientID)
    const user = { name: nameOr(name, before.name), color: color?.toLowerCase() ?? before.color }
    this.#awareness.setLocalStateField('user', user)
  }

  setSelection(anchor: Anchor, head: Anchor): void {
    const selection = anchor === null || head === null ? null : { anchor, head }
    const before: unknown = this.#awareness.getLocalState()?.['selection']
    if (equalityDeep(before ?? null, selection)) return
    this.#awareness.setLocalStateField('selection', selection)
  }

  close(): void {
    this.#stop()
    this.#listeners.clear()
  }

  #changed(): void {
    const people = this.#read()
    if (equalityDeep(people, this.#people)) return
    this.#people = people
    this.#listeners.tell(people)
    this.#yieldColor()
  }

  #yieldColor(): void {
    const self = this.#people.find(({ isSelf }) => isSelf)
    if (this.#hasChosenColor || self === undefined) return
    const before = this.#others().filter(({ clientID }) => clientID < self.clientID)
    if (!this.#colorsOf(before).has(self.color)) return
    const color = chooseColor(self.clientID, this.#colorsOf(this.#others()))
    if (color === self.color) return
    this.setUser({ color })
    this.#hasChosenColor = false
  }

  #others(): readonly Person[] {
    return this.#people.filter(({ isSelf }) => !isSelf)
  }

  #colorsOf(people: readonly Person[]): ReadonlySet<string> {
    return new Set(people.map(({ color }) => color))
  }

  #read(): readonly Person[] {
    const own = this.#awareness.clientID
    return [...this.#awareness.getStates()]
      .map(([clientID, state]) => personOf(clientID, clientID === own, state))
      .toSorted((a, b) => Number(b.isSelf) - Number(a.isSelf) || a.clientID - b.clientID)
  }
}

function personOf(clientID: number, isSelf: boolean, state: Readonly<Record<string, unknown>>): Person {
  const { selection } = state
  return {
    clientID,
    isSelf,
    ...userOf(state, clientID),
    selection: isRecord(selection) ? { anchor: selection['anchor'], head: selection['head'] } : null,
  }
}

function userOf(
  state: Readonly<Record<string, unknown>>,
  clientID: number,
): { readonly name: string; readonly color: string } {
  const user = isRecord(state['user']) ? state['user'] : {}
  const { color } = user
  return {
    name: nameOr(user['name'], `Guest ${FIRST_GUEST + (clientID % GUESTS)}`),
    color: typeof color === 'string' && isColor(color) ? color.toLowerCase() : fallbackColor(clientID),
  }
}

function nameOr(value: unknown, fallback: string): string {
  return (typeof value === 'string' ? cleanName(value) : null) ?? fallback
}
