import type { Role } from '../../protocol/index.ts'

/** Who is at the other end of a session, and what they may do. */
export interface Visitor {
  readonly userId: string
  readonly role: Role
}

/** Decides who may open which document. */
export interface AccessPolicy {
  /** Admits a session to a document. */
  admit(sessionId: string, documentName: string): Visitor
}
