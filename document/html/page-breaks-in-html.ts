import type { DomElement } from '../schema/dom.ts'

/** Whether an element is nothing but a page break: Google Docs' hidden line, Word's line break, or this editor's own. */
export function isPageBreak(element: DomElement, style: ReadonlyMap<string, string>): boolean {
  if (element.nodeName !== 'HR' && element.nodeName !== 'BR') return false
  if (element.getAttribute('data-page-break') !== null || breaksBefore(style) || breaksAfter(style))
    return true
  if (style.get('mso-special-character') === 'page-break') return true
  return /(?:^|[\s-])page-?break(?:\s|$)/i.test(element.getAttribute('class') ?? '')
}

/** Whether an element begins on a new page. */
export function breaksBefore(style: ReadonlyMap<string, string>): boolean {
  return isNewPage(style.get('break-before') ?? style.get('page-break-before'))
}

/** Whether what comes after an element begins on a new page. */
export function breaksAfter(style: ReadonlyMap<string, string>): boolean {
  return isNewPage(style.get('break-after') ?? style.get('page-break-after'))
}

function isNewPage(value: string | undefined): boolean {
  return value === 'always' || value === 'page'
}
