/** What a session may do; each role may do what the next one may. */
export type Role = 'owner' | 'editor' | 'commenter' | 'viewer'

const roles: readonly Role[] = ['owner', 'editor', 'commenter', 'viewer']

/** How a document is kept in its `Y.Doc`: as a tree (`xml`, y-prosemirror's form) or as linear text (`text`). */
type DocumentForm = 'xml' | 'text'

const forms: readonly DocumentForm[] = ['xml', 'text']

/** What the server tells a session first (PROTOCOL.md, "hello"). */
export interface Hello {
  /** The session's id, unique among all sessions of the server; it names the session in logs. */
  readonly session: string
  /** Who the server takes the session for. */
  readonly user: { readonly id: string }
  readonly role: Role
  readonly limits: {
    /** The longest message that the server takes, in bytes. */
    readonly messageBytes: number
  }
  /** The form that a document has, or that a new one shall get, and that form's version. */
  readonly document: { readonly form: DocumentForm; readonly version: number }
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
    role: oneOf(hello['role'], roles, 'hello.role'),
    limits: { messageBytes: count(limits['messageBytes'], 'hello.limits.messageBytes') },
    document: {
      form: oneOf(document['form'], forms, 'hello.document.form'),
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

function oneOf<T extends string>(value: unknown, values: readonly T[], name: string): T {
  const found = values.find((known) => known === value)
  if (found === undefined)
    throw new TypeError(`${name} is ${JSON.stringify(value)}, not one of ${values.join(', ')}`)
  return found
}
