import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from '../random.ts'
import type { Contestant, ContestantOptions } from './contestants.ts'
import { Client, type Belongings } from './load/client.ts'
import { LargePayloads } from './load/large-payloads.ts'
import { Meter } from './meter.ts'
import { Server } from './server-process.ts'

/** What a run is made with. */
export interface RunOptions extends ContestantOptions {
  readonly contestant: Contestant
  /** The processor core for the server. */
  readonly core: string
  /** How long a load is kept up for each figure, in seconds. */
  readonly seconds: number
  /** Which one of the repeats it is, from 0. */
  readonly repeat: number
}

/** One scenario done once by one contestant, from an empty data folder on; this process puts the load on. */
export class Run {
  readonly contestant: Contestant
  readonly seconds: number
  readonly repeat: number
  readonly random = new Random(1)
  readonly #options: RunOptions
  readonly #folder = mkdtempSync(join(tmpdir(), 'codraft-bench-'))
  readonly #large = new LargePayloads()
  readonly #clients = new Set<Client>()
  #server: Server | null = null

  constructor(options: RunOptions) {
    this.#options = options
    this.contestant = options.contestant
    this.seconds = options.seconds
    this.repeat = options.repeat
  }

  /** Starts a server with an empty data folder; one that was there before is gone, with its clients. */
  async startServer(): Promise<Server> {
    await this.#endServer()
    const folder = mkdtempSync(join(this.#folder, 'server-'))
    this.#server = await Server.start({ ...this.#options, folder })
    return this.#server
  }

  get server(): Server {
    if (this.#server === null) throw new Error('the server has not been started')
    return this.#server
  }

  /** Joins a document, as most clients do. */
  join(documentName: string, belongings?: Belongings): Promise<Client> {
    return this.#join(documentName, this.contestant.dialect, belongings)
  }

  /** Joins it as a client that hears of every update that the server has it. */
  joinConfirmed(documentName: string): Promise<Client> {
    return this.#join(documentName, this.contestant.confirmingDialect)
  }

  #join(documentName: string, dialect: Contestant['dialect'], belongings?: Belongings): Promise<Client> {
    const { port } = this.server
    const options = { port, dialect, documentName, large: this.#large }
    return Client.join(belongings === undefined ? options : { ...options, belongings }).then((client) => {
      this.#clients.add(client)
      return client
    })
  }

  /** Begins to measure what the server takes. */
  measure(): Meter {
    return new Meter(this.server)
  }

  /** As an operator would, if the server has a profile to leave. */
  async #endServer(): Promise<void> {
    for (const client of this.#clients) client.close()
    this.#clients.clear()
    if (this.#options.profileFolder === null) await this.#server?.kill()
    else await this.#server?.stop()
  }

  /** Ends everything, and removes the data. */
  async close(): Promise<void> {
    await this.#endServer()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
