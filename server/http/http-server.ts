import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Limits } from '../limits.ts'
import type { ServerMetrics } from '../metrics/server-metrics.ts'
import { registerAppFiles, type AppFilesOptions } from './app-files.ts'
import { registerHealth, type Readiness } from './health.ts'
import { registerMetrics } from './metrics-route.ts'

/** What the HTTP server is made with. */
export interface HttpServerOptions extends AppFilesOptions {
  readonly readiness: () => Readiness
  readonly limits: Pick<Limits, 'authTimeout' | 'sessions'>
  readonly metrics: ServerMetrics
  /** Whether `/metrics` is here too. */
  readonly servesMetrics: boolean
  readonly logger: FastifyBaseLogger
}

/** Connections that are taken besides those of sessions: for pages, probes, and sockets that are told why they are refused. */
const OTHER_CONNECTIONS = 1_000
/** Of a request's headers together, in bytes. */
const HEADER_BYTES = 16 * 1024
const HEADERS = 100
/** No request has a body. */
const BODY_BYTES = 1024
/** A connection on which nothing moves for so long is closed, in milliseconds. WebSockets have beats of their own. */
const IDLE_TIMEOUT = 60_000

const notFound = { error: 'not-found', message: 'There is nothing here.' }

function isHttpError(error: unknown): error is { readonly statusCode?: number } {
  return error instanceof Error && 'statusCode' in error
}

/** Makes the HTTP server, which does not listen yet. Health is answered at the root as well, where probes look for it. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    // An address that cannot be decoded is the address of nothing.
    frameworkErrors: (_error, _request, reply) => {
      reply.raw
        .writeHead(404, { 'content-type': 'application/json; charset=utf-8' })
        .end(JSON.stringify(notFound))
    },
    bodyLimit: BODY_BYTES,
    connectionTimeout: IDLE_TIMEOUT,
    // Node counts both from the first moment of a connection or request, until a socket is upgraded.
    requestTimeout: options.limits.authTimeout,
    http: {
      headersTimeout: options.limits.authTimeout,
      maxHeaderSize: HEADER_BYTES,
      connectionsCheckingInterval: Math.min(options.limits.authTimeout / 2, 5_000),
    },
    // Idle keep-alive connections must not hold up a shutdown.
    forceCloseConnections: true,
  })
  limitConnections(app, options)
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(notFound))
  app.setErrorHandler((error, request, reply) => {
    const { statusCode = 500 } = isHttpError(error) ? error : {}
    if (statusCode < 500) return reply.code(404).send(notFound)
    request.log.error({ err: error }, 'could not answer a request')
    return reply.code(500).send({ error: 'internal', message: 'The server failed.' })
  })
  registerHealth(app, '', options.readiness)
  if (options.basePath !== '') registerHealth(app, options.basePath, options.readiness)
  if (options.servesMetrics) registerMetrics(app, options.metrics)
  await registerAppFiles(app, options)
  return app
}

function limitConnections({ server }: FastifyInstance, { limits, metrics }: HttpServerOptions): void {
  server.maxHeadersCount = HEADERS
  // Zero would be none at all, and Infinity is no number to Node.
  if (limits.sessions !== Infinity) server.maxConnections = limits.sessions + OTHER_CONNECTIONS
  server.on('drop', () => metrics.limited('max-connections'))
  server.on('clientError', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') metrics.limited('auth-timeout')
  })
}
