import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import {
  firstItem,
  markerMap,
  plainEntries,
  TextReader,
  unknownFormats,
  type Formats,
  type Piece,
  type TextCursor,
} from '../../document/text-form/index.ts'

/** What a transaction deleted of one block, as far as an editor's nodes do not tell of it. */
interface RemovedLine {
  /** The marker's entries, and how it was drawn; null if the marker was not deleted. */
  readonly marker: { readonly entries: ReadonlyMap<string, unknown>; readonly drawn: Node } | null
  /** One after another, the formats of so much text. */
  readonly runs: readonly { readonly length: number; readonly formats: Formats }[]
}

/** Stands for an inline object in the text of a line. */
const OBJECT = '\ufffc'

/**
 * What one transaction has deleted, by its text: what it then writes anew of that, line by line, is moved, and gets back
 * what the schema does not know, such as comments and the entries of later versions.
 */
export class RemovedLines {
  readonly #lines = new Map<string, RemovedLine[]>()

  /** To be called before what is between two places of the reader's text is deleted. */
  add(reader: TextReader, from: Pick<TextCursor, 'right' | 'formats'>, to: Y.Item | null): void {
    const formats = new Map(from.formats)
    let marker: RemovedLine['marker'] = null
    let text = ''
    let runs: { length: number; formats: Formats }[] = []
    const put = (part: string): void => {
      text += part
      runs.push({ length: part.length, formats: unknownFormats(formats, reader.schema) })
    }
    const end = (): void => {
      if (text !== '' || marker !== null) this.#put(text, { marker, runs })
      text = ''
      runs = []
    }
    for (let item = from.right; item !== null && item !== to; item = item.right) {
      const { content } = item
      const map = markerMap(item)
      if (item.deleted) continue
      if (content instanceof Y.ContentFormat) formats.set(content.key, content.value)
      else if (content instanceof Y.ContentString) put(content.str)
      else if (map !== null) {
        end()
        const { type, attributes } = reader.kinds.read(map)
        marker = { entries: plainEntries(map), drawn: type.create(attributes) }
        for (const value of map.values()) if (value instanceof Y.Text) this.addText(reader, value)
      } else if (reader.inlineObjects.read(content, reader.kinds.paragraph) !== null) put(OBJECT)
    }
    end()
  }

  /** All of the text of a cell. */
  addText({ schema }: TextReader, text: Y.Text): void {
    const reader = new TextReader(text, schema, true)
    this.add(reader, { right: firstItem(text), formats: new Map() }, null)
  }

  /** The pieces, with what was removed of the same. */
  restore(pieces: readonly Piece[]): readonly Piece[] {
    return this.#lines.size === 0 ? pieces : linesOf(pieces).flatMap((line) => this.#restoreLine(line))
  }

  #put(text: string, line: RemovedLine): void {
    const others = this.#lines.get(text)
    if (others === undefined) this.#lines.set(text, [line])
    else others.push(line)
  }

  #restoreLine(line: readonly Piece[]): readonly Piece[] {
    const removed = this.#lines.get(line.map(textOf).join(''))?.shift()
    if (removed === undefined) return line
    const { marker, runs } = removed
    let start = 0
    return line.flatMap((piece): Piece[] => {
      if (piece.kind === 'open')
        return marker !== null && piece.node.sameMarkup(marker.drawn)
          ? [{ ...piece, entries: marker.entries }]
          : [piece]
      const end = start + textOf(piece).length
      const parts = partsOf(runs, start, end)
      start = end
      if (piece.kind === 'object') return [{ ...piece, formats: parts[0]?.formats }]
      let offset = 0
      return parts.map(({ length, formats }) => {
        const text = piece.text.slice(offset, (offset += length))
        return { ...piece, text, formats }
      })
    })
  }
}

function textOf(piece: Piece): string {
  if (piece.kind === 'open') return ''
  return piece.kind === 'text' ? piece.text : OBJECT
}

/** A line begins with a block, but for the first. */
function linesOf(pieces: readonly Piece[]): Piece[][] {
  const lines: Piece[][] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    if (last === undefined || piece.kind === 'open') lines.push([piece])
    else last.push(piece)
  }
  return lines
}

/** The runs, cut to a part of their text. */
function partsOf(
  runs: RemovedLine['runs'],
  from: number,
  to: number,
): { readonly length: number; readonly formats: Formats }[] {
  const parts: { length: number; formats: Formats }[] = []
  let start = 0
  for (const { length, formats } of runs) {
    const own = Math.min(to, start + length) - Math.max(from, start)
    start += length
    if (own > 0) parts.push({ length: own, formats })
  }
  return parts
}
