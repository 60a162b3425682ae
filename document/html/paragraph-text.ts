import type { Mark, Node } from 'prosemirror-model'
import { schema } from '../schema/schema.ts'

/** What CSS's `white-space` does to a text: collapses it, keeps its line breaks, or keeps all. */
export type WhiteSpace = 'collapse' | 'keep-lines' | 'preserve'

/** What stands for an object among characters. */
const OBJECT = '\ufffc'

interface Run {
  text: string
  readonly marks: readonly Mark[]
  /** An object, of which the text is `OBJECT`. */
  readonly object?: Node
}

/** Collects the text of one paragraph as a browser would show it, by the white space rules of CSS Text. */
export class ParagraphText {
  readonly #runs: Run[] = []
  /** Whether the text ends with a space that collapses with one after it and vanishes at a line's end. */
  #endsWithLooseSpace = false

  add(text: string, marks: readonly Mark[], whiteSpace: WhiteSpace): void {
    const source = text.replaceAll(/\r\n?/g, '\n')
    if (whiteSpace === 'preserve') {
      this.#append(source, marks)
      return
    }
    for (const token of source.match(/[ \t\n\f]+|[^ \t\n\f]+/g) ?? []) {
      if (/[^ \t\n\f]/.test(token)) this.#append(token, marks)
      else if (whiteSpace === 'keep-lines' && token.includes('\n')) {
        for (const _ of token.matchAll(/\n/g)) this.addBreak(marks)
      } else this.#addLooseSpace(marks)
    }
  }

  addBreak(marks: readonly Mark[]): void {
    this.#dropLooseSpace()
    this.#append('\n', marks)
  }

  /** Adds what stands in the line like a character, its marks on it. */
  addObject(object: Node): void {
    this.#runs.push({ text: OBJECT, marks: object.marks, object })
    this.#endsWithLooseSpace = false
  }

  /** The text, without the line break at its end, which a browser does not show. */
  finish(): readonly Node[] {
    this.#dropLooseSpace()
    if (this.#lastCharacter() === '\n') this.#dropLastCharacter()
    return this.#runs
      .filter((run) => run.text !== '')
      .map((run) => run.object ?? schema.text(run.text, run.marks))
  }

  #addLooseSpace(marks: readonly Mark[]): void {
    const last = this.#lastCharacter()
    if (last === undefined || last === '\n' || this.#endsWithLooseSpace) return
    this.#append(' ', marks)
    this.#endsWithLooseSpace = true
  }

  #append(text: string, marks: readonly Mark[]): void {
    if (text === '') return
    this.#runs.push({ text, marks })
    this.#endsWithLooseSpace = false
  }

  #lastCharacter(): string | undefined {
    return this.#runs.at(-1)?.text.at(-1)
  }

  #dropLooseSpace(): void {
    if (this.#endsWithLooseSpace) this.#dropLastCharacter()
    this.#endsWithLooseSpace = false
  }

  #dropLastCharacter(): void {
    const run = this.#runs.at(-1)
    if (!run) return
    run.text = run.text.slice(0, -1)
    if (run.text === '') this.#runs.pop()
  }
}
