import { documentNameProblem, MAX_DOCUMENT_NAME_BYTES } from '../../protocol/index.ts'

/** Why there can be no document of this name, as a sentence for people; null if there can be. */
export function nameProblemInWords(name: string): string | null {
  if (documentNameProblem(name) === null) return null
  const segments = name.split('/')
  if (name === '') return 'A document needs a name.'
  if (new TextEncoder().encode(name).length > MAX_DOCUMENT_NAME_BYTES) {
    return `A name can have ${MAX_DOCUMENT_NAME_BYTES} letters at most; letters with accents, and emoji, count for more.`
  }
  if (name !== name.trim()) return 'A name cannot begin or end with a space.'
  if (name.startsWith('/') || name.endsWith('/')) return 'A name cannot begin or end with a slash.'
  if (name.includes('//')) return 'A name cannot have two slashes in a row.'
  if (segments.some((segment) => segment === '.' || segment === '..')) {
    return 'A name, and what is between its slashes, cannot be “.” or “..”.'
  }
  return 'A name cannot have control characters.'
}
