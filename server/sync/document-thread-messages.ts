import type { UpdateOutcome } from './live-document.ts'
import type { LoadOptions, StatedForm } from './loaded-document.ts'
import type { PackedUpdates } from './packed-updates.ts'

/** What a thread is asked to do with one of its documents. */
export type DocumentCall =
  | ({ readonly do: 'load'; readonly hasSnapshot: boolean; readonly updates: PackedUpdates } & LoadOptions)
  | {
      readonly do: 'apply'
      readonly updates: PackedUpdates
      /** A number for the source of each update. */
      readonly sources: readonly number[]
      readonly takesNews: boolean
    }
  | { readonly do: 'state-vector' }
  | { readonly do: 'diff'; readonly stateVector: Uint8Array }
  | { readonly do: 'fold' }
  | { readonly do: 'close' }

export interface DocumentRequest {
  readonly id: number
  readonly document: number
  readonly call: DocumentCall
}

/** What a call answers: each only what it has. */
export interface DocumentAnswer {
  /** The state vector, the difference, the snapshot, or what changed. */
  readonly update?: Uint8Array<ArrayBuffer> | null
  readonly outcomes?: readonly UpdateOutcome[]
  readonly spoiled?: { readonly updates: PackedUpdates; readonly sources: readonly number[] }
  readonly leftOut?: readonly number[]
}

/** How a document is after a call. */
export interface DocumentState {
  readonly isLive: boolean
  readonly bytesAtRest: number
  readonly form: StatedForm
  readonly lacking: ReadonlyMap<number, number> | null
}

export type DocumentReply = { readonly id: number } & (
  | { readonly is: 'done'; readonly answer: DocumentAnswer; readonly state: DocumentState | null }
  | { readonly is: 'failed'; readonly isUnsound: boolean; readonly message: string }
)
