import type { FastifyInstance } from 'fastify'

/** Whether the server can keep its promises. */
export interface Readiness {
  /** Why it should get no traffic now; null if it may. */
  readonly reason: string | null
  /** How long ago the oldest edit was taken that is not on disk, in milliseconds; null if all are. */
  readonly unsavedAge: number | null
}

/** `/healthz`: the process lives. `/readyz`: it can keep its promises; else 503 with the reason. */
export function registerHealth(app: FastifyInstance, basePath: string, readiness: () => Readiness): void {
  app.get(`${basePath}/healthz`, (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )
  app.get(`${basePath}/readyz`, (_request, reply) => {
    const { reason, unsavedAge } = readiness()
    void reply.header('cache-control', 'no-store')
    if (reason === null) return reply.send({ status: 'ready' })
    const oldestUnsavedSeconds = unsavedAge === null ? null : Math.round(unsavedAge / 100) / 10
    return reply.code(503).send({ status: 'unready', reason, oldestUnsavedSeconds })
  })
}
