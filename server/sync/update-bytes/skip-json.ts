import type { ByteScanner } from './byte-scanner.ts'
import { MAX_NESTING } from './nesting.ts'

/** Steps over a string that must be JSON. */
export function skipJson(scanner: ByteScanner): void {
  checkJson(scanner, scanner.string())
}

/** Steps over a string that must be JSON, or be what Yjs writes for `undefined` in a list. */
export function skipJsonOrUndefined(scanner: ByteScanner): void {
  const text = scanner.string()
  if (text !== 'undefined') checkJson(scanner, text)
}

function checkJson(scanner: ByteScanner, text: string): void {
  // Of the formats most begin, or end, a mark that is only on or off.
  if (text === 'true' || text === 'null') return
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw scanner.malformed('has a value that is not JSON')
  }
  // Every level takes two brackets.
  if (text.length >= 2 * MAX_NESTING && isDeeper(value, MAX_NESTING)) {
    throw scanner.malformed(`nests values more than ${MAX_NESTING} deep`)
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  return Object.values(value).some((member) => isDeeper(member, levels - 1))
}
