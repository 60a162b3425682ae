import * as Y from 'yjs'
import { MAX_NESTING } from './update-bytes/nesting.ts'
import { StructKind, UpdateScanner } from './update-bytes/update-scanner.ts'

/**
 * Throws if an update that has been integrated nests shared types more deeply than values may nest. Yjs deletes them by
 * recursion: whoever deletes the outermost of ten thousand, which somebody else has made, would be the one whose update throws.
 */
export function checkTypeNesting(update: Uint8Array, doc: Y.Doc): void {
  const scanner = new UpdateScanner(update)
  while (scanner.nextStruct()) {
    if (scanner.kind !== StructKind.Type || scanner.clock >= Y.getState(doc.store, scanner.client)) continue
    const item = Y.getItem(doc.store, Y.createID(scanner.client, scanner.clock))
    if (item instanceof Y.Item && isTooDeep(item)) {
      throw new Error(`an update nests shared types more than ${MAX_NESTING} deep`)
    }
  }
}

function isTooDeep(item: Y.Item): boolean {
  let outer: Y.Item | null = item
  for (let depth = 0; depth < MAX_NESTING; depth++) {
    const parent: Y.Item['parent'] = outer.parent
    // oxlint-disable-next-line eslint/no-underscore-dangle -- Yjs has no other way from a type to its item
    outer = parent instanceof Y.AbstractType ? parent._item : null
    if (outer === null) return false
  }
  return true
}
