import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { flatBlocks } from './flat-blocks.ts'
import { insertPiece } from './insert-piece.ts'
import { firstItem, markerMap } from './items.ts'
import { NO_FORMATS } from './mark-keys.ts'
import { TableWriter } from './table-writer.ts'
import { TextCursor } from './text-cursor.ts'
import { inlinePieces, type Piece } from './text-pieces.ts'
import { TextReader } from './text-reader.ts'

/**
 * Writes a whole document into a text that holds none: one without content, or with nothing but the marker of the seed,
 * which then is the first block's. Blocks within blocks are taken out of them. Throws a `RangeError` for any other text,
 * and a `TypeError` for one that is in no `Y.Doc`.
 */
export function writeTextDocument(text: Y.Text, doc: Node): void {
  if (text.doc === null) throw new TypeError('The text is in no Y.Doc')
  const item = liveItem(text)
  if (text.length > 1 || (item !== null && markerMap(item) === null)) {
    throw new RangeError(`The text has content already, of length ${text.length}`)
  }
  Y.transact(text.doc, (yTransaction) => {
    const reader = new TextReader(text, doc.type.schema)
    writeBlocks(yTransaction, reader, item, flatBlocks(doc, reader.kinds))
  })
}

function writeBlocks(
  yTransaction: Y.Transaction,
  reader: TextReader,
  start: Y.Item | null,
  blocks: readonly Node[],
): void {
  const tables = new TableWriter(reader, yTransaction.doc.clientID, (text, nodes) =>
    writeBlocks(yTransaction, new TextReader(text, reader.schema, true), null, nodes),
  )
  const writeTable = (marker: Y.Map<unknown>, table: Node): void => tables.write(marker, null, table)
  const cursor = new TextCursor(yTransaction, reader.text, start, NO_FORMATS)
  const marker = start === null ? null : markerMap(start)
  for (const [index, node] of blocks.entries()) {
    const content = inlinePieces(node, 0, node.content.size)
    const isInMarker = index === 0 && marker !== null
    if (isInMarker) {
      reader.kinds.write(marker, node)
      if (node.type === reader.kinds.tables?.table) writeTable(marker, node)
    }
    const pieces: Piece[] = isInMarker ? content : [{ kind: 'open', node }, ...content]
    for (const piece of pieces) insertPiece(cursor, piece, reader, writeTable)
  }
}

/** The first item that is not deleted; the cursor's place is behind it. */
function liveItem(text: Y.Text): Y.Item | null {
  let item = firstItem(text)
  while (item !== null && item.deleted) item = item.right
  return item
}
