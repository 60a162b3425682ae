import { Schema, type MarkSpec, type Node, type NodeSpec } from 'prosemirror-model'
import { pageBreak, rule } from './break-specs.ts'
import { codeBlock, mathBlock } from './code-specs.ts'
import type { DomElement } from './dom.ts'
import { image, inlineImage } from './image-specs.ts'
import { DEFAULT_PARAGRAPH } from './paragraph-attributes.ts'
import { paragraphElement } from './paragraph-element.ts'
import { LINK_REL, safeHref } from './safe-href.ts'
import { tableNodes } from './table-nodes.ts'

/**
 * Attributes have no `validate`: a value that this version does not know, a later one's, stays what it is, and is drawn
 * as the default by `readParagraphAttributes`. They have a default always, so that a block that lacks one can be read.
 * Defaults that mean "none" are null, which leaves no trace in the shared document.
 *
 * A line break inside a paragraph is the character "\n": inline nodes would split the text that others edit at the same
 * time, and lose their marks.
 */
const paragraph: NodeSpec = {
  content: 'inline*',
  group: 'block',
  marks: '_',
  whitespace: 'pre',
  attrs: {
    style: { default: DEFAULT_PARAGRAPH.style },
    list: { default: DEFAULT_PARAGRAPH.list },
    checked: { default: DEFAULT_PARAGRAPH.checked },
    indent: { default: DEFAULT_PARAGRAPH.indent },
    align: { default: DEFAULT_PARAGRAPH.align },
  },
  // Only for what browsers write into the editor by themselves; other people's HTML is read by `blocksFromHtml`.
  parseDOM: [
    { tag: 'p' },
    { tag: 'div' },
    { tag: 'blockquote', attrs: { style: 'quote' } },
    ...[1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { style: `heading${level}` } })),
  ],
  toDOM: (node) => {
    const { tag, attributes } = paragraphElement(node.attrs)
    return [tag, attributes, 0]
  },
}

const link: MarkSpec = {
  attrs: { href: { default: '' } },
  inclusive: false,
  parseDOM: [
    {
      tag: 'a[href]',
      getAttrs: (element: DomElement) => {
        const href = safeHref(element.getAttribute('href'))
        return href === null ? false : { href }
      },
    },
  ],
  // The address comes from a shared document, where a peer may have written anything. Where the text is read-only, a
  // click follows it, and leads nobody away from the page.
  toDOM: (mark) => {
    const href = safeHref(mark.attrs['href'])
    return href === null ? ['a', 0] : ['a', { href, target: '_blank', rel: LINK_REL }, 0]
  },
}

/**
 * The form of Codraft's documents: a flat sequence of blocks and tables, possibly empty, every mark allowed everywhere, so
 * that whatever a merge yields can be shown. Later versions only add to it.
 */
export const schema = new Schema({
  nodes: {
    doc: { content: '(block | table)*' },
    paragraph,
    code_block: codeBlock,
    math_block: mathBlock,
    image,
    rule,
    page_break: pageBreak,
    inline_image: inlineImage,
    ...tableNodes,
    text: { group: 'inline' },
  },
  marks: {
    link,
    bold: { parseDOM: [{ tag: 'strong' }, { tag: 'b' }], toDOM: () => ['strong', 0] },
    italic: { parseDOM: [{ tag: 'em' }, { tag: 'i' }], toDOM: () => ['em', 0] },
    underline: { parseDOM: [{ tag: 'u' }], toDOM: () => ['u', 0] },
    strike: { parseDOM: [{ tag: 's' }, { tag: 'strike' }, { tag: 'del' }], toDOM: () => ['s', 0] },
    code: { code: true, parseDOM: [{ tag: 'code' }], toDOM: () => ['code', { spellcheck: 'false' }, 0] },
  },
})

/** A new document: one empty paragraph. */
export const emptyDocument: Node = schema.node('doc', null, [schema.node('paragraph')])
