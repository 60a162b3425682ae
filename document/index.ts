export { blocksFromHtml, documentFromHtml } from './from-html.ts'
export { readImageAttributes } from './image-attributes.ts'
export { STYLE_COPY } from './inline-style.ts'
export type { HtmlChild } from './html-element.ts'
export { htmlOfInline } from './inline-to-html.ts'
export {
  ALIGNMENTS,
  clampIndent,
  DEFAULT_PARAGRAPH,
  LIST_KINDS,
  MAX_INDENT,
  PARAGRAPH_STYLES,
  readParagraphAttributes,
  type Alignment,
  type ListKind,
  type ParagraphAttributes,
  type ParagraphStyle,
} from './paragraph-attributes.ts'
export { paragraphElement } from './paragraph-element.ts'
export { pictureElement } from './picture-element.ts'
export { safeImageSrc } from './safe-image-src.ts'
export { LINK_REL, safeHref } from './safe-href.ts'
export { emptyDocument, schema } from './schema.ts'
export { columnWidths } from './table-grid.ts'
export { gridOfTable } from './table-grid.ts'
export { MAX_TABLE_CELLS } from './table-nodes.ts'
export { documentToHtml, htmlOfBlocks } from './to-html.ts'
export { documentToText, textOfBlocks } from './to-text.ts'
export { isValidAttribute } from './valid-attribute.ts'
