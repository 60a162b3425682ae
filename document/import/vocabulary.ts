import type { Mark } from 'prosemirror-model'
import type { ListKind, ParagraphAttributes } from '../schema/paragraph-attributes.ts'
import type { ForeignMark, ForeignNode } from './foreign-tree.ts'

/** What a block of another editor is here. */
type BlockRole =
  /** A paragraph with these attributes; what is around it, a list item or a quote, adds its own. */
  | { readonly role: 'paragraph'; readonly attributes?: (node: ForeignNode) => Partial<ParagraphAttributes> }
  | { readonly role: 'code' | 'rule' | 'page-break' | 'image' }
  /** A file of another sort: a link to it. */
  | { readonly role: 'file' }
  | { readonly role: 'list'; readonly list: ListKind }
  | { readonly role: 'item' | 'quote' | 'table' }
  /** What is in it stands under the block before. */
  | { readonly role: 'children' }
  /** Nothing but what is in it. */
  | { readonly role: 'group' }

/** How a block of another editor is read. */
export type BlockRule = BlockRole & {
  /** The attributes that are read. Of the others it is said that they are dropped. */
  readonly uses?: readonly string[]
  /** What became of it, if its role is not all that it was. */
  readonly outcome?: string
}

/** How a node in a line is read. */
type InlineRule =
  | { readonly role: 'image'; readonly uses: readonly string[] }
  | {
      readonly role: 'text'
      readonly text: (node: ForeignNode) => string
      /** What became of it, if its text is not all that it was. */
      readonly outcome?: string
      readonly uses?: readonly string[]
    }

/** How a mark is read. */
export interface MarkRule {
  /** Null for one that cannot be kept. */
  readonly mark: (mark: ForeignMark) => Mark | null
  readonly uses?: readonly string[]
}

/** What the documents of another editor are made of, by the names that it has for it. */
export interface Vocabulary {
  /** The name of the fragment, where nobody has chosen another. */
  readonly fragment: string
  readonly blocks: Readonly<Record<string, BlockRule>>
  readonly inline: Readonly<Record<string, InlineRule>>
  readonly marks: Readonly<Record<string, MarkRule>>
  readonly row: string
  /** The names of a table's cells, with whether they are headings. */
  readonly cells: Readonly<Record<string, { readonly isHeader: boolean; readonly uses: readonly string[] }>>
  /** Values of attributes that everything has until somebody chooses another; null and false are so always. */
  readonly defaults: Readonly<Record<string, unknown>>
  /** Attributes that are of no use to readers. */
  readonly ignored: readonly string[]
}
