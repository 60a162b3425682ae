import type { Cell, Paragraph, Screen, Table } from './screen.ts'

/** A known word as it is on a screen. */
export interface SeenWord {
  readonly word: string
  /** The index of its block in the document, and of its paragraph among all, those of cells included. */
  readonly block: number
  readonly paragraphIndex: number
  readonly paragraph: Paragraph
  readonly cell: Cell | null
  /** The marks of each of its characters. */
  readonly marks: readonly (readonly string[])[]
}

/** A screen, read word by word. */
export class Seen {
  readonly screen: Screen
  /** In reading order. */
  readonly words: readonly SeenWord[]
  /** What is left of the text when the known words are taken out: torn words, or anything unknown. */
  readonly leftovers: readonly string[]
  readonly paragraphs: readonly Paragraph[]

  constructor(screen: Screen, vocabulary: Iterable<string>) {
    this.screen = screen
    const pattern = new RegExp([...vocabulary].toSorted((a, b) => b.length - a.length).join('|'), 'g')
    const words: SeenWord[] = []
    const leftovers: string[] = []
    const paragraphs: Paragraph[] = []
    const read = (paragraph: Paragraph, block: number, cell: Cell | null): void => {
      const characters = paragraph.runs.flatMap(({ text, marks }) =>
        Array.from({ length: text.length }, () => marks),
      )
      const text = paragraph.runs.map((run) => run.text).join('')
      for (const { 0: word, index } of text.matchAll(pattern)) {
        const marks = characters.slice(index, index + word.length)
        words.push({ word, block, paragraphIndex: paragraphs.length, paragraph, cell, marks })
      }
      const rest = text.replaceAll(pattern, ' ')
      leftovers.push(...rest.split(/\s+/).filter((piece) => piece !== ''))
      paragraphs.push(paragraph)
    }
    for (const [block, content] of screen.entries()) {
      if (content.kind === 'paragraph') read(content, block, null)
      if (content.kind !== 'table') continue
      for (const cell of content.cells) for (const paragraph of cell.paragraphs) read(paragraph, block, cell)
    }
    this.words = words
    this.leftovers = leftovers
    this.paragraphs = paragraphs
  }

  count(word: string): number {
    return this.words.filter((seen) => seen.word === word).length
  }

  /** The first place of a word, or undefined. */
  find(word: string): SeenWord | undefined {
    return this.words.find((seen) => seen.word === word)
  }

  /** Whether a word is in one paragraph with one of these, or none of these is there. */
  isBeside(word: string, ...others: readonly string[]): boolean {
    const present = others.flatMap((other) => this.find(other) ?? [])
    const paragraph = this.find(word)?.paragraphIndex
    return present.length === 0 || present.some((other) => other.paragraphIndex === paragraph)
  }

  /** Whether the first word's paragraph is before the second's, or one of them is nowhere. */
  isBefore(word: string, other: string): boolean {
    const [one, two] = [this.find(word), this.find(other)]
    return one === undefined || two === undefined || one.paragraphIndex < two.paragraphIndex
  }

  /** Whether every character of a word, from an offset on, has a mark, wherever the word is. */
  isMarked(word: string, mark: string, from = 0): boolean {
    return this.words
      .filter((seen) => seen.word === word)
      .every(({ marks }) => marks.slice(from).every((each) => each.includes(mark)))
  }

  get table(): Table | undefined {
    return this.screen.find((block) => block.kind === 'table')
  }

  /** The grid row of a word's cell, or -1 if it is in none. */
  rowOf(word: string): number {
    return this.find(word)?.cell?.row ?? -1
  }

  columnOf(word: string): number {
    return this.find(word)?.cell?.column ?? -1
  }

  /** The rows of the grid in which no cell with a word begins. */
  get emptyRows(): number[] {
    const used = new Set(this.words.map(({ cell }) => cell?.row))
    return Array.from({ length: this.table?.rows ?? 0 }, (_, row) => row).filter((row) => !used.has(row))
  }

  get emptyColumns(): number[] {
    const used = new Set(this.words.map(({ cell }) => cell?.column))
    const columns = Array.from({ length: this.table?.columns ?? 0 }, (_, column) => column)
    return columns.filter((column) => !used.has(column))
  }
}
