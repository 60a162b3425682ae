/** Where the visitor's name is kept: `localStorage`, or what stands in for it. */
export type NameStore = Pick<Storage, 'getItem' | 'setItem'>

const KEY = 'codraft.visitor-name'

/** The longest name that is shown to others, in Unicode characters. */
export const MAX_VISITOR_NAME = 60

/**
 * The visitor's name: from the page's `?name=`, else the one remembered here, else null. The one in the address holds for
 * that page alone, so that a shared link does not rename whoever opens it.
 */
export function visitorName(search: string, store: NameStore | null): string | null {
  return cleanName(new URLSearchParams(search).get('name')) ?? cleanName(read(store))
}

/** Remembers a name for the next visit, where the browser lets it. */
export function rememberVisitorName(name: string, store: NameStore | null): void {
  try {
    store?.setItem(KEY, name)
  } catch {
    // Full, or forbidden: the name holds for this page only.
  }
}

/** The browser's store, or null where it is forbidden: reading the property itself throws then. */
export function browserStore(): NameStore | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}

/** A name without white space at its ends, control characters and excess length; null if nothing is left. */
export function cleanName(name: string | null): string | null {
  const words = (name ?? '').replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim()
  const clean = Array.from(words).slice(0, MAX_VISITOR_NAME).join('').trim()
  return clean === '' ? null : clean
}

function read(store: NameStore | null): string | null {
  try {
    return store?.getItem(KEY) ?? null
  } catch {
    return null
  }
}
