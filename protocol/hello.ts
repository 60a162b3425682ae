/** What a session may do; each role may do what the next one may. */
export type Role = 'owner' | 'editor' | 'commenter' | 'viewer'

const roles: readonly Role[] = ['owner', 'editor', 'commenter', 'viewer']

/** What the server tells a session first (PROTOCOL.md, "hello"). */
export interface Hello {
  /** The session's id, unique among all sessions of the server; it names the session in logs. */
  readonly session: string
  /** Who the server takes the session for. */
  readonly user: { readonly id: string }
  /** A role that a newer server tells, and nobody here knows, is read as `viewer`: it gives no right that is known. */
  readonly role: Role
  readonly limits: {
    /** The longest message that the server takes, in bytes. */
    readonly messageBytes: number
  }
  /**
   * The form that a document has, or that a new one shall get, and that form's version: `text` or `xml`, but a newer
   * server may tell any. Whoever does not know it must not change the document.
   */
  readonly document: { readonly form: string; readonly version: number }
  /** A secret with which this client's next session takes its place; valid in this document only. */
  readonly resume: string
}

/** Reads a parsed JSON value as a `Hello`; throws a `TypeError` that names what is missing. Unknown keys are ignored. */
export function parseHello(value: unknown): Hello {
  const hello = object(value, 'hello')
  const user = object(hello['user'], 'hello.user')
  const limits = object(hello['limits'], 'hello.limits')
  const document = object(hello['document'], 'hello.document')
  return {
    session: text(hello['session'], 'hello.session'),
    user: { id: text(user['id'], 'hello.user.id') },
    role: readRole(text(hello['role'], 'hello.role')),
    limits: { messageBytes: count(limits['messageBytes'], 'hello.limits.messageBytes') },
    document: {
      form: text(document['form'], 'hello.document.form'),
      version: count(document['version'], 'hello.document.version'),
    },
    resume: text(hello['resume'], 'hello.resume'),
  }
}

function object(value: unknown, name: string): Record<string, unknown> {
  if (!isRecord(value)) throw new TypeError(`${name} is not an object`)
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new TypeError(`${name} is not a string`)
  return value
}

function count(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new TypeError(`${name} is not a whole number`)
  }
  return value
}

function readRole(name: string): Role {
  return roles.find((known) => known === name) ?? 'viewer'
}
