import type { Mark, MarkType } from 'prosemirror-model'
import type { DomElement } from '../schema/dom.ts'
import { safeHref } from '../schema/safe-href.ts'
import { schema } from '../schema/schema.ts'

const { bold, italic, underline, strike, code, link } = schema.marks

const MARK_OF_TAG = new Map<string, MarkType>([
  ['B', bold],
  ['STRONG', bold],
  ['I', italic],
  ['EM', italic],
  ['U', underline],
  ['INS', underline],
  ['S', strike],
  ['STRIKE', strike],
  ['DEL', strike],
  ['CODE', code],
  ['KBD', code],
  ['SAMP', code],
  ['TT', code],
])

/**
 * The marks of an element's content, given those around it. The element's style is stronger than its tag, so that
 * Google Docs' `<b style="font-weight: normal">` around everything makes nothing bold.
 */
export function marksInside(
  element: DomElement,
  style: ReadonlyMap<string, string>,
  outer: readonly Mark[],
): readonly Mark[] {
  let marks = outer
  const set = (type: MarkType, on: boolean) => {
    marks = on ? type.create().addToSet(marks) : type.removeFromSet(marks)
  }

  const decoration = style.get('text-decoration-line') ?? style.get('text-decoration') ?? ''
  const ofTag = MARK_OF_TAG.get(element.nodeName)
  const undecorated = decoration === 'none' && (ofTag === underline || ofTag === strike)
  if (ofTag && !undecorated) set(ofTag, true)

  const href = element.nodeName === 'A' ? safeHref(element.getAttribute('href')) : null
  if (href !== null) marks = link.create({ href }).addToSet(marks)

  const weight = style.get('font-weight')
  // Browsers copy a heading with the weight that its style gives it: that is the heading's, not bold text.
  if (weight !== undefined && !/^H[1-6]$/.test(element.nodeName)) {
    if (/^(?:bold|bolder|[6-9]\d\d|1000)$/.test(weight)) set(bold, true)
    else if (/^(?:normal|lighter|[1-5]?\d?\d)$/.test(weight)) set(bold, false)
  }
  const slant = style.get('font-style')
  if (slant !== undefined) {
    if (/^(?:italic|oblique)/.test(slant)) set(italic, true)
    else if (slant === 'normal') set(italic, false)
  }
  // Links are underlined by their style; that alone is no underline of the writer's.
  if (/\bunderline\b/.test(decoration) && !link.isInSet(marks)) set(underline, true)
  if (/\bline-through\b/.test(decoration)) set(strike, true)
  return marks
}
