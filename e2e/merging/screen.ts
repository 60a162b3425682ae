import type { Page } from '@playwright/test'

/** Text of one look. Marks are `bold`, `italic`, `underline`, `strike`, `code` and `link:<address>`. */
export interface Run {
  readonly text: string
  readonly marks: readonly string[]
}

/** A paragraph as it is drawn. */
export interface Paragraph {
  readonly kind: 'paragraph'
  /** `normal`, `heading1` to `heading6`, `quote`, or what else the page says. */
  readonly style: string
  readonly list: string | null
  readonly indent: number
  /** Null for the side on which the text's script begins. */
  readonly align: string | null
  readonly runs: readonly Run[]
}

/** A table cell with its place in the grid, counted from 0. */
export interface Cell {
  readonly row: number
  readonly column: number
  readonly rows: number
  readonly columns: number
  readonly paragraphs: readonly Paragraph[]
}

export interface Table {
  readonly kind: 'table'
  readonly rows: number
  readonly columns: number
  /** Whether every place of the grid belongs to exactly one cell. */
  readonly isRectangular: boolean
  readonly cells: readonly Cell[]
}

/** What is neither, such as a rule. */
interface OtherBlock {
  readonly kind: 'other'
  readonly tag: string
}

type Block = Paragraph | Table | OtherBlock

/** A document as one person sees it: plain data, read from the page alone. */
export type Screen = readonly Block[]

export interface RawCell {
  readonly rows: number
  readonly columns: number
  readonly paragraphs: readonly Paragraph[]
}
interface RawTable {
  readonly kind: 'rows'
  readonly rows: readonly (readonly RawCell[])[]
}

const MARK_OF_TAG = {
  STRONG: 'bold',
  B: 'bold',
  EM: 'italic',
  I: 'italic',
  U: 'underline',
  S: 'strike',
  DEL: 'strike',
  CODE: 'code',
} as const

/** Reads what a page shows. */
export async function readScreen(page: Page): Promise<Screen> {
  const blocks = await page.locator('.ProseMirror').evaluate(readEditor, MARK_OF_TAG)
  return blocks.map((block) => (block.kind === 'rows' ? tableOf(block.rows) : block))
}

/** Puts rows of cells, each with its spans, onto a grid. */
export function tableOf(rows: readonly (readonly RawCell[])[]): Table {
  const taken = new Map<string, number>()
  const cells: Cell[] = []
  let columns = 0
  let height = rows.length
  for (const [row, rawCells] of rows.entries()) {
    let column = 0
    for (const raw of rawCells) {
      while (taken.has(`${row}:${column}`)) column++
      for (let y = row; y < row + raw.rows; y++) {
        for (let x = column; x < column + raw.columns; x++) {
          taken.set(`${y}:${x}`, (taken.get(`${y}:${x}`) ?? 0) + 1)
        }
      }
      cells.push({ row, column, rows: raw.rows, columns: raw.columns, paragraphs: raw.paragraphs })
      columns = Math.max(columns, column + raw.columns)
      height = Math.max(height, row + raw.rows)
    }
  }
  const isRectangular = taken.size === height * columns && [...taken.values()].every((count) => count === 1)
  return { kind: 'table', rows: height, columns, isRectangular, cells }
}

/** Runs in the page, so it holds all that it needs. */
function readEditor(
  editor: Element,
  markOfTag: Readonly<Record<string, string>>,
): (Paragraph | RawTable | OtherBlock)[] {
  const runsOf = (block: Element): Run[] => {
    const runs: Run[] = []
    // What is only drawn otherwise for one of them, such as what the find panel has found, divides no run.
    const add = (text: string, marks: readonly string[]): void => {
      const last = runs.at(-1)
      if (last?.marks.join(' ') === marks.join(' ')) runs[runs.length - 1] = { text: last.text + text, marks }
      else runs.push({ text, marks })
    }
    const walk = (parent: Node, marks: readonly string[]): void => {
      for (const child of parent.childNodes) {
        if (child instanceof Text) add(child.data, marks)
        else if (child instanceof HTMLElement && child.tagName === 'BR') {
          if (!child.classList.contains('ProseMirror-trailingBreak')) add('\n', marks)
        } else if (child instanceof HTMLElement && child.contentEditable !== 'false') {
          const mark =
            child.tagName === 'A' ? `link:${child.getAttribute('href') ?? ''}` : markOfTag[child.tagName]
          walk(child, mark === undefined ? marks : [...marks, mark].toSorted())
        }
      }
    }
    walk(block, [])
    return runs
  }
  const paragraphOf = (block: HTMLElement): Paragraph => {
    const align = getComputedStyle(block).textAlign
    const level = /^H([1-6])$/.exec(block.tagName)?.[1]
    const styleOfTag = block.tagName === 'BLOCKQUOTE' ? 'quote' : 'normal'
    return {
      kind: 'paragraph',
      style: block.dataset['style'] ?? (level === undefined ? styleOfTag : `heading${level}`),
      list: block.dataset['list'] ?? null,
      indent: Number(block.dataset['indent'] ?? 0),
      align: align === 'start' || align === 'left' || align === '-webkit-auto' ? null : align,
      runs: runsOf(block),
    }
  }
  const cellOf = (cell: HTMLTableCellElement): RawCell => {
    const blocks = [...cell.querySelectorAll<HTMLElement>('p, h1, h2, h3, h4, h5, h6, blockquote')]
    return {
      rows: cell.rowSpan,
      columns: cell.colSpan,
      paragraphs: (blocks.length === 0 ? [cell] : blocks).map(paragraphOf),
    }
  }
  const blocks: (Paragraph | RawTable | OtherBlock)[] = []
  for (const block of editor.children) {
    // The caret between two blocks is drawn as one of them, and only for whom it is.
    if (!(block instanceof HTMLElement) || block.classList.contains('ProseMirror-widget')) continue
    const table = block instanceof HTMLTableElement ? block : block.querySelector('table')
    if (table) {
      blocks.push({ kind: 'rows', rows: [...table.rows].map((row) => [...row.cells].map(cellOf)) })
    } else if (/^(P|DIV|H[1-6]|BLOCKQUOTE|LI)$/.test(block.tagName)) {
      blocks.push(paragraphOf(block))
    } else if (block.isContentEditable) {
      blocks.push({ kind: 'other', tag: block.tagName.toLowerCase() })
    }
  }
  return blocks
}
