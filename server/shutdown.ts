import type { FastifyInstance } from 'fastify'
import type { DocumentLog } from '../persistence/index.ts'
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { RoomRegistry } from './sync/room-registry.ts'
import type { SocketServer } from './sync/socket-server.ts'

/** How a server stopped. */
export interface StopResult {
  /** The names of the documents that hold what could not be saved in time. */
  readonly unsaved: readonly string[]
  /** Whether the data folder was let go; if not, the storage still works at something, or hangs. */
  readonly isStorageClosed: boolean
}

/** What is stopped. */
export interface ShutdownParts {
  readonly sockets: SocketServer
  readonly registry: RoomRegistry
  readonly httpServers: readonly FastifyInstance[]
  readonly log: DocumentLog
  readonly clock: Clock
  readonly logger: Logger
  /** How long saving and closing may take together, in milliseconds. */
  readonly timeout: number
}

/** Sessions are closed over so many milliseconds each, and at most so many in all: they do not all come back at once. */
const PER_SESSION = 2
const LONGEST_SPREAD = 2_000
/** Of the whole time, what is kept for closing sessions where the storage takes all it can get. */
const SHARE_FOR_CLOSING = 1 / 3
/** How long the storage may take to end what it is at when everything is saved, in milliseconds. */
const CLOSE_LOG_TIMEOUT = 1_000

/** Saves everything, tells clients to come back later, and lets go of ports and data folder. Never rejects, never hangs. */
export async function shutDown(parts: ShutdownParts): Promise<StopResult> {
  const { sockets, registry, httpServers, log, clock, logger, timeout } = parts
  const deadline = clock.now() + timeout
  const left = (): number => Math.max(0, deadline - clock.now())
  sockets.stopAccepting()
  // Before the sockets close, so that clients hear that they are saved; and after, for what came meanwhile.
  await registry.flush(timeout * (1 - SHARE_FOR_CLOSING))
  const spread = Math.min(sockets.size * PER_SESSION, LONGEST_SPREAD, left() / 2)
  await sockets.close({ spread, timeout: left() })
  const unsaved = await registry.flush(left())
  await registry.fold(left() / 2)
  for (const http of httpServers) {
    http.server.closeAllConnections()
    await http.close()
  }
  // A log that does not take what is written may not end either.
  const isStorageClosed =
    unsaved.length === 0 && (await within(CLOSE_LOG_TIMEOUT, closeLog(log, logger), clock))
  return { unsaved, isStorageClosed }
}

async function closeLog(log: DocumentLog, logger: Logger): Promise<void> {
  try {
    await log.close()
  } catch (error) {
    logger.error({ err: error }, 'could not close the data folder in good order')
  }
}

/** Whether something is done in time. */
async function within(milliseconds: number, done: Promise<void>, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, () => resolve(false))
    void done.then(() => {
      cancel()
      resolve(true)
    })
  })
}
