import type { Server } from './server-process.ts'

/** What was taken between two moments. */
export interface Taken {
  readonly seconds: number
  /** The server's processor time, in milliseconds. */
  readonly server: number
  /** Its share of a core, and that of the process that puts the load on, in per cent. */
  readonly serverCore: number
  readonly loadCore: number
  /** For how much of the time others had the server's core while it had something to do, in per cent. */
  readonly waited: number
}

/** Measures what the server takes, and whether the load generator could have done more. */
export class Meter {
  readonly #server: Server
  readonly #start = performance.now()
  readonly #serverAtStart: number
  readonly #waitedAtStart: number
  readonly #loadAtStart = process.cpuUsage()

  constructor(server: Server) {
    this.#server = server
    this.#serverAtStart = server.processorTime
    this.#waitedAtStart = server.waitingTime
  }

  /** What was taken since this was made. */
  read(): Taken {
    const milliseconds = performance.now() - this.#start
    const server = this.#server.processorTime - this.#serverAtStart
    const load = process.cpuUsage(this.#loadAtStart)
    return {
      seconds: milliseconds / 1000,
      server,
      serverCore: (server / milliseconds) * 100,
      waited: ((this.#server.waitingTime - this.#waitedAtStart) / milliseconds) * 100,
      loadCore: ((load.user + load.system) / 1000 / milliseconds) * 100,
    }
  }
}
