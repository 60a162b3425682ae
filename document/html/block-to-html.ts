import type { Node } from 'prosemirror-model'
import { readCodeLanguage } from '../schema/code-language.ts'
import { element, styleAttribute, type HtmlElement } from './html-element.ts'
import { imageElement } from './image-in-html.ts'
import { readImageAttributes } from '../schema/image-attributes.ts'
import { blockContent, htmlOfInline, lineText, needsBlanks } from './inline-to-html.ts'

/** A block that is no paragraph, as HTML. */
export function otherBlockElement(node: Node): HtmlElement {
  switch (node.type.name) {
    case 'code_block': {
      const language = readCodeLanguage(node.attrs['language'])
      return preElement(node, {}, language === null ? {} : { class: `language-${language}` })
    }
    case 'math_block':
      return preElement(node, { 'data-math': '' }, { class: 'language-math' })
    case 'image':
      return figureElement(node)
    case 'page_break':
      return element('hr', { 'data-page-break': '', style: 'page-break-after: always' })
    default:
      return element('hr')
  }
}

function preElement(
  node: Node,
  attributes: Readonly<Record<string, string>>,
  codeAttributes: Readonly<Record<string, string>>,
): HtmlElement {
  const lines = htmlOfInline(node.content, true)
  // The line break at the end is taken for the layout of the source.
  if (lineText(node).endsWith('\n')) lines.push('\n')
  return element('pre', attributes, [element('code', codeAttributes, lines)])
}

function figureElement(node: Node): HtmlElement {
  const { align } = readImageAttributes(node.attrs)
  const caption = element(
    'figcaption',
    styleAttribute({ 'white-space': needsBlanks(node) ? 'pre-wrap' : null }),
    blockContent(node),
  )
  return element('figure', styleAttribute({ 'text-align': align }), [
    imageElement(node.attrs),
    ...(node.content.size > 0 ? [caption] : []),
  ])
}
