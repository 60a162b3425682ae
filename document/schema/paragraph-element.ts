import { headingLevel, readParagraphAttributes, type ParagraphStyle } from './paragraph-attributes.ts'

/** How a paragraph's element looks in the editor: one flat element per block. */
export interface ParagraphElement {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
}

/** The element that the editor draws a paragraph with, whatever its attributes hold. */
export function paragraphElement(attrs: Readonly<Record<string, unknown>>): ParagraphElement {
  const { style, list, checked, indent, align } = readParagraphAttributes(attrs)
  return {
    tag: tagOfStyle(style),
    attributes: {
      dir: 'auto',
      'data-style': style,
      'data-indent': String(indent),
      ...(list !== null && { 'data-list': list }),
      ...(list === 'task' && { 'data-checked': String(checked) }),
      ...(align !== null && { style: `text-align: ${align}` }),
      // A title is no h1, since that is "heading 1", but it is the document's first heading to a screen reader.
      ...(style === 'title' && { role: 'heading', 'aria-level': '1' }),
    },
  }
}

/** The HTML element that stands for a style, in the editor and elsewhere. */
export function tagOfStyle(style: ParagraphStyle): string {
  const level = headingLevel(style)
  if (level !== null) return `h${level}`
  return style === 'quote' ? 'blockquote' : 'p'
}
