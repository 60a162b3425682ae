import type { Awareness } from 'y-protocols/awareness'
import type { Anchor } from './binding.ts'

/** Somebody who has the document open; what a peer says of itself is checked and bounded. */
export interface Person {
  readonly clientID: number
  /** Whether it is this client. */
  readonly isSelf: boolean
  /** 1 to 64 characters on one line; text, not HTML. */
  readonly name: string
  /** `#rrggbb`. */
  readonly color: string
  /** Where they are; null if they have not been in the text, or if their connection has no document open. */
  readonly selection: { readonly anchor: Anchor; readonly head: Anchor } | null
}

/** Who is here, and where. */
export interface Presence {
  /** This client first, then the others by client id. */
  readonly people: readonly Person[]
  onPeople(listener: (people: readonly Person[]) => void): () => void
  /** What is left out stays as it is. */
  setUser(user: { readonly name?: string; readonly color?: string }): void
  /** Null for both: nowhere. */
  setSelection(anchor: Anchor, head: Anchor): void
  /** Ceases to listen; others see this client until the connection closes. May be called twice. */
  close(): void
}

export interface PresenceOptions {
  /** Default: a made-up one, such as "Guest 417". */
  readonly name?: string
  readonly random?: () => number
}

export declare function createPresence(awareness: Awareness, options?: PresenceOptions): Presence
