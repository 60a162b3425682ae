import { closeCodes } from '../../protocol/index.ts'

/** Whether one server after another can write to its disk, as far as it says so (PROTOCOL.md, "event"). */
export class StorageReport {
  #isFailing = false
  /** Whether the server has said so on the present connection. */
  #isOfNow = false

  /** Whether the server has said that it cannot write, and not since that it can again. */
  get isFailing(): boolean {
    return this.#isFailing
  }

  told(status: 'failing' | 'working'): void {
    this.#isFailing = status === 'failing'
    this.#isOfNow = true
  }

  /** A new connection: what the one before ended with counts until this one is synced, so that attempts in between show nothing else. */
  opened(): void {
    this.#isOfNow = false
  }

  /** The server has told everything that it tells somebody who comes. */
  synced(): void {
    this.#isFailing &&= this.#isOfNow
  }

  /** The connection was closed, with a code if the server gave one. */
  closed(code: number | undefined): void {
    this.#isFailing = code === closeCodes.storageFailing
  }
}
