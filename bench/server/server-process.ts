import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Contestant, ContestantOptions } from './contestants.ts'
import { noteStart } from './profile-summary.ts'
import { memoryOf, processorTimeOf, resetPeakOf, waitingTimeOf } from './process-figures.ts'

/** How long a server may take to start, or to stop, in milliseconds. */
const PATIENCE = 30_000

/** What servers are started with. */
export interface ServerOptions extends ContestantOptions {
  readonly contestant: Contestant
  /** A folder of its own. */
  readonly folder: string
  /** The processor core that it may use. */
  readonly core: string
}

/** A contestant as a process of its own on a core of its own; its data and its port outlive it. */
export class Server {
  readonly port: number
  readonly #options: ServerOptions
  readonly #logPath: string
  #child: ChildProcess | null = null

  static async start(options: ServerOptions): Promise<Server> {
    const server = new Server(options, await freePort())
    mkdirSync(server.dataFolder)
    await server.start()
    return server
  }

  private constructor(options: ServerOptions, port: number) {
    this.#options = options
    this.#logPath = `${options.folder}/server.log`
    this.port = port
  }

  get dataFolder(): string {
    return `${this.#options.folder}/data`
  }

  /** Starts it (again) and resolves when it listens. */
  async start(): Promise<void> {
    const { contestant, core } = this.#options
    const { node, args, env } = contestant.command(this.port, this.dataFolder, this.#options)
    const log = openSync(this.#logPath, 'a')
    const child = spawn('taskset', ['-c', core, node, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    this.#child = child
    const deadline = performance.now() + PATIENCE
    while (!(await listens(this.port))) {
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline) {
        throw new Error(`${contestant.name} does not start:\n${readFileSync(this.#logPath, 'utf8')}`)
      }
      await wait(10)
    }
    const { profileFolder } = this.#options
    if (profileFolder !== null) noteStart(profileFolder, this.#pid)
  }

  /** Asks it to stop, and resolves when it has; it is killed if it takes too long. */
  async stop(): Promise<void> {
    await this.#signal('SIGTERM')
  }

  async kill(): Promise<void> {
    await this.#signal('SIGKILL')
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
    await exited
    clearTimeout(impatience)
  }

  get #pid(): number {
    const pid = this.#child?.pid
    if (pid === undefined) throw new Error('the server is not running')
    return pid
  }

  /** In milliseconds, since it was started. */
  get processorTime(): number {
    return processorTimeOf(this.#pid)
  }

  /** How long it has had something to do while others had its core, in milliseconds. */
  get waitingTime(): number {
    return waitingTimeOf(this.#pid)
  }

  /** In KiB. */
  get memory(): { readonly now: number; readonly peak: number } {
    return memoryOf(this.#pid)
  }

  resetPeak(): void {
    resetPeakOf(this.#pid)
  }

  /**
   * Resolves with the time (as `performance.now()` tells it) at which the server last had something to do, once it has
   * had nothing for so many milliseconds.
   */
  async idle(quiet = 3_000): Promise<number> {
    let busyAt = performance.now()
    let busyUntil = this.processorTime
    while (performance.now() - busyAt < quiet) {
      await wait(50)
      const now = this.processorTime
      // Timers and the collection of garbage take a little at any time.
      if (now - busyUntil > 20) {
        busyUntil = now
        busyAt = performance.now()
      }
    }
    return busyAt
  }
}

/** A port that nobody listens on; kept across restarts, so that clients find the server again. */
async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
