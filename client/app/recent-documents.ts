import { documentNameProblem } from '../../protocol/index.ts'
import type { TextStore } from './text-store.ts'

const KEY = 'codraft.recent-documents'

/** How many documents are remembered. */
const MAX_RECENT = 8

/** The names of the documents last opened on this device, the latest first. */
export function recentDocuments(store: TextStore): readonly string[] {
  let names: unknown
  try {
    names = JSON.parse(store.get(KEY) ?? '[]')
  } catch {
    return []
  }
  return Array.isArray(names) ? names.filter(isDocumentName).slice(0, MAX_RECENT) : []
}

/** Puts a document at the head of the list. */
export function rememberDocument(documentName: string, store: TextStore): void {
  const others = recentDocuments(store).filter((name) => name !== documentName)
  store.set(KEY, JSON.stringify([documentName, ...others].slice(0, MAX_RECENT)))
}

export function forgetDocuments(store: TextStore): void {
  store.set(KEY, '[]')
}

function isDocumentName(value: unknown): value is string {
  return typeof value === 'string' && documentNameProblem(value) === null
}
