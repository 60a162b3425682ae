import { nameProblemInWords } from './name-problem.ts'
import { decodeDocumentName, encodeDocumentName } from '../../protocol/index.ts'

/** Where the app's pages are: below `base`, the URL of the home page, which ends with a slash. */
export function documentUrl(base: string, documentName: string): URL {
  return new URL(`d/${encodeDocumentName(documentName)}`, base)
}

/** The document that a page of the app shows; null if its address carries no legal name. */
export function documentNameOf(base: string, address: string): string | null {
  const prefix = `${new URL(base).pathname}d/`
  const { pathname } = new URL(address)
  return pathname.startsWith(prefix) ? decodeDocumentName(pathname.slice(prefix.length)) : null
}

/** Why a page's address names no document, as a sentence. */
export function addressProblem(base: string, address: string): string {
  const prefix = `${new URL(base).pathname}d/`
  const { pathname } = new URL(address)
  let name: string
  try {
    name = decodeURIComponent(pathname.slice(prefix.length)).normalize('NFC')
  } catch {
    return 'The address is damaged: it has a % that stands for nothing.'
  }
  return (pathname.startsWith(prefix) ? nameProblemInWords(name) : null) ?? 'It has no name in it.'
}
