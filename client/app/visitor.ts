import type { TextStore } from './text-store.ts'

const KEY = 'codraft.visitor-name'

/** The longest name that is shown to others, in Unicode characters. */
const MAX_VISITOR_NAME = 60

/**
 * The visitor's name: from the page's `?name=`, else the one remembered here, else null. The one in the address holds for
 * that page alone, so that a shared link does not rename whoever opens it.
 */
export function visitorName(search: string, store: TextStore): string | null {
  return cleanName(new URLSearchParams(search).get('name')) ?? cleanName(store.get(KEY))
}

/** Remembers a name for the next visit, where the browser lets it. */
export function rememberVisitorName(name: string, store: TextStore): void {
  store.set(KEY, name)
}

/** A name without white space at its ends, control characters and excess length; null if nothing is left. */
export function cleanName(name: string | null): string | null {
  const words = (name ?? '').replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim()
  const clean = Array.from(words).slice(0, MAX_VISITOR_NAME).join('').trim()
  return clean === '' ? null : clean
}
