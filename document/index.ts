export { blocksFromHtml, documentFromHtml } from './html/from-html.ts'
export { readImageAttributes } from './schema/image-attributes.ts'
export { STYLE_COPY } from './html/inline-style.ts'
export type { HtmlChild } from './html/html-element.ts'
export { htmlOfInline } from './html/inline-to-html.ts'
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
} from './schema/paragraph-attributes.ts'
export { paragraphElement } from './schema/paragraph-element.ts'
export { pictureElement } from './schema/picture-element.ts'
export { safeImageSrc } from './schema/safe-image-src.ts'
export { LINK_REL, safeHref } from './schema/safe-href.ts'
export { emptyDocument, schema } from './schema/schema.ts'
export { columnWidths } from './schema/table-grid.ts'
export { gridOfTable } from './schema/table-grid.ts'
export { MAX_TABLE_CELLS } from './schema/table-nodes.ts'
export { documentToHtml, htmlOfBlocks } from './html/to-html.ts'
export { documentToText, textOfBlocks } from './plain-text/to-text.ts'
export { isValidAttribute } from './schema/valid-attribute.ts'
