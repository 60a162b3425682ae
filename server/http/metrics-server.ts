import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { ServerMetrics } from '../metrics/server-metrics.ts'
import { registerMetrics } from './metrics-route.ts'

/** Makes an HTTP server with `/metrics` and nothing else, which does not listen yet. */
export function createMetricsServer(metrics: ServerMetrics, logger: FastifyBaseLogger): FastifyInstance {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  })
  registerMetrics(app, metrics)
  return app
}
