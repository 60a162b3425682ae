import type { Fragment, Node } from 'prosemirror-model'
import { otherBlockElement } from './block-to-html.ts'
import { element, htmlText, styleAttribute, type HtmlElement } from './html-element.ts'
import { blockContent, needsBlanks } from './inline-to-html.ts'
import {
  readParagraphAttributes,
  type ListKind,
  type ParagraphAttributes,
} from '../schema/paragraph-attributes.ts'
import { tagOfStyle } from '../schema/paragraph-element.ts'
import { tableElement } from './table-to-html.ts'

/** How far one indent moves a paragraph in HTML, in points: half an inch, as in Google Docs and Word. */
export const INDENT_POINTS = 36

/** The document as HTML that any other program understands; `documentFromHtml` reads it back without loss. */
export function documentToHtml(doc: Node): string {
  return htmlText(htmlOfBlocks(doc.content))
}

interface OpenList {
  readonly kind: ListKind
  readonly list: HtmlElement
  item: HtmlElement
}

/**
 * Blocks as HTML elements: list items in real nested lists, a list that begins below the first level inside items
 * without a marker, paragraphs that are indented under an item inside that item, neighbouring quotes in one `blockquote`.
 */
export function htmlOfBlocks(blocks: Fragment): HtmlElement[] {
  const root = element('body')
  // The lists that the next block may go on with; the one at index n holds the items of level n.
  const lists: OpenList[] = []
  const parent = () => lists.at(-1)?.item ?? root

  const openList = (kind: ListKind) => {
    const list = element(kind === 'ordered' ? 'ol' : 'ul', kind === 'task' ? { 'data-list': 'task' } : {})
    parent().children.push(list)
    return list
  }

  const addItem = (node: Node, attributes: ParagraphAttributes, kind: ListKind) => {
    closeTo(lists, attributes.indent + 1)
    if (lists.length > attributes.indent && lists.at(-1)?.kind !== kind) lists.pop()
    while (lists.length < attributes.indent) {
      const list = openList('bullet')
      const item = element('li', { style: 'list-style-type: none' })
      list.children.push(item)
      lists.push({ kind: 'bullet', list, item })
    }
    const item = itemElement(node, attributes)
    const open = lists[attributes.indent]
    if (open) {
      open.item = item
      open.list.children.push(item)
    } else {
      const list = openList(kind)
      list.children.push(item)
      lists.push({ kind, list, item })
    }
  }

  blocks.forEach((node) => {
    if (node.type.name !== 'paragraph') {
      closeTo(lists, 0)
      root.children.push(
        node.type.name === 'table' ? tableElement(node, htmlOfBlocks) : otherBlockElement(node),
      )
      return
    }
    const attributes = readParagraphAttributes(node.attrs)
    if (attributes.list !== null) return addItem(node, attributes, attributes.list)
    closeTo(lists, attributes.indent)
    appendBlock(parent(), node, attributes, attributes.indent - lists.length)
  })
  return root.children.filter((child) => typeof child !== 'string')
}

function closeTo(lists: OpenList[], depth: number): void {
  if (lists.length > depth) lists.length = depth
}

function itemElement(node: Node, attributes: ParagraphAttributes): HtmlElement {
  const checkbox =
    attributes.list === 'task'
      ? [element('input', { type: 'checkbox', ...(attributes.checked && { checked: '' }), disabled: '' })]
      : []
  // How an item aligns or keeps its blanks would be inherited by the lists inside it; a paragraph keeps it to itself.
  if (attributes.style === 'normal' && attributes.align === null && !needsBlanks(node)) {
    return element('li', {}, [...checkbox, ...blockContent(node)])
  }
  const item = element('li', {}, checkbox)
  appendBlock(item, node, attributes, 0)
  return item
}

/** Adds a block to its parent; a quote goes into a blockquote, the one before it if there is one. */
function appendBlock(parent: HtmlElement, node: Node, attributes: ParagraphAttributes, indent: number): void {
  const { style, align } = attributes
  const tag = tagOfStyle(style)
  const block = element(
    tag === 'blockquote' ? 'p' : tag,
    {
      ...((style === 'title' || style === 'subtitle') && { 'data-style': style }),
      ...styleAttribute({
        'text-align': align,
        'margin-left': indent > 0 ? `${indent * INDENT_POINTS}pt` : null,
        'white-space': needsBlanks(node) ? 'pre-wrap' : null,
      }),
    },
    blockContent(node),
  )
  const before = parent.children.at(-1)
  if (style !== 'quote') parent.children.push(block)
  else if (typeof before === 'object' && before.tag === 'blockquote') before.children.push(block)
  else parent.children.push(element('blockquote', {}, [block]))
}
