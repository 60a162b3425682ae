import * as Y from 'yjs'
import { NETWORK } from './peers.ts'
import type { Writer } from './writer.ts'

/** Carries what each writer does to each other one, whenever and in whatever order it is told to. */
export class Post {
  readonly #waiting = new Map<Writer, Uint8Array[]>()

  /** From now on this writer sends, and is sent to. */
  join(writer: Writer): void {
    this.#waiting.set(writer, [])
    writer.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === NETWORK) return
      for (const [other, waiting] of this.#waiting) if (other !== writer) waiting.push(update)
    })
  }

  /** Somebody goes on in a new editor, and gets what waits for the old one. */
  replace(old: Writer, writer: Writer): void {
    const waiting = this.#waiting.get(old) ?? []
    this.#waiting.delete(old)
    this.join(writer)
    this.#waiting.set(writer, waiting)
  }

  /** Delivers one of the updates that wait, the one so many thousandths of the way through them. */
  deliver(to: Writer, thousandths: number): void {
    const waiting = this.#waiting.get(to) ?? []
    const [update] = waiting.splice(Math.floor((thousandths * waiting.length) / 1_001), 1)
    if (update !== undefined) Y.applyUpdate(to.doc, update, NETWORK)
  }

  /** All get everything that waits, at once. */
  deliverAll(): void {
    // Again, since Yjs deletes superfluous formats after what others did, which is one more update.
    for (let round = 0; round < 2; round++) {
      for (const [writer, waiting] of this.#waiting) {
        writer.doc.transact(() => {
          for (const update of waiting.splice(0)) Y.applyUpdate(writer.doc, update, NETWORK)
        }, NETWORK)
      }
    }
  }
}
