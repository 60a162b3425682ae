import type { Node } from 'prosemirror-model'
import {
  clampIndent,
  MAX_INDENT,
  type Alignment,
  type ListKind,
  type ParagraphAttributes,
} from '../schema/paragraph-attributes.ts'
import { schema } from '../schema/schema.ts'
import { alignOf, fileOf, languageOf } from './attributes.ts'
import type { ForeignNode } from './foreign-tree.ts'
import { InlineReader } from './inline-reader.ts'
import type { Losses } from './losses.ts'
import { placeCells, type SizedCell } from './place-cells.ts'
import type { BlockRule, Vocabulary } from './vocabulary.ts'

/** A list item whose first block has not come yet, which will have its bullet. */
interface OpenItem {
  readonly list: ListKind
  readonly checked: boolean
  readonly indent: number
  isTaken: boolean
}

/** What is around a block. */
interface Place {
  readonly indent: number
  /** The kind of the list that it is directly in. */
  readonly list: ListKind | null
  readonly item: OpenItem | null
  /** The name of the quote that it is in. */
  readonly quote: string | null
  readonly isInCell: boolean
  /** Whether it is in a group, in which there is a block that others can stand under. */
  readonly isInGroup: boolean
  readonly align: Alignment | null
}

const TOP: Place = {
  indent: 0,
  list: null,
  item: null,
  quote: null,
  isInCell: false,
  isInGroup: false,
  align: null,
}

/** Makes the flat blocks of a Codraft document of another editor's tree. */
export class BlockReader {
  readonly #vocabulary: Vocabulary
  readonly #losses: Losses
  readonly #inline: InlineReader

  constructor(vocabulary: Vocabulary, losses: Losses) {
    this.#vocabulary = vocabulary
    this.#losses = losses
    this.#inline = new InlineReader(vocabulary, losses)
  }

  /** All that a tree holds, as a document. */
  read(tree: readonly ForeignNode[]): Node {
    return schema.node('doc', null, this.#readAll(tree, TOP))
  }

  /** Blocks; what can only stand in a line makes a paragraph together with what is beside it. */
  #readAll(nodes: readonly ForeignNode[], place: Place): Node[] {
    // Not spread into push(): there can be more blocks than a call may have arguments.
    const blocks: Node[][] = []
    let line: ForeignNode[] = []
    const endLine = (): void => {
      if (line.length > 0) blocks.push(this.#readLines(line, place, {}))
      line = []
    }
    for (const [i, node] of nodes.entries()) {
      if (this.#inline.isInline(node)) {
        line.push(node)
        continue
      }
      endLine()
      if (this.#isNumbered(node) && nodes[i - 1]?.type === node.type)
        this.#losses.add(`${node.type} right behind another`, 'numbered on')
      blocks.push(this.#readBlock(node, place))
    }
    endLine()
    return blocks.flat()
  }

  #readBlock(node: ForeignNode, place: Place): Node[] {
    const { type, attrs, content } = node
    const rule = this.#ruleOf(type)
    if (rule === undefined) return this.#readUnknown(node, place)
    this.#inline.noteUnread(node, rule.uses)
    if (rule.outcome !== undefined) this.#losses.add(type, rule.outcome)
    switch (rule.role) {
      case 'paragraph':
        return this.#readLines(content, place, rule.attributes?.(node) ?? {})
      case 'code':
        return this.#readLines(content, place, {}, (inline) => {
          this.#noteBare(type, place)
          return schema.node('code_block', { language: languageOf(attrs) }, inline)
        })
      case 'rule':
      case 'page-break':
        this.#noteBare(type, place)
        return [schema.node(rule.role === 'rule' ? 'rule' : 'page_break'), ...this.#readAll(content, place)]
      case 'image':
        return [...this.#readImage(node, place), ...this.#readAll(content, place)]
      case 'file':
        return [...this.#readFile(node, place), ...this.#readAll(content, place)]
      case 'list':
        this.#noteStart(node)
        return this.#readAll(content, { ...place, list: rule.list, item: null })
      case 'item':
        return this.#readItem(node, place)
      case 'quote':
        return this.#readAll(content, { ...place, quote: type })
      case 'table':
        return this.#readTable(node, place)
      case 'children':
        return this.#readAll(content, {
          ...place,
          indent: place.isInGroup ? place.indent + 1 : place.indent,
          isInGroup: false,
        })
      case 'group':
        return this.#readAll(content, { ...place, isInGroup: true })
    }
  }

  #ruleOf(type: string): BlockRule | undefined {
    const { blocks } = this.#vocabulary
    return Object.hasOwn(blocks, type) ? blocks[type] : undefined
  }

  #isNumbered({ type }: ForeignNode): boolean {
    const rule = this.#ruleOf(type)
    return rule?.role === 'list' && rule.list === 'ordered'
  }

  #readUnknown(node: ForeignNode, place: Place): Node[] {
    const { type, attrs, content } = node
    if (content.length === 0) {
      const { href, src } = fileOf(attrs)
      if (href !== null || src !== null) return this.#readFile(node, place)
      this.#losses.add(type, 'left out')
      return []
    }
    const isLine = content.some((child) => this.#inline.isInline(child))
    const blocks = isLine ? this.#readLines(content, place, {}) : this.#readAll(content, place)
    this.#losses.add(type, isLine ? 'kept as paragraphs' : 'taken apart, its content is kept')
    return blocks
  }

  /** One textblock; more, if there are blocks within it. */
  #readLines(
    content: readonly ForeignNode[],
    place: Place,
    own: Partial<ParagraphAttributes>,
    create: (inline: readonly Node[]) => Node = (inline) => this.#paragraph(inline, place, own),
  ): Node[] {
    const blocks: Node[][] = []
    let inline: Node[] = []
    for (const child of content) {
      const isBlock =
        this.#ruleOf(child.type) !== undefined && !Object.hasOwn(this.#vocabulary.inline, child.type)
      if (child.text === null && isBlock) {
        if (inline.length > 0) blocks.push([create(inline)])
        inline = []
        blocks.push(this.#readBlock(child, place))
      } else {
        inline.push(...this.#inline.read(child))
      }
    }
    if (inline.length > 0 || blocks.length === 0) blocks.push([create(inline)])
    return blocks.flat()
  }

  #paragraph(inline: readonly Node[], place: Place, own: Partial<ParagraphAttributes>): Node {
    const { item, quote } = place
    const isFirst = item !== null && !item.isTaken
    if (isFirst) item.isTaken = true
    const indent = isFirst ? item.indent : place.indent
    if (clampIndent(indent) !== indent)
      this.#losses.add(`indent deeper than ${MAX_INDENT + 1} levels`, 'kept at the deepest')
    const isStyled = own.style !== undefined && own.style !== 'normal' && own.style !== 'quote'
    if (quote !== null && isStyled) this.#losses.add(`${quote} around a heading`, 'dropped')
    const align = own.align ?? place.align
    return schema.node(
      'paragraph',
      {
        ...(quote !== null && { style: 'quote' }),
        ...(isFirst && { list: item.list, checked: item.checked }),
        ...own,
        align,
        indent: clampIndent(indent),
      },
      inline,
    )
  }

  #readItem({ attrs, content }: ForeignNode, place: Place): Node[] {
    const item: OpenItem = {
      list: place.list ?? 'bullet',
      checked: place.list === 'task' && attrs['checked'] === true,
      indent: place.indent,
      isTaken: false,
    }
    const blocks = this.#readAll(content, { ...place, indent: place.indent + 1, item })
    return blocks.length === 0 ? [this.#paragraph([], { ...place, item }, {})] : blocks
  }

  #noteStart({ type, attrs }: ForeignNode): void {
    const start = attrs['start'] ?? attrs['order']
    if (typeof start === 'number' && start !== 1) this.#losses.add(`start of ${type}`, 'numbered from 1')
  }

  /** Says what is lost around a block that has neither list, indent nor quote. */
  #noteBare(type: string, { item, quote, indent }: Place): void {
    if (quote !== null) this.#losses.add(`${quote} around ${type}`, 'dropped')
    if (item !== null && !item.isTaken) {
      this.#losses.add(`bullet or number of ${type}`, 'dropped')
      item.isTaken = true
    }
    if (indent > 0) this.#losses.add(`indent of ${type}`, 'dropped')
  }

  #readImage({ type, attrs }: ForeignNode, place: Place): Node[] {
    const { src, alt, caption, width, height, href } = fileOf(attrs)
    if (src === null) {
      const words = caption === '' ? (alt ?? '') : caption
      this.#losses.add(`${type} that is at no web address`, words === '' ? 'left out' : 'kept as text')
      return words === '' ? [] : [this.#paragraph(linked(words, href), place, {})]
    }
    this.#noteBare(type, place)
    const align = alignOf(attrs['textAlignment'])
    return [schema.node('image', { src, alt, width, height, align }, linked(caption, null))]
  }

  #readFile({ type, attrs }: ForeignNode, place: Place): Node[] {
    const { href, alt, caption } = fileOf(attrs)
    const words = alt ?? (caption === '' ? href : caption)
    if (words === null) {
      this.#losses.add(type, 'left out')
      return []
    }
    this.#losses.add(type, href === null ? 'kept as text' : 'kept as a link')
    const nodes = linked(words, href)
    if (caption !== '' && caption !== words) nodes.push(schema.text(`\n${caption}`))
    return [this.#paragraph(nodes, place, {})]
  }

  #readTable({ type, content }: ForeignNode, place: Place): Node[] {
    const { row: rowName, cells: cellNames } = this.#vocabulary
    if (place.isInCell) {
      this.#losses.add(`${type} in a table`, 'kept as paragraphs')
      return this.#cellContents(content, place)
    }
    const before: Node[] = []
    const rows: SizedCell[][] = []
    for (const row of content) {
      if (row.type !== rowName) {
        before.push(...this.#readAll([row], place))
        continue
      }
      this.#inline.noteUnread(row)
      rows.push(
        row.content.map((cell) => {
          const rule = Object.hasOwn(cellNames, cell.type) ? cellNames[cell.type] : undefined
          if (rule !== undefined) this.#inline.noteUnread(cell, rule.uses)
          const align = alignOf(cell.attrs['align'] ?? cell.attrs['textAlignment'])
          const inCell = { ...TOP, isInCell: true, align }
          const blocks = this.#readAll(rule === undefined ? [cell] : cell.content, inCell)
          return { blocks, isHeader: rule?.isHeader === true, attrs: cell.attrs }
        }),
      )
    }
    const table = placeCells(rows, this.#losses)
    if (table === null) {
      this.#losses.add(`${type} that is empty or too large`, 'kept as paragraphs')
      return [...before, ...rows.flat().flatMap(({ blocks }) => blocks)]
    }
    this.#noteBare(type, place)
    return [...before, table]
  }

  /** What a table's rows and cells hold, one behind another. */
  #cellContents(nodes: readonly ForeignNode[], place: Place): Node[] {
    const { row, cells } = this.#vocabulary
    return nodes.flatMap((node) =>
      node.type === row || Object.hasOwn(cells, node.type)
        ? this.#cellContents(node.content, place)
        : this.#readAll([node], place),
    )
  }
}

/** A text, with a link if there is an address. */
function linked(words: string, href: string | null): Node[] {
  if (words === '') return []
  return [schema.text(words, href === null ? [] : [schema.mark('link', { href })])]
}
