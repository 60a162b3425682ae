import type { Browser, WebSocket } from '@playwright/test'
import type { CodraftServer } from '../support/codraft-server.ts'
import { Person } from '../support/person.ts'
import type { Who } from './actions.ts'

const AWARENESS = 1
/** How long something is waited for that comes within a few milliseconds, or not at all; in milliseconds. */
const SHORT = 500
/** How long a page may take to come back; in milliseconds. */
const LONG = 8_000
/** How long it is given until it is told again that the network is back; in milliseconds. */
const RETRY = 200

/** A person whose link is paused and resumed time and again, with one page for many documents. */
export class Participant {
  readonly who: Who
  readonly person: Person
  readonly #waiting = new Set<() => void>()
  #opened = 0
  /** The page's latest one: those of pages that were left do not say that they have closed. */
  #socket: WebSocket | null = null
  #awareness = 0

  static async arrive(who: Who, browser: Browser, server: CodraftServer): Promise<Participant> {
    const context = await browser.newContext()
    // Yjs breaks ties by the number that it draws for each client. The first person's is always the smaller one, so that
    // a pair of actions comes out the same at every run, and the pair the other way round breaks its ties the other way.
    await context.addInitScript(
      (highestBit) => {
        const draw = crypto.getRandomValues.bind(crypto)
        crypto.getRandomValues = (array) => {
          draw(array)
          if (array instanceof Uint32Array && array.length === 1) {
            array[0] = (((array[0] ?? 0) & 0x7fffffff) | (highestBit << 31)) >>> 0
          }
          return array
        }
      },
      who === 'A' ? 0 : 1,
    )
    return new Participant(who, await Person.arrive(who, context, server))
  }

  private constructor(who: Who, person: Person) {
    this.who = who
    this.person = person
    person.page.on('websocket', (socket) => this.#watch(socket))
    // A page that has something unsaved asks before it is left.
    person.page.on('dialog', (dialog) => void dialog.accept())
  }

  #watch(socket: WebSocket): void {
    this.#opened++
    this.#socket = socket
    this.#notice()
    socket.on('close', () => this.#notice())
    socket.on('framereceived', ({ payload }) => {
      if (payload[0] !== AWARENESS) return
      this.#awareness++
      this.#notice()
    })
  }

  #notice(): void {
    for (const resolve of this.#waiting) resolve()
  }

  /** Resolves with whether something of the socket has come to hold in time. */
  async #until(holds: () => boolean, timeout: number): Promise<boolean> {
    const deadline = Date.now() + timeout
    while (!holds() && Date.now() < deadline) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - Date.now())
        this.#waiting.add(() => {
          clearTimeout(timer)
          resolve()
        })
      })
      this.#waiting.clear()
    }
    return holds()
  }

  async open(documentName: string): Promise<void> {
    await this.person.open(documentName)
  }

  /** Does something of which the other is told by presence, and resolves when they know. */
  async showingTo(other: Participant, act: () => Promise<void>): Promise<void> {
    const before = other.#awareness
    await act()
    await other.#until(() => other.#awareness > before, SHORT)
  }

  pause(): void {
    this.person.link.pause()
  }

  /** Resolves when the page has a connection again. */
  async resume(): Promise<void> {
    const before = this.#opened
    this.person.link.mend()
    await this.#until(() => this.#socket?.isClosed() !== false, LONG)
    const deadline = Date.now() + LONG
    // Told again, since the page may hear of the end of its connection only now.
    while (this.#opened === before && Date.now() < deadline) {
      await this.person.backOnline()
      await this.#until(() => this.#opened > before, RETRY)
    }
    if (this.#opened === before) throw new Error('The page does not come back')
  }

  async isSaved(): Promise<boolean> {
    return (await this.person.saveState.getAttribute('data-save-state')) === 'saved'
  }

  async leave(): Promise<void> {
    await this.person.page.context().close()
    this.person.link.close()
  }
}
