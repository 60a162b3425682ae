import { isColor } from '../collaboration/person-color.ts'
import { cleanName } from '../collaboration/person-name.ts'
import type { TextStore } from './text-store.ts'

const KEY = 'codraft.visitor-name'
const COLOR_KEY = 'codraft.visitor-color'

/**
 * The visitor's name: from the page's `?name=`, else the one remembered here, else null. The one in the address holds for
 * that page alone, so that a shared link does not rename whoever opens it.
 */
export function visitorName(search: string, store: TextStore): string | null {
  const inAddress = new URLSearchParams(search).get('name')
  return cleanName(inAddress ?? '') ?? cleanName(store.get(KEY) ?? '')
}

/** Remembers a name for the next visit, where the browser lets it. */
export function rememberVisitorName(name: string, store: TextStore): void {
  store.set(KEY, name)
}

/** The visitor's colour, remembered here; null if there is none, or the address names somebody for this page alone. */
export function visitorColor(search: string, store: TextStore): string | null {
  const color = store.get(COLOR_KEY) ?? ''
  return isNamedByAddress(search) || !isColor(color) ? null : color
}

/** Remembers the first colour that the visitor got. */
export function rememberVisitorColor(color: string, search: string, store: TextStore): void {
  if (!isNamedByAddress(search) && visitorColor(search, store) === null) store.set(COLOR_KEY, color)
}

function isNamedByAddress(search: string): boolean {
  return cleanName(new URLSearchParams(search).get('name') ?? '') !== null
}
