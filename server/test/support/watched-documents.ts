import { vi } from 'vitest'
import type { DocumentLog } from '../../../persistence/index.ts'
import { RoomDocument } from '../../sync/room-document.ts'

/** What a watcher is told of the documents that rooms have open, and what it may do to them. */
export interface DocumentWatcher {
  opened(documentName: string): void
  /** Every call but `close`, as it is made; a promise that rejects is what the caller gets. */
  called(documentName: string, call: DocumentCall): Promise<void>
  /** An apply has answered. */
  applied(documentName: string, batch: Batch, result: Result): void
  closed(documentName: string): void
  /** A call came after the document was closed. */
  calledAfterClose(documentName: string, method: string): void
}

type Batch = Parameters<RoomDocument['apply']>[0]
type Result = Awaited<ReturnType<RoomDocument['apply']>>
type Method = 'apply' | 'stateVector' | 'diff' | 'fold'
type DocumentCall =
  { readonly method: 'apply'; readonly batch: Batch } | { readonly method: Exclude<Method, 'apply'> }

let isWatching = false
const watchers = new WeakMap<DocumentLog, DocumentWatcher>()

/** Watches the documents that are opened from a log; they answer when, and if, the watcher lets them. */
export function watchDocuments(log: DocumentLog, watcher: DocumentWatcher): void {
  if (!isWatching) {
    isWatching = true
    const open = RoomDocument.open.bind(RoomDocument)
    vi.spyOn(RoomDocument, 'open').mockImplementation(async (options) => {
      const document = await open(options)
      const itsWatcher = watchers.get(options.log)
      return itsWatcher === undefined ? document : watched(options.documentName, document, itsWatcher)
    })
  }
  watchers.set(log, watcher)
}

function watched(documentName: string, document: RoomDocument, watcher: DocumentWatcher): RoomDocument {
  let isClosed = false
  watcher.opened(documentName)
  const through = <T>(call: DocumentCall, ask: () => Promise<T>): Promise<T> => {
    if (isClosed) watcher.calledAfterClose(documentName, call.method)
    // It is asked at once, and what is late is its answer, as with a worker.
    const answer = ask()
    answer.catch(() => {})
    return watcher.called(documentName, call).then(() => answer)
  }
  const calls: Partial<Record<string | symbol, unknown>> = {
    apply: async (...args: Parameters<RoomDocument['apply']>) => {
      const result = await through({ method: 'apply', batch: args[0] }, () => document.apply(...args))
      watcher.applied(documentName, args[0], result)
      return result
    },
    stateVector: () => through({ method: 'stateVector' }, () => document.stateVector()),
    diff: (stateVector: Uint8Array) => through({ method: 'diff' }, () => document.diff(stateVector)),
    fold: () => through({ method: 'fold' }, () => document.fold()),
    close: () => {
      isClosed = true
      watcher.closed(documentName)
      document.close()
    },
  }
  return new Proxy(document, {
    get(target, key): unknown {
      if (key in calls) return calls[key]
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
