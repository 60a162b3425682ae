import type { Limits } from '../limits.ts'
import type { Limit } from './sync-meter.ts'

/** How a session was counted in; or which limit does not let it in. */
export type Entrance =
  /** `leave` is to be called when it ends, and may be called twice. */
  { readonly kind: 'counted'; readonly leave: () => void } | { readonly kind: 'full'; readonly limit: Limit }

/** Counts the open sessions, in all, by document and by address. */
export class SessionCounts {
  readonly #limits: Pick<Limits, 'sessions' | 'sessionsPerDocument' | 'sessionsPerAddress'>
  readonly #byDocument = new Map<string, number>()
  readonly #byAddress = new Map<string, number>()
  #all = 0

  constructor(limits: Pick<Limits, 'sessions' | 'sessionsPerDocument' | 'sessionsPerAddress'>) {
    this.#limits = limits
  }

  /** How many are counted. */
  get all(): number {
    return this.#all
  }

  /** How many documents and addresses are remembered: none that nobody counts for any more. */
  get keys(): number {
    return this.#byDocument.size + this.#byAddress.size
  }

  enter(documentName: string, address: string): Entrance {
    const { sessions, sessionsPerDocument, sessionsPerAddress } = this.#limits
    const ofDocument = this.#byDocument.get(documentName) ?? 0
    const ofAddress = this.#byAddress.get(address) ?? 0
    if (ofAddress >= sessionsPerAddress) return { kind: 'full', limit: 'max-sessions-per-address' }
    if (ofDocument >= sessionsPerDocument) return { kind: 'full', limit: 'max-sessions-per-document' }
    if (this.#all >= sessions) return { kind: 'full', limit: 'max-sessions' }
    this.#all++
    this.#byDocument.set(documentName, ofDocument + 1)
    this.#byAddress.set(address, ofAddress + 1)
    let isIn = true
    const leave = (): void => {
      if (!isIn) return
      isIn = false
      this.#all--
      takeOne(this.#byDocument, documentName)
      takeOne(this.#byAddress, address)
    }
    return { kind: 'counted', leave }
  }
}

function takeOne(counts: Map<string, number>, key: string): void {
  const count = counts.get(key) ?? 0
  if (count > 1) counts.set(key, count - 1)
  else counts.delete(key)
}
