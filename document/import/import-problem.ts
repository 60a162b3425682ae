/**
 * Why a file cannot be imported:
 *
 * - `no-update`: it is no Yjs update, or one that Yjs cannot apply.
 * - `incomplete`: it builds on updates that are not in it.
 * - `no-fragment`: it has no `Y.XmlFragment` of that name; the message names those that it has.
 * - `unreadable`: there is one, and it cannot be read as a tree of nodes.
 */
export type ImportProblemCode = 'no-update' | 'incomplete' | 'no-fragment' | 'unreadable'

/** A file cannot be imported; nothing of it has been. */
export class ImportProblem extends Error {
  override readonly name = 'ImportProblem'
  readonly code: ImportProblemCode

  constructor(code: ImportProblemCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
