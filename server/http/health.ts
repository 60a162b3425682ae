import type { FastifyInstance } from 'fastify'

/** Why the server should get no traffic now; null if it may. */
export type Readiness = () => string | null

/** `/healthz`: the process lives. `/readyz`: it can keep its promises; else 503 with the reason. */
export function registerHealth(app: FastifyInstance, basePath: string, readiness: Readiness): void {
  app.get(`${basePath}/healthz`, (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )
  app.get(`${basePath}/readyz`, (_request, reply) => {
    const reason = readiness()
    void reply.header('cache-control', 'no-store')
    return reason === null
      ? reply.send({ status: 'ready' })
      : reply.code(503).send({ status: 'unready', reason })
  })
}
