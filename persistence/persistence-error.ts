/**
 * What went wrong in storage:
 *
 * - `locked`: another process has the data folder open.
 * - `unsupported-format`: the data folder was written by a newer Codraft, or is none of ours.
 * - `damaged`: stored bytes are missing, cut or altered; `documentName` says whose, if it is one document's.
 * - `io`: reading or writing failed, as on a full disk; trying again may help.
 * - `closed`: the log was closed.
 */
export type PersistenceErrorCode = 'locked' | 'unsupported-format' | 'damaged' | 'io' | 'closed'

/** Storage failed, or holds what must not be served. */
export class PersistenceError extends Error {
  override readonly name = 'PersistenceError'
  readonly code: PersistenceErrorCode
  /** The document concerned, where it is one. */
  readonly documentName: string | undefined

  constructor(
    code: PersistenceErrorCode,
    message: string,
    options?: ErrorOptions & { documentName?: string },
  ) {
    super(message, options)
    this.code = code
    this.documentName = options?.documentName
  }
}

/** A document of which something is missing, cut or altered: `faults` says what. */
export function damagedDocument(documentName: string, faults: string): PersistenceError {
  const message = `The document ${JSON.stringify(documentName)} is damaged: ${faults}`
  return new PersistenceError('damaged', message, { documentName })
}
