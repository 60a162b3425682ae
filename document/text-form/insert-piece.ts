import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { keyOfMark, unknownFormats, valueOfMark, type Formats } from './mark-keys.ts'
import type { TextCursor } from './text-cursor.ts'
import type { Piece } from './text-pieces.ts'
import type { TextReader } from './text-reader.ts'

/** Writes a piece at a place of the reader's text, and goes behind it. What a table's marker holds, `writeTable` adds. */
export function insertPiece(
  cursor: TextCursor,
  piece: Piece,
  { kinds, inlineObjects, schema }: TextReader,
  writeTable: (marker: Y.Map<unknown>, table: Node) => void,
): void {
  const around = formatsAround(cursor)
  if (piece.kind === 'open') {
    const marker = new Y.Map(piece.entries ?? kinds.entriesOf(piece.node))
    cursor.insert(marker, around)
    if (piece.node.type === kinds.tables?.table) writeTable(marker, piece.node)
    return
  }
  // What this schema does not draw goes on where it was on both sides, as a comment does.
  const formats = new Map([...unknownFormats(around, schema), ...(piece.formats ?? [])])
  for (const mark of piece.marks) formats.set(keyOfMark(mark), valueOfMark(mark))
  cursor.insert(piece.kind === 'text' ? piece.text : inlineObjects.embedOf(piece.node), formats)
}

/** The formats in force on both sides of a place. */
export function formatsAround(cursor: TextCursor): Formats {
  const before = cursor.formats
  const behind = new Map<string, unknown>(before)
  let item = cursor.right
  for (; item !== null && (item.deleted || !item.countable); item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentFormat)) continue
    behind.set(item.content.key, item.content.value)
  }
  return new Map([...before].filter(([key, value]) => behind.get(key) === value))
}
