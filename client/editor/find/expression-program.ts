import type { Expression, ParsedExpression } from './expression-parser.ts'
import { FindProblem } from './find-problem.ts'

/** A step in searching for an expression; where it says nothing else, the next one follows. */
export type Instruction =
  | { readonly kind: 'character'; readonly holds: (codePoint: number) => boolean }
  | { readonly kind: 'assertion'; readonly source: '^' | '$' | '\\b' | '\\B' }
  /** Both ways are open; the first one is preferred. */
  | { readonly kind: 'fork'; first: number; second: number }
  | { readonly kind: 'jump'; to: number }
  /** The place is kept under this index. */
  | { readonly kind: 'save'; readonly index: number }
  | { readonly kind: 'found' }

/** What is repeated a fixed number of times is written so many times; longer programs than this are refused. */
const MAX_LENGTH = 3000

/** Makes of an expression what `searchExpression` runs. Group n begins and ends at the saved places 2n and 2n + 1. */
export function compileExpression(
  { expression }: ParsedExpression,
  matchCase: boolean,
): readonly Instruction[] {
  const compiler = new Compiler(matchCase)
  compiler.add({ kind: 'group', index: 0, content: expression })
  compiler.put({ kind: 'found' })
  return compiler.program
}

class Compiler {
  readonly program: Instruction[] = []
  readonly #flags: string
  readonly #tests = new Map<string, (codePoint: number) => boolean>()

  constructor(matchCase: boolean) {
    this.#flags = matchCase ? 'u' : 'iu'
  }

  put<T extends Instruction>(instruction: T): T {
    if (this.program.length >= MAX_LENGTH) throw new FindProblem('This expression is too long to search for.')
    this.program.push(instruction)
    return instruction
  }

  add(expression: Expression): void {
    switch (expression.kind) {
      case 'character':
        this.put({ kind: 'character', holds: this.#testOf(expression.source) })
        break
      case 'assertion':
        this.put({ kind: 'assertion', source: expression.source })
        break
      case 'sequence':
        for (const part of expression.parts) this.add(part)
        break
      case 'choice':
        this.#addChoice(expression.choices)
        break
      case 'group':
        this.#addGroup(expression.index, expression.content)
        break
      case 'repeat':
        this.#addRepeat(expression)
        break
    }
  }

  #addChoice(choices: readonly Expression[]): void {
    const ends: { to: number }[] = []
    for (const [i, choice] of choices.entries()) {
      if (i === choices.length - 1) {
        this.add(choice)
      } else {
        const fork = this.put({ kind: 'fork', first: this.#next + 1, second: 0 })
        this.add(choice)
        ends.push(this.put({ kind: 'jump', to: 0 }))
        fork.second = this.#next
      }
    }
    for (const end of ends) end.to = this.#next
  }

  #addGroup(index: number | null, content: Expression): void {
    if (index !== null) this.put({ kind: 'save', index: 2 * index })
    this.add(content)
    if (index !== null) this.put({ kind: 'save', index: 2 * index + 1 })
  }

  #addRepeat({ content, min, max, isLazy }: Expression & { readonly kind: 'repeat' }): void {
    for (let i = 0; i < min; i++) {
      const before = this.#next
      this.add(content)
      // Nothing, however often, is nothing.
      if (this.#next === before) return
    }
    if (max === Infinity) {
      const start = this.#next
      const fork = this.put({ kind: 'fork', first: 0, second: 0 })
      this.add(content)
      this.put({ kind: 'jump', to: start })
      setWays(fork, start + 1, this.#next, isLazy)
      return
    }
    const forks: { readonly fork: { first: number; second: number }; readonly inside: number }[] = []
    for (let i = min; i < max; i++) {
      const fork = this.put({ kind: 'fork', first: 0, second: 0 })
      forks.push({ fork, inside: this.#next })
      this.add(content)
    }
    for (const { fork, inside } of forks) setWays(fork, inside, this.#next, isLazy)
  }

  get #next(): number {
    return this.program.length
  }

  /** Whether one character is what a part of the expression stands for is the browser's to say; each is asked once. */
  #testOf(source: string): (codePoint: number) => boolean {
    const known = this.#tests.get(source)
    if (known !== undefined) return known
    const expression = new RegExp(`^(?:${source})$`, this.#flags)
    const answers = new Map<number, boolean>()
    const test = (codePoint: number): boolean => {
      let answer = answers.get(codePoint)
      if (answer === undefined) {
        answer = expression.test(String.fromCodePoint(codePoint))
        answers.set(codePoint, answer)
      }
      return answer
    }
    this.#tests.set(source, test)
    return test
  }
}

function setWays(
  fork: { first: number; second: number },
  inside: number,
  behind: number,
  isLazy: boolean,
): void {
  fork.first = isLazy ? behind : inside
  fork.second = isLazy ? inside : behind
}
