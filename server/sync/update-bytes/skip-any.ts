import type { ByteScanner } from './byte-scanner.ts'
import { MAX_NESTING } from './nesting.ts'

/** Steps over one value of lib0's `any` encoding. */
export function skipAny(scanner: ByteScanner, depth = 0): void {
  const type = scanner.byte()
  switch (type) {
    case 127: // undefined
    case 126: // null
    case 121: // false
    case 120: // true
      return
    case 125:
      return scanner.skipVarInt()
    case 124: // float32
      return scanner.skip(4)
    case 123: // float64
    case 122: // bigint
      return scanner.skip(8)
    case 119:
      return void scanner.skipString()
    case 118: // object
    case 117: // array
      return skipMembers(scanner, type === 118, depth)
    case 116:
      return scanner.skipVarBytes()
    default:
      throw scanner.malformed(`has a value of an unknown type ${type}`)
  }
}

function skipMembers(scanner: ByteScanner, areNamed: boolean, depth: number): void {
  if (depth === MAX_NESTING) throw scanner.malformed(`nests values more than ${MAX_NESTING} deep`)
  const count = scanner.count(areNamed ? 2 : 1)
  for (let i = 0; i < count; i++) {
    if (areNamed) scanner.skipString()
    skipAny(scanner, depth + 1)
  }
}

/**
 * Steps over what Yjs keeps of a sub-document's options: an object. It must not name the sub-document again: Yjs would take any
 * value for its name, and then fail to write it.
 */
export function skipSubdocumentOptions(scanner: ByteScanner): void {
  const type = scanner.byte()
  if (type !== 118) throw scanner.malformed('has a sub-document without options')
  const count = scanner.count(2)
  for (let i = 0; i < count; i++) {
    if (scanner.string() === 'guid') throw scanner.malformed('names a sub-document twice')
    skipAny(scanner, 1)
  }
}
