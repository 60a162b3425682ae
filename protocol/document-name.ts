import { encodeUtf8 } from 'lib0/string'

/** The longest legal document name, in bytes of UTF-8. */
export const MAX_DOCUMENT_NAME_BYTES = 200

/**
 * Why a string is no legal document name, as the end of a sentence that begins with "the document name"; null if it is legal.
 *
 * A name is 1 to 200 bytes of well-formed Unicode in normal form C without control characters, without white
 * space at its ends, and without empty, `.` and `..` segments between slashes: what a URL's path carries unchanged.
 */
export function documentNameProblem(name: string): string | null {
  if (name === '') return 'is empty'
  const bytes = encodeUtf8(name).length
  if (bytes > MAX_DOCUMENT_NAME_BYTES) return `has ${bytes} bytes, more than ${MAX_DOCUMENT_NAME_BYTES}`
  if (/\p{Cc}|\p{Cs}|\u2028|\u2029/u.test(name))
    return 'contains a control character or half a surrogate pair'
  if (name !== name.normalize('NFC')) return 'is not in Unicode normal form C'
  if (name !== name.trim()) return 'begins or ends with white space'
  if (name.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return 'has an empty, "." or ".." segment'
  }
  return null
}

/** The name as the end of a URL's path: percent-encoded, its slashes kept. Throws a `RangeError` if it is not legal. */
export function encodeDocumentName(name: string): string {
  const problem = documentNameProblem(name)
  if (problem !== null) throw new RangeError(`The document name ${JSON.stringify(name)} ${problem}`)
  return name.split('/').map(encodeURIComponent).join('/')
}

/**
 * The document name that the end of a URL's path carries, or null if that is not the encoding of a legal name.
 * An encoded slash is the same as a plain one, since proxies turn one into the other.
 */
export function decodeDocumentName(path: string): string | null {
  let name: string
  try {
    name = decodeURIComponent(path).normalize('NFC')
  } catch {
    return null
  }
  return documentNameProblem(name) === null ? name : null
}
