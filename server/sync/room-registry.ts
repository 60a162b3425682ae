import { Room, type RoomOptions } from './room.ts'

/** How long a room that everybody has left stays in memory, in milliseconds: long enough for a reload or a short cut of the network. */
const QUIET_TIME = 30_000

/** The same for one that is of no use any more: whoever comes meanwhile is told to try again. */
const BROKEN_TIME = 100

/** A place in a document's room, to be given back. */
export interface Entry {
  readonly room: Room
  /** May be called twice. */
  readonly leave: () => void
}

/** What all rooms together have. */
export interface RoomsLoad {
  /** How many documents are in memory as a `Y.Doc`. */
  readonly live: number
  /** How many as bytes. */
  readonly resting: number
  /** How many updates are taken and not on disk. */
  readonly unsavedUpdates: number
}

/** One document's room, from the first to enter until it is let go. */
interface OpenRoom {
  readonly room: Promise<Room>
  /** The same once it has loaded. */
  loaded: Room | null
  /** How many sessions are in it or wait for it to load. */
  guests: number
  /** Calls off what was to happen after the quiet time; null while there are guests, or while the room is being unloaded. */
  cancelUnload: (() => void) | null
  isUnloading: boolean
}

/** The rooms of this server: each document is opened once, however many come at once, and let go some time after the last has left. */
export class RoomRegistry {
  readonly #options: RoomOptions
  readonly #rooms = new Map<string, OpenRoom>()

  constructor(options: RoomOptions) {
    this.#options = options
  }

  /**
   * Enters the room of a document, which is loaded if need be; rejects with what loading rejects with, and while a room
   * that broke is being let go.
   */
  async enter(documentName: string): Promise<Entry> {
    const open = this.#rooms.get(documentName) ?? this.#open(documentName)
    open.guests++
    open.cancelUnload?.()
    open.cancelUnload = null
    const room = await open.room
    let hasLeft = false
    const leave = (): void => {
      if (hasLeft) return
      hasLeft = true
      open.guests--
      this.#scheduleUnload(documentName, open)
    }
    if (!room.isBroken) return { room, leave }
    leave()
    throw new Error('the room broke, and is let go as soon as everything in it is saved')
  }

  #open(documentName: string): OpenRoom {
    const open: OpenRoom = {
      room: this.#load(documentName, (room) => {
        open.loaded = room
      }),
      loaded: null,
      guests: 0,
      cancelUnload: null,
      isUnloading: false,
    }
    this.#rooms.set(documentName, open)
    return open
  }

  async #load(documentName: string, onLoaded: (room: Room) => void): Promise<Room> {
    const logger = this.#options.logger.child({ documentName })
    try {
      const room = await Room.open(documentName, { ...this.#options, logger })
      onLoaded(room)
      return room
    } catch (error) {
      // The next one to enter tries again.
      this.#rooms.delete(documentName)
      throw error
    }
  }

  #scheduleUnload(documentName: string, open: OpenRoom): void {
    // One that is being unloaded looks again at its end.
    if (open.guests > 0 || open.isUnloading) return
    const wait = open.loaded?.isBroken === true ? BROKEN_TIME : QUIET_TIME
    open.cancelUnload = this.#options.clock.after(wait, () => void this.#unload(documentName, open))
  }

  async #unload(documentName: string, open: OpenRoom): Promise<void> {
    open.cancelUnload = null
    open.isUnloading = true
    const room = await open.room
    await room.settle()
    open.isUnloading = false
    // Somebody may have come, and even left again, while the last of it was being saved.
    if (open.guests > 0) return
    if (!room.isSaved) {
      this.#scheduleUnload(documentName, open)
      return
    }
    this.#rooms.delete(documentName)
    room.close()
  }

  /** The rooms that have loaded, for those who ask without waiting. */
  get #loaded(): Room[] {
    return [...this.#rooms.values()].flatMap(({ loaded }) => loaded ?? [])
  }

  /** What the rooms have now. */
  get load(): RoomsLoad {
    const rooms = this.#loaded
    const live = rooms.filter(({ isLive }) => isLive).length
    const unsavedUpdates = rooms.reduce((sum, room) => sum + room.unsavedUpdates, 0)
    return { live, resting: rooms.length - live, unsavedUpdates }
  }

  /** How long ago the oldest edit was taken that is not on disk, in milliseconds; null if all are. */
  get unsavedAge(): number | null {
    const since = Math.min(...this.#loaded.map((room) => room.unsavedSince ?? Infinity))
    return since === Infinity ? null : this.#options.clock.now() - since
  }

  /** The names of the documents that hold what could not be saved so far because saving fails. */
  failing(): string[] {
    return this.#loaded.filter((room) => room.isFailing).map((room) => room.documentName)
  }

  /** The names of the documents that hold what is not on disk now. */
  unsaved(): string[] {
    return this.#loaded.filter((room) => !room.isSaved).map((room) => room.documentName)
  }

  /** Folds the logs of documents that are long, for at most some milliseconds: they are opened the faster next time. */
  async fold(milliseconds: number): Promise<void> {
    const { clock } = this.#options
    const deadline = clock.now() + milliseconds
    await new Promise<void>((resolve) => {
      const cancel = clock.after(milliseconds, resolve)
      const foldAll = async (): Promise<void> => {
        for (const room of this.#loaded) if (room.isSaved && clock.now() < deadline) await room.settle()
        cancel()
        resolve()
      }
      void foldAll()
    })
  }

  /** Waits until everything is on disk, at most some milliseconds; returns the names of the documents that hold more. */
  async flush(milliseconds: number): Promise<string[]> {
    const rooms = this.#loaded
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(milliseconds, resolve)
      void Promise.all(rooms.map((room) => room.saved())).then(() => {
        cancel()
        resolve()
      })
    })
    return this.unsaved()
  }
}
