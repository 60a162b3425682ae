import type { Instruction } from './expression-program.ts'
import type { Effort } from './effort.ts'

/** The places that were saved, by index; undefined for groups that had no part in it. */
export type Saved = readonly (number | undefined)[]

/** A way through the expression that is still open. */
interface Thread {
  readonly at: number
  readonly saved: Saved
}

/**
 * The first place from an offset on where a text matches an expression, as JavaScript finds it, or null. All ways are
 * followed side by side, character by character, so that the time is that of the text's length times the expression's,
 * whatever both are: an expression that tries one way after the other can take years.
 */
export function searchExpression(
  program: readonly Instruction[],
  text: string,
  start: number,
  effort: Effort,
): Saved | null {
  return new Search(program, text, effort).run(start)
}

class Search {
  readonly #program: readonly Instruction[]
  readonly #text: string
  readonly #effort: Effort
  /** At which offset an instruction was reached last: whoever comes there later is less preferred. */
  readonly #reached: Int32Array

  constructor(program: readonly Instruction[], text: string, effort: Effort) {
    this.#program = program
    this.#text = text
    this.#effort = effort
    this.#reached = new Int32Array(program.length).fill(-1)
  }

  run(start: number): Saved | null {
    let found: Saved | null = null
    let threads: Thread[] = []
    let offset = start
    for (;;) {
      if (found === null) this.#follow(0, offset, [], threads)
      const codePoint = this.#text.codePointAt(offset)
      const width = codePoint !== undefined && codePoint > 0xffff ? 2 : 1
      const next: Thread[] = []
      for (const { at, saved } of threads) {
        const instruction = this.#program[at]
        if (instruction?.kind === 'found') {
          found = saved
          // The others are less preferred.
          break
        }
        if (instruction?.kind === 'character' && codePoint !== undefined && instruction.holds(codePoint))
          this.#follow(at + 1, offset + width, saved, next)
      }
      if (codePoint === undefined || (found !== null && next.length === 0)) return found
      threads = next
      offset += width
    }
  }

  /** Adds what can be reached from an instruction without going on in the text. */
  #follow(at: number, offset: number, saved: Saved, threads: Thread[]): void {
    this.#effort.spend()
    if (this.#reached[at] === offset) return
    this.#reached[at] = offset
    const instruction = this.#program[at]
    switch (instruction?.kind) {
      case undefined:
        break
      case 'character':
      case 'found':
        threads.push({ at, saved })
        break
      case 'jump':
        this.#follow(instruction.to, offset, saved, threads)
        break
      case 'fork':
        this.#follow(instruction.first, offset, saved, threads)
        this.#follow(instruction.second, offset, saved, threads)
        break
      case 'save': {
        this.#effort.spend(saved.length)
        const places = [...saved]
        places[instruction.index] = offset
        this.#follow(at + 1, offset, places, threads)
        break
      }
      case 'assertion':
        if (this.#holds(instruction.source, offset)) this.#follow(at + 1, offset, saved, threads)
        break
    }
  }

  #holds(assertion: '^' | '$' | '\\b' | '\\B', offset: number): boolean {
    const [before, behind] = [this.#text[offset - 1], this.#text[offset]]
    if (assertion === '^') return before === undefined || before === '\n'
    if (assertion === '$') return behind === undefined || behind === '\n'
    return (isWord(before) !== isWord(behind)) === (assertion === '\\b')
  }
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character)
}
