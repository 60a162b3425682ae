import type { Room } from './room.ts'

/** How many letters one typist types in one write at most. */
const MAX_BURST = 512

/**
 * Lets some members of a room type as fast as the server brings it to the others: whenever something has arrived, as
 * much is typed as is missing to a window of updates that whoever is furthest behind does not have. It bounds what the
 * server and this process hold, and is wide enough for a server to have something to do at any time.
 */
export class FlatOut {
  readonly #room: Room
  readonly #typists: Room['members']
  readonly #window: number
  #isScheduled = false
  #isStopped = false
  #turn = 0

  constructor(room: Room, typists: Room['members'], window: number) {
    this.#room = room
    this.#typists = typists
    this.#window = window
    for (const { typist } of room.members) typist.client.connection.onRead = () => this.#schedule()
    this.#schedule()
  }

  stop(): void {
    this.#isStopped = true
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isStopped) return
    this.#isScheduled = true
    // When all that has arrived has been read.
    setImmediate(() => {
      this.#isScheduled = false
      if (!this.#isStopped) this.#type()
    })
  }

  #type(): void {
    const total = this.#typists.reduce((sum, { typist }) => sum + typist.clock, 0)
    const missing = this.#room.members.reduce(
      (most, { reader, typist }) => Math.max(most, total - typist.clock - reader.arrived),
      0,
    )
    const budget = this.#window - missing
    // Not one letter at a time: people's computers each have a processor of their own for that, here one has them all.
    if (budget < this.#window / 8) return
    const each = Math.min(MAX_BURST, Math.ceil(budget / this.#typists.length))
    for (let left = budget; left > 0; left -= each) {
      this.#typists[this.#turn++ % this.#typists.length]?.typist.type(Math.min(each, left))
      if (budget - left > each * this.#typists.length) return
    }
  }
}
