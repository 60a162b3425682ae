import * as Y from 'yjs'
import { isRecord } from './record.ts'

/** An anchor in a text as it came from somebody else: checked, since Yjs takes whatever it is given. */
export interface ParsedAnchor {
  /** The character or marker that it holds on to; null at a text's beginning. */
  readonly item: Y.ID | null
  /** What holds the text at whose beginning it is, if that is no root type. */
  readonly type: Y.ID | null
  /** The name of the text at whose beginning it is, if that is a root type. */
  readonly name: string | null
  readonly assoc: number
  /** Which cell of the table that it holds on to. */
  readonly cell: { readonly row: string; readonly column: string } | null
}

/** Null for what is no anchor. */
export function parseAnchor(anchor: unknown): ParsedAnchor | null {
  if (!isRecord(anchor)) return null
  const { item, type, tname, assoc = 0, row, column } = anchor
  if (typeof assoc !== 'number') return null
  const cell = typeof row === 'string' && typeof column === 'string' ? { row, column } : null
  const [itemId, typeId] = [parseId(item), parseId(type)]
  const isItem = item !== undefined && item !== null
  if (isItem) return itemId && { item: itemId, type: null, name: null, assoc, cell }
  if (typeId !== null) return { item: null, type: typeId, name: null, assoc, cell: null }
  return typeof tname === 'string' ? { item: null, type: null, name: tname, assoc, cell: null } : null
}

function parseId(value: unknown): Y.ID | null {
  if (!isRecord(value)) return null
  const { client, clock } = value
  return isCount(client) && isCount(clock) ? Y.createID(client, clock) : null
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** The item that an id names now, and how far into it: what an undo has brought back is followed. Null if it is not here. */
export function findItem(doc: Y.Doc, id: Y.ID): { readonly item: Y.Item; readonly offset: number } | null {
  let at: Y.ID = id
  for (;;) {
    if (Y.getState(doc.store, at.client) <= at.clock) return null
    const item: unknown = Y.getItem(doc.store, at)
    if (!(item instanceof Y.Item)) return null
    const offset = at.clock - item.id.clock
    if (item.redone === null) return { item, offset }
    at = Y.createID(item.redone.client, item.redone.clock + offset)
  }
}
