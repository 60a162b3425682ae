import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, onTestFinished } from 'vitest'
import { CodraftServer } from '../../../e2e/support/codraft-server.ts'
import { StockClient } from '../../../e2e/support/stock-client.ts'
import {
  compileFaultyDisk,
  faultyDisk,
  type DiskFault,
  type FaultyDisk,
} from '../../../persistence/test/faulty-disk/faulty-disk.ts'
import { TestClient, type TestClientOptions } from '../support/test-client.ts'
import { judge } from './stored-promises.ts'

const tools = await mkdtemp(join(tmpdir(), 'codraft-faulty-server-'))
afterAll(() => rm(tools, { recursive: true }))
const library = await compileFaultyDisk(tools)

/** Why servers on faulty disks cannot be had here, as the end of a test's name; '' if they can. */
export const noFaultyDisks = library === null ? ' (not tested here: it needs Linux and a C compiler, cc)' : ''

/** What `/readyz` answers. */
interface Readiness {
  readonly status: number
  readonly reason?: string
  readonly oldestUnsavedSeconds?: number
}

/** The built server on a disk that fails when it is told to, and the people who were connected to it. */
export class ServerOnFaultyDisk {
  readonly server: CodraftServer
  readonly #disk: FaultyDisk
  readonly #people = new Map<string, TestClient[]>()

  static async start(...args: readonly string[]): Promise<ServerOnFaultyDisk> {
    const faulty = await ServerOnFaultyDisk.create(...args)
    await faulty.start()
    return faulty
  }

  /** One that is yet to be started. */
  static async create(...args: readonly string[]): Promise<ServerOnFaultyDisk> {
    const server = await CodraftServer.create({ args })
    onTestFinished(() => server.remove())
    return new ServerOnFaultyDisk(server)
  }

  private constructor(server: CodraftServer) {
    this.server = server
    this.#disk = faultyDisk(library ?? '', server.dataDir)
  }

  /** Rejects, with what it has logged, if it does not start. */
  async start(): Promise<void> {
    await this.server.start(this.#disk.env)
  }

  async diskBecomes(...faults: readonly DiskFault[]): Promise<void> {
    await this.#disk.becomes(...faults)
  }

  async diskHangs(): Promise<void> {
    await this.#disk.hangs()
  }

  /** Connects somebody who is then synced; what they are told is remembered. */
  async join(documentName: string, options: TestClientOptions = {}): Promise<TestClient> {
    const client = await this.connect(documentName, options)
    await client.untilReceived('sync-step-1')
    await client.roundTrip()
    return client
  }

  async connect(documentName: string, options: TestClientOptions = {}): Promise<TestClient> {
    const client = await TestClient.connect(this.server.url, documentName, options)
    this.#people.set(documentName, [...(this.#people.get(documentName) ?? []), client])
    return client
  }

  /** Connects y-websocket's own client, which reconnects by itself; it only reads, so nothing that it sends is missed. */
  async joinStock(documentName: string): Promise<StockClient> {
    const client = new StockClient(this.server.webSocketUrl, documentName)
    onTestFinished(() => client.close())
    return client.synced()
  }

  async readiness(): Promise<Readiness> {
    const response = await fetch(`${this.server.url}readyz`)
    const { reason, oldestUnsavedSeconds } = (await response.json()) as Omit<Readiness, 'status'>
    return {
      status: response.status,
      ...(reason === undefined ? {} : { reason }),
      ...(oldestUnsavedSeconds === undefined ? {} : { oldestUnsavedSeconds }),
    }
  }

  /** Resolves once `/readyz` is 503 for this reason. */
  async untilUnready(reason: string): Promise<void> {
    for (let now = await this.readiness(); now.reason !== reason; now = await this.readiness())
      await delay(100)
  }

  /** Kills the server if it still runs, and returns what its data folder lacks of what anybody was told. */
  async brokenPromises(): Promise<readonly string[]> {
    await this.server.signal('SIGKILL')
    const people = [...this.#people].map(([documentName, connections]) => ({ documentName, connections }))
    return (await judge(this.server.dataDir, people, { mayRepeat: true })).broken
  }
}
