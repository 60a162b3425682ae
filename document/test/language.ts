import type { Node } from 'prosemirror-model'
import { DEFAULT_PARAGRAPH, schema, type ParagraphAttributes } from '../index.ts'

/**
 * The language in which tests write documents: `doc(h1('A <b>bold</b> word'), ul('item', { indent: 1 }))`.
 * Texts know the tags of `MARK_OF_TAG`, `<a href="…">` and `<img name>`; everything else in them is text.
 */
export function doc(...blocks: Node[]): Node {
  return schema.node('doc', null, blocks)
}

type Block = (text?: string, attributes?: Partial<ParagraphAttributes>) => Node

function block(own: Partial<ParagraphAttributes>): Block {
  return (text = '', attributes = {}) =>
    schema.node('paragraph', { ...DEFAULT_PARAGRAPH, ...own, ...attributes }, inline(text))
}

export const p = block({})
export const title = block({ style: 'title' })
export const subtitle = block({ style: 'subtitle' })
export const h1 = block({ style: 'heading1' })
export const h2 = block({ style: 'heading2' })
export const quote = block({ style: 'quote' })
export const ul = block({ list: 'bullet' })
export const ol = block({ list: 'ordered' })
export const task = block({ list: 'task' })
export const done = block({ list: 'task', checked: true })
export const rule = (): Node => schema.node('rule')
export const pageBreak = (): Node => schema.node('page_break')
export const code = (text = '', language: string | null = null): Node =>
  schema.node('code_block', { language }, inline(text))
export const math = (text = ''): Node => schema.node('math_block', null, inline(text))
/** An image with a caption; its address is short for one on example.org. */
export const figure = (
  name: string,
  caption = '',
  attributes: Readonly<Record<string, unknown>> = {},
): Node => schema.node('image', { src: addressOf(name), ...attributes }, inline(caption))

function addressOf(name: string): string {
  return `https://example.org/${name}`
}

/** A table of these rows. */
export function table(...rows: Node[]): Node {
  return schema.node('table', null, rows)
}

export function tr(...cells: Node[]): Node {
  return schema.node('table_row', null, cells)
}

interface CellAttributes {
  readonly colspan?: number
  readonly rowspan?: number
  readonly colwidth?: readonly number[]
}

function cell(type: 'table_cell' | 'table_header') {
  return (content: string | readonly Node[] = '', attributes: CellAttributes = {}): Node =>
    schema.node(type, { ...attributes }, typeof content === 'string' ? [p(content)] : content)
}

/** A cell that holds a paragraph with this text, or these blocks. */
export const td = cell('table_cell')
export const th = cell('table_header')

const MARK_OF_TAG = new Map([
  ['b', schema.mark('bold')],
  ['i', schema.mark('italic')],
  ['u', schema.mark('underline')],
  ['s', schema.mark('strike')],
  ['code', schema.mark('code')],
])

function inline(text: string): Node[] {
  let marks = schema.text('-').marks
  const nodes: Node[] = []
  for (const part of text.split(/(<\/?(?:b|i|u|s|code|a)(?: href="[^"]*")?>|<img [^>]*>)/)) {
    const [, picture] = /^<img ([^>]*)>$/.exec(part) ?? []
    const [, closing, tag, href] = /^<(\/?)(\w+)(?: href="([^"]*)")?>$/.exec(part) ?? []
    const mark = tag === 'a' ? schema.mark('link', { href: href ?? '' }) : MARK_OF_TAG.get(tag ?? '')
    if (mark) marks = closing ? mark.type.removeFromSet(marks) : mark.addToSet(marks)
    else if (picture !== undefined)
      nodes.push(schema.node('inline_image', { src: addressOf(picture) }, undefined, marks))
    else if (part !== '') nodes.push(schema.text(part, marks))
  }
  return nodes
}
