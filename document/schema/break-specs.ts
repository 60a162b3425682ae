import type { NodeSpec } from 'prosemirror-model'

/** A line across the page. */
export const rule: NodeSpec = { group: 'block', parseDOM: [{ tag: 'hr' }], toDOM: () => ['hr'] }

/** What comes after it begins on a new page when it is printed. */
export const pageBreak: NodeSpec = {
  group: 'block',
  kind: 'pageBreak',
  parseDOM: [{ tag: 'hr[data-page-break]', priority: 60 }],
  toDOM: () => ['hr', { 'data-page-break': '', 'aria-label': 'Page break' }],
}
