/**
 * The address if a link may lead there, without white space around it; null if not. Only http, https, mailto and tel
 * addresses may: the others run code (`javascript:`), read files, or lead nowhere for the other readers (`/path`, `#name`).
 */
export function safeHref(address: unknown): string | null {
  if (typeof address !== 'string') return null
  const trimmed = address.trim()
  return /^(?:https?:\/\/|mailto:|tel:)[^\s]/i.test(trimmed) ? trimmed : null
}

/** The `rel` of links that somebody else has written. */
export const LINK_REL = 'noopener noreferrer nofollow'
