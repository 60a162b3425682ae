import type { Logger } from 'pino'
import { endProcessByForce } from './end-process.ts'
import type { RunningServer } from './serve.ts'
import type { StopResult } from './shutdown.ts'

const EXIT_FAILURE = 1

/** A second SIGINT within so many milliseconds is the first one again: a terminal and whoever started this process both send it. */
const ONE_CTRL_C = 500

/** Stops the server and ends the process at SIGTERM or SIGINT; at a second signal, at once. */
export function stopAtSignals(server: RunningServer, logger: Logger): void {
  let first: { readonly signal: NodeJS.Signals; readonly at: number } | null = null
  const onSignal = (signal: NodeJS.Signals): void => {
    if (first === null) {
      first = { signal, at: performance.now() }
      logger.info({ signal }, 'stopping')
      void server.stop().then((result) => end(logger, result))
      return
    }
    const isEcho =
      signal === 'SIGINT' && first.signal === 'SIGINT' && performance.now() - first.at < ONE_CTRL_C
    if (isEcho) return
    logger.warn({ signal }, 'stopping at once')
    end(logger, { unsaved: server.unsaved(), isStorageClosed: false })
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

/** Ends the process; with a failure, and with their names, if documents hold what is not on disk. */
function end(logger: Logger, { unsaved, isStorageClosed }: StopResult): never {
  if (unsaved.length > 0) {
    logger.fatal({ documents: unsaved }, 'stopped with changes that could not be saved')
    // Whatever the log's level is.
    const names = unsaved.map((documentName) => JSON.stringify(documentName)).join(', ')
    process.stderr.write(`codraft: stopped with changes that could not be saved in ${names}\n`)
  } else logger.info('stopped, everything is saved')
  const code = unsaved.length > 0 ? EXIT_FAILURE : 0
  if (isStorageClosed) process.exit(code)
  endProcessByForce(code)
}
