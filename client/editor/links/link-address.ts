import { safeHref } from '../../../document/index.ts'

/**
 * The address that somebody means who types this into an address field: "example.org" is https, "ada@example.org" is
 * mail. Null if it is no address, or one that a link must not lead to (other schemes than http, https, mailto and tel).
 */
export function addressFrom(typed: string): string | null {
  const text = typed.trim()
  if (text === '' || /\s/.test(text)) return null
  if (/^(?:https?|mailto|tel):/i.test(text)) return isWellFormed(text) ? safeHref(text) : null
  if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`
  if (text.startsWith('//')) return addressFrom(`https:${text}`)
  // A host may have a port; anything else before a colon is a scheme.
  if (!/^(?:[^\s:/?#@]+\.[^\s:/?#@]+|localhost)(?::\d+)?(?:[/?#]|$)/i.test(text)) return null
  const address = `https://${text}`
  return isWellFormed(address) ? address : null
}

/** The address if a text is one and says so by itself, as pasted ones do: "https://…", "www.…"; null if not. */
export function addressInText(text: string): string | null {
  return /^\s*(?:https?:\/\/|mailto:|www\.)\S+\s*$/i.test(text) ? addressFrom(text) : null
}

function isWellFormed(address: string): boolean {
  return URL.canParse(address)
}
