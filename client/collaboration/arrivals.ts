import type { Transaction } from 'prosemirror-state'
import type * as Y from 'yjs'

/**
 * What others wrote while the writer was composing: it can be amid the composed text, which an input method replaces as a
 * whole without meaning it.
 */
export class Arrivals {
  /** ProseMirror's number of the latest composition. */
  #composition: unknown = null
  #before: ReadonlyMap<number, number> = new Map()

  /** Tells items that came after the first of the transactions of the composition that these belong to. */
  during(transactions: readonly Transaction[], yTransaction: Y.Transaction): (item: Y.Item) => boolean {
    const composition: unknown = transactions[0]?.getMeta('composition')
    if (composition === undefined) return () => false
    if (composition !== this.#composition) {
      this.#composition = composition
      this.#before = yTransaction.beforeState
    }
    const before = this.#before
    return ({ id }) => id.client !== yTransaction.doc.clientID && id.clock >= (before.get(id.client) ?? 0)
  }
}
