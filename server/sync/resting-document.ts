import * as Y from 'yjs'
import { ProtocolError } from '../../protocol/index.ts'
import type { ClockRanges } from './clock-ranges.ts'
import { formOfUpdates } from './form-of-updates.ts'
import { encodeDeletes, GaplessUpdate } from './gapless-update.ts'
import { planIntegration } from './integration-plan.ts'
import type { StoredUpdate } from './live-document.ts'
import { isNews, type Holdings } from './news.ts'
import { readStateVector } from './update-bytes/state-vector.ts'
import type { UpdateContents } from './update-contents.ts'

/** A document as it is stored. */
export interface StoredContents {
  /** Made by folding, so that it holds all that it builds on; null if there is none. */
  readonly snapshot: Uint8Array | null
  readonly entries: readonly StoredUpdate[]
}

/**
 * A document as bytes, which take a tenth of what a `Y.Doc` does. Everything in it could be integrated, in the order in
 * which it was stored: nothing waits for its dependencies.
 */
export class RestingDocument implements Holdings {
  readonly #update: Uint8Array
  readonly #clocks: ReadonlyMap<number, number>
  readonly #deletes: ReadonlyMap<number, ClockRanges>
  #form: ReturnType<typeof formOfUpdates> | null = null
  #stateVector: Uint8Array | null = null
  #deletesOnly: Uint8Array | null = null

  /**
   * Null if some entry waits for what does not stand before it: it may be poison, which only a `Y.Doc` tells. (One that
   * waits for nothing was integrated before it was logged.)
   */
  static of({ snapshot, entries }: StoredContents): RestingDocument | null {
    try {
      const whole = new GaplessUpdate(snapshot)
      const stateOf = (client: number): number => whole.stateOf(client)
      for (const { update, contents } of entries) {
        if (planIntegration(update, contents, stateOf).blockers.length > 0) return null
        whole.add(update, contents)
      }
      return new RestingDocument(whole)
    } catch (error) {
      // What an earlier version stored, and this one would refuse: Yjs may make something of it.
      if (error instanceof ProtocolError || error instanceof RangeError) return null
      throw error
    }
  }

  private constructor(whole: GaplessUpdate) {
    this.#update = whole.encode()
    this.#clocks = whole.clocks()
    this.#deletes = whole.deletes()
  }

  /** About how much memory it takes, in bytes. */
  get bytes(): number {
    let ranges = 0
    for (const { size } of this.#deletes.values()) ranges += size
    return this.#update.length + ranges * BYTES_PER_RANGE + this.#clocks.size * BYTES_PER_CLIENT + OWN_BYTES
  }

  /** Whether an update would change the document. If the answer is yes, it still may not: a `Y.Doc` deletes some by itself. */
  isNews(contents: UpdateContents): boolean {
    return isNews(contents, this)
  }

  brings(client: number, { end }: { readonly end: number }): boolean {
    return end <= (this.#clocks.get(client) ?? 0)
  }

  deletes(client: number, range: { readonly start: number; readonly end: number }): boolean {
    return this.#deletes.get(client)?.covers(range) ?? false
  }

  /** How the document is kept; null while it is empty. */
  form(): { readonly form: string; readonly version: number } | null {
    this.#form ??= formOfUpdates([this.#update])
    return this.#form.form === 'empty' ? null : this.#form
  }

  /** What the document has. */
  stateVector(): Uint8Array {
    this.#stateVector ??= Y.encodeStateVector(new Map(this.#clocks))
    return this.#stateVector
  }

  /** One update that holds what the owner of a state vector lacks: the same bytes for all who have nothing, or everything. */
  diff(stateVector: Uint8Array): Uint8Array {
    const has = readStateVector(stateVector)
    if (has.size === 0) return this.#update
    for (const [client, clock] of this.#clocks) {
      if ((has.get(client) ?? 0) < clock) return Y.diffUpdate(this.#update, stateVector)
    }
    // Whoever comes back has mostly missed nothing.
    this.#deletesOnly ??= encodeDeletes(this.#deletes)
    return this.#deletesOnly
  }

  /** Whether an answer is part of the document, and takes no memory of its own. */
  shares(answer: Uint8Array): boolean {
    return answer === this.#update
  }

  /** What makes the same document live. */
  get update(): Uint8Array {
    return this.#update
  }
}

/** What a range of deleted clocks takes, a client with its clock, and everything else, roughly, in bytes. */
const BYTES_PER_RANGE = 16
const BYTES_PER_CLIENT = 64
const OWN_BYTES = 500
