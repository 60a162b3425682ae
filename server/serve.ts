import { ServerResponse, type IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import {
  openLevelDocumentLog,
  type BatchReport,
  type DocumentLog,
  type HistoryLog,
} from '../persistence/index.ts'
import type { Logger } from 'pino'
import { openAccess } from './access/open-access.ts'
import { systemClock, type Clock } from './clock.ts'
import type { ServeConfig } from './config.ts'
import { HistorySweep } from './history/history-sweep.ts'
import type { Readiness } from './http/health.ts'
import { createHttpServer } from './http/http-server.ts'
import { listeningUrl } from './http/listening-url.ts'
import { createMetricsServer } from './http/metrics-server.ts'
import { ServerMetrics } from './metrics/server-metrics.ts'
import { shutDown, type StopResult } from './shutdown.ts'
import { DocumentThreads } from './sync/document-threads.ts'
import { MemoryBudget } from './sync/memory-budget.ts'
import { RoomRegistry } from './sync/room-registry.ts'
import { SocketServer } from './sync/socket-server.ts'
import { UnsavedBudget } from './sync/unsaved-budget.ts'

/** A server that listens. */
export interface RunningServer {
  /** Where people reach it, with a slash at its end. */
  readonly url: string
  /** Where it listens, with a slash at its end. */
  readonly address: string
  /** Where its metrics are. */
  readonly metricsUrl: string
  /** The names of the documents that hold what is not on disk now. */
  unsaved(): readonly string[]
  /**
   * Saves everything, tells clients to come back later, and lets go of the port; and of the data folder, if everything is
   * saved. Takes no longer than it was told, and a second. May be called twice.
   */
  stop(): Promise<StopResult>
}

/** What a server runs on besides its configuration. */
export interface ServeOptions {
  /** The folder of the built client. */
  readonly appDir: string
  readonly logger: Logger
  /** Codraft's version, for the metrics. */
  readonly version: string
  /** By default the one in the data folder. */
  readonly openLog?: (dataDir: string) => Promise<DocumentLog & HistoryLog>
  /** By default the system's. */
  readonly clock?: Clock
}

/** An edit that is not on disk after so many milliseconds says that the storage hangs. */
const STALLED_AFTER = 10_000

/** A day, in milliseconds. */
const DAY = 24 * 60 * 60 * 1000

/** Starts a server; rejects with a `PersistenceError`, or with Node's error if it cannot listen. */
export async function serve(config: ServeConfig, options: ServeOptions): Promise<RunningServer> {
  const keepHistory = config.history.days > 0 && config.history.bytes > 0
  const metrics = new ServerMetrics(options.version)
  const onBatch = ({ milliseconds, isWritten }: BatchReport): void => metrics.wrote(milliseconds, isWritten)
  const openLevelLog = (dataDir: string): Promise<DocumentLog & HistoryLog> =>
    openLevelDocumentLog(dataDir, { keepHistory, onBatch })
  const { openLog = openLevelLog } = options
  const log = await openLog(config.dataDir)
  try {
    return await listen(config, options, log, metrics)
  } catch (error) {
    await log.close()
    throw error
  }
}

async function listen(
  config: ServeConfig,
  { logger, appDir, clock = systemClock }: ServeOptions,
  log: DocumentLog & HistoryLog,
  metrics: ServerMetrics,
): Promise<RunningServer> {
  let isStopping = false
  const budget = new UnsavedBudget(config.limits.unsavedBytes)
  const memory = new MemoryBudget(config.memoryBudget)
  const threads = new DocumentThreads({ logger })
  const registry = new RoomRegistry({
    log,
    clock,
    logger,
    unsaved: budget,
    memory,
    threads,
    meter: metrics,
    maxDocumentBytes: config.limits.documentBytes,
    compactAfter: config.compactAfter,
  })
  const readiness = (): Readiness => ({
    reason: isStopping ? 'the server is stopping' : storageProblem(registry),
    unsavedAge: registry.unsavedAge,
  })
  const { publicUrl, basePath } = config
  const publicPath = publicUrl === null ? basePath : new URL(publicUrl).pathname.replace(/\/$/, '')
  const { limits, trustProxy } = config
  const servesMetrics = config.metrics.port === null
  const http = await createHttpServer({
    basePath,
    publicPath,
    appDir,
    readiness,
    limits,
    metrics,
    servesMetrics,
    logger,
  })
  const sockets = new SocketServer({
    registry,
    access: openAccess,
    clock,
    logger,
    meter: metrics,
    limits,
    trustProxy,
    basePath,
  })
  metrics.observe(() => ({
    sessions: sockets.sessions,
    rooms: registry.load,
    unsavedBytes: budget.bytes,
    unsavedAge: registry.unsavedAge,
    backlogBytes: sockets.backlogBytes,
    restingBytes: memory.bytes,
  }))
  http.server.on('upgrade', (request, socket, head) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') sockets.upgrade(request, socket, head)
    else answerWithoutUpgrade(http, request, socket)
  })
  const metricsHttp = servesMetrics ? null : createMetricsServer(metrics, logger)
  try {
    await http.listen({ host: config.host, port: config.port })
    await metricsHttp?.listen({ host: config.metrics.host, port: config.metrics.port ?? 0 })
  } catch (error) {
    await sockets.close({ spread: 0, timeout: 0 })
    await http.close()
    throw error
  }
  const address = `${listeningUrl(http.server, config.host)}${basePath}/`
  const url = publicUrl === null ? address : `${publicUrl}/`
  const metricsUrl = `${metricsHttp === null ? listeningUrl(http.server, config.host) : listeningUrl(metricsHttp.server, config.metrics.host)}/metrics`
  const retention = { age: config.history.days * DAY, bytes: config.history.bytes }
  const sweep = new HistorySweep({ log, retention, clock, logger })
  logger.info({ url, address, metrics: metricsUrl, dataDir: config.dataDir }, 'listening')

  const stop = async (): Promise<StopResult> => {
    isStopping = true
    // What it does is let go of by itself; the log waits for what it has begun to write.
    void sweep.stop()
    const httpServers = metricsHttp === null ? [http] : [http, metricsHttp]
    const parts = { sockets, registry, httpServers, log, clock, logger, timeout: config.shutdownTimeout }
    const result = await shutDown(parts)
    await threads.close()
    return result
  }
  let stopped: Promise<StopResult> | null = null
  return { url, address, metricsUrl, unsaved: () => registry.unsaved(), stop: () => (stopped ??= stop()) }
}

function storageProblem(registry: RoomRegistry): string | null {
  const failing = registry.failing()
  if (failing.length > 0) return `the storage does not take what is written in ${failing.length} document(s)`
  return (registry.unsavedAge ?? 0) > STALLED_AFTER ? 'the storage does not answer' : null
}

/** Some clients ask for HTTP/2 in every first request; they are content with an answer in HTTP/1.1. */
function answerWithoutUpgrade(http: FastifyInstance, request: IncomingMessage, socket: Duplex): void {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  socket.on('error', () => {})
  response.on('finish', () => socket.end(() => socket.destroy()))
  if (socket instanceof Socket) response.assignSocket(socket)
  http.routing(request, response)
}
