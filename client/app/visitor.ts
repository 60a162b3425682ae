import { cleanName } from '../collaboration/person-name.ts'
import type { TextStore } from './text-store.ts'

const KEY = 'codraft.visitor-name'

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
