/** The named styles of a paragraph, as its attribute `style` holds them. */
export const PARAGRAPH_STYLES = [
  'normal',
  'title',
  'subtitle',
  'heading1',
  'heading2',
  'heading3',
  'heading4',
  'heading5',
  'heading6',
  'quote',
] as const
export type ParagraphStyle = (typeof PARAGRAPH_STYLES)[number]

/** The kinds of list that a paragraph can be an item of. */
export const LIST_KINDS = ['bullet', 'ordered', 'task'] as const
export type ListKind = (typeof LIST_KINDS)[number]

export const ALIGNMENTS = ['left', 'center', 'right', 'justify'] as const
export type Alignment = (typeof ALIGNMENTS)[number]

/** The deepest indent of a paragraph, and so the deepest level of a list, counted from 0. */
export const MAX_INDENT = 8

/** What a paragraph is, beside its text. */
export interface ParagraphAttributes {
  readonly style: ParagraphStyle
  /** Null for a paragraph that is no list item. */
  readonly list: ListKind | null
  /** Whether a task is done; means nothing outside task lists. */
  readonly checked: boolean
  /** 0 to `MAX_INDENT`; in a list it is the item's level. */
  readonly indent: number
  /** Null for the side on which the text's script begins. */
  readonly align: Alignment | null
}

export const DEFAULT_PARAGRAPH: ParagraphAttributes = {
  style: 'normal',
  list: null,
  checked: false,
  indent: 0,
  align: null,
}

/**
 * A paragraph's attributes as this version understands them. A shared document may hold anything there, from a later
 * version or from a broken peer: what is unknown reads as the default, an unknown list as bullets. Never throws.
 */
export function readParagraphAttributes(attrs: Readonly<Record<string, unknown>>): ParagraphAttributes {
  const { style, list, checked, indent, align } = attrs
  return {
    style: PARAGRAPH_STYLES.find((known) => known === style) ?? 'normal',
    list: typeof list === 'string' ? (LIST_KINDS.find((known) => known === list) ?? 'bullet') : null,
    checked: checked === true,
    indent: clampIndent(indent),
    align: ALIGNMENTS.find((known) => known === align) ?? null,
  }
}

/** The nearest legal indent; 0 for what is no number. */
export function clampIndent(indent: unknown): number {
  if (typeof indent !== 'number' || Number.isNaN(indent)) return 0
  return Math.min(Math.max(Math.round(indent), 0), MAX_INDENT)
}

/** The level of a heading style, 1 to 6, or null for every other style. */
export function headingLevel(style: ParagraphStyle): number | null {
  return style.startsWith('heading') ? Number(style.slice('heading'.length)) : null
}
