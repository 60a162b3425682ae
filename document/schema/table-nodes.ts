import type { Attrs, AttributeSpec, NodeSpec } from 'prosemirror-model'
import type { DomElement } from './dom.ts'

/** The most rows or columns that one cell covers. */
const MAX_SPAN = 1000

/** A larger table is not drawn as one: see `FORM.md`. */
export const MAX_TABLE_CELLS = 10_000

/** The widest column, in CSS pixels. */
const MAX_COLUMN_WIDTH = 2000

/** How many rows or columns a cell covers, whatever says it: the nearest number that is one. */
export function clampSpan(value: unknown): number {
  const span = Math.trunc(Number(value))
  return span >= 1 ? Math.min(span, MAX_SPAN) : 1
}

/** A column's width in whole CSS pixels; 0 for none. */
export function clampColumnWidth(value: unknown): number {
  return typeof value === 'number' && value >= 1 ? Math.min(Math.round(value), MAX_COLUMN_WIDTH) : 0
}

// Other than of paragraphs, these are checked: what computes with them would never end, or throw.
const span: AttributeSpec = {
  default: 1,
  validate(value: unknown) {
    if (clampSpan(value) !== value) throw new RangeError(`A cell cannot span ${String(value)}`)
  },
}

const cellAttributes: Readonly<Record<string, AttributeSpec>> = {
  colspan: span,
  rowspan: span,
  /** The widths of the columns that it covers, in CSS pixels, 0 being any; null if none has one. */
  colwidth: {
    default: null,
    validate(value: unknown) {
      const isWidths = Array.isArray(value) && value.every((width) => Number.isFinite(width) && width >= 0)
      if (value !== null && !isWidths) throw new RangeError(`Columns cannot be ${JSON.stringify(value)} wide`)
    },
  },
}

function cell(tag: 'td' | 'th', tableRole: string): NodeSpec {
  return {
    content: 'block+',
    attrs: cellAttributes,
    tableRole,
    isolating: true,
    parseDOM: [{ tag, getAttrs: spansOf }],
    toDOM: ({ attrs }) => [tag, spanAttributes(attrs), 0],
  }
}

function spansOf(element: DomElement): Attrs {
  const [colspan, rowspan] = ['colspan', 'rowspan'].map((name) => clampSpan(element.getAttribute(name)))
  return { colspan, rowspan }
}

/** The HTML attributes of a cell that covers several places. */
export function spanAttributes({ colspan, rowspan }: Attrs): Record<string, string> {
  return {
    ...(colspan !== 1 && { colspan: String(colspan) }),
    ...(rowspan !== 1 && { rowspan: String(rowspan) }),
  }
}

/**
 * The nodes of tables, as prosemirror-tables knows them by their `tableRole`. A table is no `block`, which is what cells
 * hold: there are no tables in tables.
 */
export const tableNodes = {
  table: {
    content: 'table_row+',
    tableRole: 'table',
    isolating: true,
    parseDOM: [{ tag: 'table' }],
    toDOM: () => ['table', ['tbody', 0]],
  },
  table_row: {
    content: '(table_cell | table_header)*',
    tableRole: 'row',
    parseDOM: [{ tag: 'tr' }],
    toDOM: () => ['tr', 0],
  },
  table_cell: cell('td', 'cell'),
  table_header: cell('th', 'header_cell'),
} satisfies Record<string, NodeSpec>
