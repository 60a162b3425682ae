import { Room, type RoomOptions } from './room.ts'

/** How long a room that everybody has left stays in memory, in milliseconds: long enough for a reload or a short cut of the network. */
const QUIET_TIME = 30_000

interface OpenRoom {
  readonly room: Promise<Room>
  /** How many sessions are in it or wait for it to load. */
  guests: number
  cancelUnload: (() => void) | null
}

/** The rooms of this server: each document is opened once, however many come at once, and let go some time after the last has left. */
export class RoomRegistry {
  readonly #options: RoomOptions
  readonly #rooms = new Map<string, OpenRoom>()
  /** The rooms that have loaded, for those who ask without waiting. */
  readonly #loaded = new Set<Room>()

  constructor(options: RoomOptions) {
    this.#options = options
  }

  /** The room of a document, loaded if need be. Whoever enters must `leave`, unless this rejects, with what loading rejects with. */
  enter(documentName: string): Promise<Room> {
    const known = this.#rooms.get(documentName)
    if (known !== undefined) {
      known.guests++
      known.cancelUnload?.()
      known.cancelUnload = null
      return known.room
    }
    const entry: OpenRoom = { room: this.#load(documentName), guests: 1, cancelUnload: null }
    this.#rooms.set(documentName, entry)
    return entry.room
  }

  async #load(documentName: string): Promise<Room> {
    const logger = this.#options.logger.child({ documentName })
    try {
      const room = await Room.open(documentName, { ...this.#options, logger })
      this.#loaded.add(room)
      return room
    } catch (error) {
      // The next one to enter tries again.
      this.#rooms.delete(documentName)
      throw error
    }
  }

  /** Ends what `enter` began. */
  leave(documentName: string): void {
    const entry = this.#rooms.get(documentName)
    if (entry === undefined || --entry.guests > 0) return
    entry.cancelUnload = this.#options.clock.after(QUIET_TIME, () => void this.#unload(documentName, entry))
  }

  async #unload(documentName: string, entry: OpenRoom): Promise<void> {
    const room = await entry.room
    await room.settle()
    // Somebody may have come while the last of it was being saved.
    if (entry.guests > 0 || !room.isSaved) return
    this.#rooms.delete(documentName)
    this.#loaded.delete(room)
    room.close()
  }

  /** The names of the documents that hold what could not be saved so far because saving fails. */
  failing(): string[] {
    return [...this.#loaded].filter((room) => room.isFailing).map((room) => room.documentName)
  }

  /** Waits until everything is on disk, at most some milliseconds; returns the names of the documents that hold more. */
  async flush(milliseconds: number): Promise<string[]> {
    const rooms = [...this.#loaded]
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(milliseconds, resolve)
      void Promise.all(rooms.map((room) => room.saved())).then(() => {
        cancel()
        resolve()
      })
    })
    return rooms.filter((room) => !room.isSaved).map((room) => room.documentName)
  }
}
