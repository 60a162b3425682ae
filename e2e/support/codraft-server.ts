import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))

/** What to start a server with. */
export interface CodraftServerOptions {
  readonly args?: readonly string[]
  /** What to add to its environment when it is first started, by its data folder. */
  readonly env?: (dataDir: string) => Readonly<Record<string, string>>
  /** The folder to make its own in; by default the one for temporary files. */
  readonly within?: string
}

/** The built server as a process of its own, with a data folder and a port that outlive it. */
export class CodraftServer {
  /** A folder with nothing beside it. */
  readonly dataDir: string
  readonly #folder: string
  readonly #port: number
  readonly #options: CodraftServerOptions
  #process: ChildProcess | null = null
  /** What it has logged, one JSON object a line. */
  log = ''

  /** Starts a server on an empty data folder. */
  static async start(options: CodraftServerOptions = {}): Promise<CodraftServer> {
    const server = await CodraftServer.create(options)
    await server.start(options.env?.(server.dataDir))
    return server
  }

  /** Makes the data folder of a server, and chooses its port; it is yet to be started. */
  static async create(options: CodraftServerOptions = {}): Promise<CodraftServer> {
    const folder = await mkdtemp(join(options.within ?? tmpdir(), 'codraft-e2e-'))
    const server = new CodraftServer(folder, await freePort(), options)
    await mkdir(server.dataDir)
    return server
  }

  private constructor(folder: string, port: number, options: CodraftServerOptions) {
    this.#folder = folder
    this.dataDir = join(folder, 'data')
    this.#port = port
    this.#options = options
  }

  /** With a slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/`
  }

  get webSocketUrl(): string {
    return `ws://127.0.0.1:${this.#port}/collab`
  }

  /** The memory that it takes, in bytes. */
  async residentBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.#process?.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
  }

  /** Starts it (again), with more in its environment, and resolves when it listens. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { args = [] } = this.#options
    const child = spawn(
      process.execPath,
      [main, 'serve', '--port', String(this.#port), '--data', this.dataDir, ...args],
      {
        env: { ...process.env, ...env },
      },
    )
    this.#process = child
    child.stderr.on('data', (chunk: Buffer) => (this.log += chunk.toString()))
    const exited = once(child, 'exit').then(() => {
      throw new Error(`the server did not start:\n${this.log}`)
    })
    // It may exit later, when nobody waits for that.
    exited.catch(() => {})
    await Promise.race([once(child.stdout, 'data'), exited])
  }

  /** Sends a signal; SIGKILL, SIGTERM and SIGINT resolve with the exit code when the process is gone. */
  async signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT' | 'SIGSTOP' | 'SIGCONT'): Promise<number | null> {
    const child = this.#process
    if (child === null || child.exitCode !== null || child.signalCode !== null) return null
    child.kill(signal)
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') return null
    await once(child, 'exit')
    this.#process = null
    return child.exitCode
  }

  /** Sends signals one after the other, at once, and resolves with what is left of the process. */
  async exit(...signals: readonly NodeJS.Signals[]): Promise<{ code: number | null; signal: string | null }> {
    const child = this.#process
    if (child === null) throw new Error('the server is not running')
    const exited = once(child, 'exit')
    for (const signal of signals) child.kill(signal)
    const [code, signal] = (await exited) as [number | null, string | null]
    this.#process = null
    return { code, signal }
  }

  /** Ends it for good, with its data. */
  async remove(): Promise<void> {
    await this.signal('SIGKILL')
    await rm(this.#folder, { recursive: true, force: true })
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
