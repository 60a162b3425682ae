import type { DomElement } from '../schema/dom.ts'

/** What has no place in a document, with all that is in it. SVG's and MathML's names are in lower case in a DOM. */
const LEFT_OUT: ReadonlySet<string> = new Set(
  (
    'HEAD TITLE STYLE SCRIPT NOSCRIPT NOEMBED NOFRAMES TEMPLATE OBJECT IFRAME EMBED SVG MATH AUDIO VIDEO CANVAS ' +
    'SELECT DATALIST TEXTAREA BUTTON INPUT'
  ).split(' '),
)

/** These make a paragraph even if they are empty; other block elements only separate what is in them. */
export const PARAGRAPHS: ReadonlySet<string> = new Set(['P', 'PRE', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6'])

/** The elements that begin on a line of their own. */
export const BLOCKS: ReadonlySet<string> = new Set([
  ...PARAGRAPHS,
  ...(
    'ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CENTER DD DETAILS DIALOG DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER ' +
    'FORM HEADER HGROUP HR LI MAIN NAV OL SECTION SUMMARY TABLE TBODY TD TFOOT TH THEAD TR UL CAPTION'
  ).split(' '),
])

/** Whether nothing of an element is shown, or has a place in a document. */
export function isLeftOut(element: DomElement, style: ReadonlyMap<string, string>): boolean {
  return LEFT_OUT.has(element.nodeName.toUpperCase()) || isHidden(element, style)
}

function isHidden(element: DomElement, style: ReadonlyMap<string, string>): boolean {
  const hidden = element.getAttribute('hidden')
  // What waits to be found is text that is folded away.
  return style.get('display') === 'none' || (hidden !== null && hidden.toLowerCase() !== 'until-found')
}
