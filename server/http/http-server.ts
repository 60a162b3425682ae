import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { registerAppFiles, type AppFilesOptions } from './app-files.ts'
import { registerHealth, type Readiness } from './health.ts'

/** What the HTTP server is made with. */
export interface HttpServerOptions extends AppFilesOptions {
  readonly readiness: Readiness
  readonly logger: FastifyBaseLogger
}

/** Makes the HTTP server, which does not listen yet. Health is answered at the root as well, where probes look for it. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    // Idle keep-alive connections must not hold up a shutdown.
    forceCloseConnections: true,
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not-found', message: 'There is nothing here.' }),
  )
  registerHealth(app, '', options.readiness)
  if (options.basePath !== '') registerHealth(app, options.basePath, options.readiness)
  await registerAppFiles(app, options)
  return app
}
