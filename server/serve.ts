import type { AddressInfo } from 'node:net'
import { openLevelDocumentLog, type DocumentLog } from '../persistence/index.ts'
import type { Logger } from 'pino'
import { openAccess } from './access/open-access.ts'
import { systemClock, type Clock } from './clock.ts'
import type { ServeConfig } from './config.ts'
import { createHttpServer } from './http/http-server.ts'
import { RoomRegistry } from './sync/room-registry.ts'
import { SocketServer } from './sync/socket-server.ts'

/** A server that listens. */
export interface RunningServer {
  /** Where people reach it. */
  readonly url: string
  /**
   * Saves everything, tells clients to come back later, and lets go of port and data folder. Resolves with the names of
   * the documents that could not be saved in time. May be called twice.
   */
  stop(): Promise<readonly string[]>
}

/** What a server runs on besides its configuration. */
export interface ServeOptions {
  /** The folder of the built client. */
  readonly appDir: string
  readonly logger: Logger
  /** By default the one in the data folder. */
  readonly openLog?: (dataDir: string) => Promise<DocumentLog>
  /** By default the system's. */
  readonly clock?: Clock
}

/** How long a stopping server tries to save, in milliseconds. */
const FLUSH_TIMEOUT = 10_000

/** Starts a server; rejects with a `PersistenceError`, or with Node's error if it cannot listen. */
export async function serve(config: ServeConfig, options: ServeOptions): Promise<RunningServer> {
  const { openLog = openLevelDocumentLog } = options
  const log = await openLog(config.dataDir)
  try {
    return await listen(config, options, log)
  } catch (error) {
    await log.close()
    throw error
  }
}

async function listen(
  config: ServeConfig,
  { logger, appDir, clock = systemClock }: ServeOptions,
  log: DocumentLog,
): Promise<RunningServer> {
  let isStopping = false
  const registry = new RoomRegistry({ log, clock, logger })
  const sockets = new SocketServer({
    registry,
    access: openAccess,
    clock,
    logger,
    basePath: config.basePath,
  })
  const readiness = (): string | null => {
    if (isStopping) return 'the server is stopping'
    const failing = registry.failing()
    return failing.length === 0
      ? null
      : `the storage does not take what is written in ${failing.length} document(s)`
  }
  const { publicUrl, basePath } = config
  const publicPath = publicUrl === null ? basePath : new URL(publicUrl).pathname.replace(/\/$/, '')
  const http = await createHttpServer({ basePath, publicPath, appDir, readiness, logger })
  http.server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head))
  try {
    await http.listen({ host: config.host, port: config.port })
  } catch (error) {
    await sockets.close()
    throw error
  }
  const url = publicUrl ?? listeningUrl(http.server.address(), config)
  logger.info({ url, dataDir: config.dataDir }, 'listening')

  async function stop(): Promise<readonly string[]> {
    isStopping = true
    sockets.stopAccepting()
    const deadline = clock.now() + FLUSH_TIMEOUT
    // Before the sockets close, so that clients hear that they are saved; and after, for what came meanwhile.
    await registry.flush(deadline - clock.now())
    await sockets.close()
    const unsaved = await registry.flush(Math.max(0, deadline - clock.now()))
    await http.close()
    if (unsaved.length === 0) await log.close()
    return unsaved
  }
  let stopped: Promise<readonly string[]> | null = null
  return { url, stop: () => (stopped ??= stop()) }
}

function listeningUrl(address: AddressInfo | string | null, { host, port, basePath }: ServeConfig): string {
  const actualPort = typeof address === 'object' && address !== null ? address.port : port
  return `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}${basePath}/`
}
