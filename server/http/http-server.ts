import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { ServerMetrics } from '../metrics/server-metrics.ts'
import { registerAppFiles, type AppFilesOptions } from './app-files.ts'
import { registerHealth, type Readiness } from './health.ts'
import { registerMetrics } from './metrics-route.ts'

/** What the HTTP server is made with. */
export interface HttpServerOptions extends AppFilesOptions {
  readonly readiness: Readiness
  readonly metrics: ServerMetrics
  readonly logger: FastifyBaseLogger
}

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
    // Idle keep-alive connections must not hold up a shutdown.
    forceCloseConnections: true,
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(notFound))
  app.setErrorHandler((error, request, reply) => {
    const { statusCode = 500 } = isHttpError(error) ? error : {}
    if (statusCode < 500) return reply.code(404).send(notFound)
    request.log.error({ err: error }, 'could not answer a request')
    return reply.code(500).send({ error: 'internal', message: 'The server failed.' })
  })
  registerHealth(app, '', options.readiness)
  if (options.basePath !== '') registerHealth(app, options.basePath, options.readiness)
  registerMetrics(app, options.metrics)
  await registerAppFiles(app, options)
  return app
}
