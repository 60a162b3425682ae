import { Fragment, type Mark, type Node } from 'prosemirror-model'
import { codeFromHtml } from './code-from-html.ts'
import { isElement, isText, type DomElement, type DomNode } from '../schema/dom.ts'
import { BLOCKS, isLeftOut, PARAGRAPHS } from './html-elements.ts'
import { marksInside } from './html-marks.ts'
import { readImageAttributes } from '../schema/image-attributes.ts'
import { imageOfElement } from './image-in-html.ts'
import { inlineStyle, lengthInPoints } from './inline-style.ts'
import { breaksAfter, breaksBefore, isPageBreak } from './page-breaks-in-html.ts'
import { ParagraphText, type WhiteSpace } from './paragraph-text.ts'
import {
  ALIGNMENTS,
  clampIndent,
  LIST_KINDS,
  PARAGRAPH_STYLES,
  type Alignment,
  type ListKind,
  type ParagraphAttributes,
  type ParagraphStyle,
} from '../schema/paragraph-attributes.ts'
import { partsOfFigure } from './figure-in-html.ts'
import { emptyDocument, schema } from '../schema/schema.ts'
import { tableFromHtml, type CellReader } from './table-from-html.ts'
import { INDENT_POINTS } from './to-html.ts'

/** The document that an HTML element's content stands for; one empty paragraph if there is nothing in it. */
export function documentFromHtml(root: DomNode): Node {
  const blocks = blocksFromHtml(root)
  return blocks.length === 0 ? emptyDocument : schema.node('doc', null, blocks)
}

/**
 * The blocks that an HTML element's content stands for, whatever program wrote it. Items of nested lists become items of
 * that level, also where lists stand directly in lists; the first paragraph of an item is the item, those after it are
 * indented under it. A table within a table is read cell by cell. What has no place in a document (scripts, forms) is left
 * out with its text, unknown elements without.
 */
export function blocksFromHtml(root: DomNode): readonly Node[] {
  const reader = new BlockReader(false)
  reader.readChildren(root, OUTERMOST)
  return reader.finish()
}

/** What an element's content takes over from the elements around it. */
interface Surroundings {
  readonly marks: readonly Mark[]
  readonly whiteSpace: WhiteSpace
  readonly style: ParagraphStyle
  readonly align: Alignment | null
  readonly indent: number
  readonly lists: readonly ListKind[]
}

const OUTERMOST: Surroundings = {
  marks: [],
  whiteSpace: 'collapse',
  style: 'normal',
  align: null,
  indent: 0,
  lists: [],
}

type Item = Pick<ParagraphAttributes, 'list' | 'checked' | 'indent'>

class BlockReader {
  readonly #blocks: Node[] = []
  #open: { readonly attributes: ParagraphAttributes; readonly text: ParagraphText } | null = null
  /** The list item that the next paragraph will be. */
  #item: Item | null = null
  readonly #isInCell: boolean

  constructor(isInCell: boolean) {
    this.#isInCell = isInCell
  }

  readChildren(parent: DomNode, around: Surroundings): void {
    for (const child of parent.childNodes) {
      if (isText(child)) this.#readText(child.nodeValue ?? '', parent, around)
      else if (isElement(child)) this.#readElement(child, around)
    }
  }

  finish(): readonly Node[] {
    this.#close()
    return this.#blocks
  }

  #readText(text: string, parent: DomNode, around: Surroundings): void {
    if (this.#open === null && !/[^ \t\r\n\f]/.test(text)) {
      // White space between blocks is the writer's layout of the source, even where it would be shown.
      if (around.whiteSpace === 'collapse' || hasBlocks(parent)) return
    }
    this.#textAt(around).add(text, around.marks, around.whiteSpace)
  }

  #readElement(element: DomElement, outer: Surroundings): void {
    const name = element.nodeName
    const style = inlineStyle(element)
    // Google Docs hides its own.
    if (isPageBreak(element, style)) return this.#breakPage()
    if (isLeftOut(element, style)) return
    if (name === 'BR') {
      // Chrome ends what it puts on the clipboard with this one; it is no line break of the text.
      const isMarker = element.getAttribute('class') === 'Apple-interchange-newline'
      if (!isMarker) this.#textAt(outer).addBreak(outer.marks)
      return
    }
    const around = inside(element, style, outer)
    if (name === 'IMG') return this.#readImage(element, style, around)
    if (!BLOCKS.has(name)) return this.readChildren(element, around)

    this.#close()
    if (breaksBefore(style)) this.#breakPage()
    switch (name) {
      case 'HR':
        this.#push(schema.node('rule'))
        break
      case 'PRE':
        this.#push(codeFromHtml(element, around.marks))
        break
      case 'FIGURE':
        this.#readFigure(element, around)
        break
      case 'UL':
      case 'OL':
        // An item that begins with a list is only there to hold it.
        this.#item = null
        this.readChildren(element, { ...around, lists: [...outer.lists, kindOfList(element)] })
        break
      case 'LI':
        this.#readItem(element, around)
        break
      case 'TABLE':
        this.#readTable(element, around)
        break
      default:
        if (element.getAttribute('data-list') !== null) this.#item = flatItem(element)
        this.#readBlock(element, around, PARAGRAPHS.has(name))
    }
    this.#close()
    if (breaksAfter(style)) this.#breakPage()
  }

  /** Adds a block that is no item of a list, also where an item would begin with it. */
  #push(block: Node): void {
    this.#blocks.push(block)
    this.#item = null
  }

  #breakPage(): void {
    this.#close()
    this.#blocks.push(schema.node('page_break'))
  }

  /** As in Google Docs, an image stands in the line where it is, also if nothing else is in that line. */
  #readImage(img: DomElement, style: ReadonlyMap<string, string>, around: Surroundings): void {
    const image = imageOfElement(img, style)
    if (image !== null)
      this.#textAt(around).addObject(schema.node('inline_image', image, undefined, around.marks))
  }

  /** One image with a caption is an image block; of any other figure, what is in it is read. */
  #readFigure(figure: DomElement, around: Surroundings): void {
    const parts = partsOfFigure(figure)
    const attributes = parts && imageOfElement(parts.image, inlineStyle(parts.image))
    if (!parts || !attributes) return this.#readBlock(figure, around, false)
    const caption = parts.caption === null ? [] : readInline(parts.caption, around)
    this.#push(
      schema.node(
        'image',
        { ...attributes, align: readImageAttributes({ align: around.align }).align },
        caption,
      ),
    )
  }

  #readItem(element: DomElement, around: Surroundings): void {
    const checkbox = checkboxOf(element)
    const kind = checkbox ? 'task' : (around.lists.at(-1) ?? 'bullet')
    const lists = around.lists.length === 0 ? [kind] : around.lists
    const item = { list: kind, checked: checkbox?.checked ?? false, indent: clampIndent(lists.length - 1) }
    this.#item = item
    this.#readBlock(element, { ...around, lists, indent: 0 }, true)
  }

  #readBlock(element: DomElement, around: Surroundings, evenIfEmpty: boolean): void {
    const before = this.#blocks.length
    this.readChildren(element, around)
    this.#close()
    if (evenIfEmpty && this.#blocks.length === before) {
      this.#textAt(around)
      this.#close()
    }
  }

  #readTable(element: DomElement, around: Surroundings): void {
    const table = this.#isInCell ? null : tableFromHtml(element, cellReader(around))
    if (table === null) return this.#readBlock(element, around, false)
    this.#item = null
    for (const child of element.childNodes) {
      if (isElement(child) && child.nodeName === 'CAPTION') this.#readElement(child, around)
    }
    this.#blocks.push(table)
  }

  /** The text of the open paragraph; opens one if there is none. */
  #textAt(around: Surroundings): ParagraphText {
    if (this.#open === null) {
      const { style, align } = around
      const indent = clampIndent(around.lists.length + around.indent)
      const { list, checked, indent: level } = this.#item ?? { list: null, checked: false, indent }
      this.#open = { attributes: { style, align, list, checked, indent: level }, text: new ParagraphText() }
      this.#item = null
    }
    return this.#open.text
  }

  #close(): void {
    if (this.#open === null) return
    const { attributes, text } = this.#open
    this.#blocks.push(schema.node('paragraph', { ...attributes }, Fragment.fromArray([...text.finish()])))
    this.#open = null
  }
}

/** The content of an element as one text, its blocks on lines of their own. */
function readInline(element: DomElement, around: Surroundings): Node[] {
  const reader = new BlockReader(true)
  reader.readChildren(element, inside(element, inlineStyle(element), { ...OUTERMOST, marks: around.marks }))
  return reader
    .finish()
    .flatMap((block, index) => [...(index > 0 ? [schema.text('\n')] : []), ...inlineNodes(block)])
}

function inlineNodes(block: Node): readonly Node[] {
  if (block.isTextblock) return block.children
  return block.textContent === '' ? [] : [schema.text(block.textContent)]
}

/** Cells are read on their own: only how the text looks comes from around the table. */
function cellReader({ marks, whiteSpace }: Surroundings): CellReader {
  return {
    isHidden: (element) => isLeftOut(element, inlineStyle(element)),
    blocksOf(elements) {
      const cell = elements.at(-1)
      if (cell === undefined) return []
      const outside: Surroundings = { ...OUTERMOST, marks, whiteSpace }
      const around = elements.reduce((outer, each) => inside(each, inlineStyle(each), outer), outside)
      const reader = new BlockReader(true)
      reader.readChildren(cell, around)
      return reader.finish()
    },
  }
}

function inside(element: DomElement, style: ReadonlyMap<string, string>, outer: Surroundings): Surroundings {
  const marks = marksInside(element, style, outer.marks)
  const whiteSpace = whiteSpaceOf(style) ?? outer.whiteSpace
  if (!BLOCKS.has(element.nodeName)) return { ...outer, marks, whiteSpace }
  const align = style.get('text-align') ?? element.getAttribute('align')?.toLowerCase()
  return {
    ...outer,
    marks,
    whiteSpace,
    style: styleOf(element) ?? outer.style,
    align: ALIGNMENTS.find((known) => known === align) ?? outer.align,
    indent: indentOf(element, style) ?? outer.indent,
  }
}

function styleOf(element: DomElement): ParagraphStyle | null {
  const declared = element.getAttribute('data-style')
  const known = PARAGRAPH_STYLES.find((style) => style === declared)
  if (known) return known
  const [, level] = /^H([1-6])$/.exec(element.nodeName) ?? []
  const heading = PARAGRAPH_STYLES.find((style) => style === `heading${level}`)
  return heading ?? (element.nodeName === 'BLOCKQUOTE' ? 'quote' : null)
}

function indentOf(element: DomElement, style: ReadonlyMap<string, string>): number | null {
  const declared = element.getAttribute('data-indent')
  if (declared !== null) return clampIndent(Number(declared))
  // Lists and quotes have margins to look like lists and quotes.
  if (/^(?:UL|OL|LI|BLOCKQUOTE)$/.test(element.nodeName)) return null
  const margin = lengthInPoints(style.get('margin-left'))
  return margin === null ? null : clampIndent(margin / INDENT_POINTS)
}

const WHITE_SPACE = new Map<string, WhiteSpace>([
  ['normal', 'collapse'],
  ['nowrap', 'collapse'],
  ['pre', 'preserve'],
  ['pre-wrap', 'preserve'],
  ['break-spaces', 'preserve'],
  ['pre-line', 'keep-lines'],
])

function whiteSpaceOf(style: ReadonlyMap<string, string>): WhiteSpace | null {
  return WHITE_SPACE.get(style.get('white-space') ?? '') ?? null
}

function kindOfList(element: DomElement): ListKind {
  if (element.getAttribute('data-list') === 'task') return 'task'
  return element.nodeName === 'OL' ? 'ordered' : 'bullet'
}

/** The item that an element of the editor's own is, whose lists are flat. */
function flatItem(element: DomElement): Item {
  const declared = element.getAttribute('data-list')
  return {
    list: LIST_KINDS.find((kind) => kind === declared) ?? 'bullet',
    checked: element.getAttribute('data-checked') === 'true',
    indent: clampIndent(Number(element.getAttribute('data-indent') ?? 0)),
  }
}

/** The checkbox of a list item, its own or one in its text, but none of a list inside it. */
function checkboxOf(element: DomElement): { readonly checked: boolean } | null {
  if (element.getAttribute('role') === 'checkbox') {
    return { checked: element.getAttribute('aria-checked') === 'true' }
  }
  for (const child of element.childNodes) {
    if (!isElement(child) || child.nodeName === 'UL' || child.nodeName === 'OL') continue
    if (child.nodeName === 'INPUT' && child.getAttribute('type')?.toLowerCase() === 'checkbox') {
      return { checked: child.getAttribute('checked') !== null }
    }
    const inner = checkboxOf(child)
    if (inner) return inner
  }
  return null
}

function hasBlocks(parent: DomNode): boolean {
  for (const child of parent.childNodes) if (BLOCKS.has(child.nodeName)) return true
  return false
}
