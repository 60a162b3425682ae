import { FindProblem } from './find-problem.ts'

/** What an expression consists of. */
export type Expression =
  /** One character, as a regular expression of its own: `a`, `.`, `[a-z]`, `\d`. */
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'assertion'; readonly source: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly choices: readonly Expression[] }
  /** `index` is that of a group that captures. */
  | { readonly kind: 'group'; readonly index: number | null; readonly content: Expression }
  | {
      readonly kind: 'repeat'
      readonly content: Expression
      readonly min: number
      /** May be infinite. */
      readonly max: number
      readonly isLazy: boolean
    }

export interface ParsedExpression {
  readonly expression: Expression
  readonly groupCount: number
  /** The index of each group that has a name. */
  readonly names: ReadonlyMap<string, number>
}

/** In characters: a longer one may be nested so deep that parsing it overflows the stack. */
const MAX_LENGTH = 1000

/**
 * Parses a regular expression of JavaScript's (flag `u`). What cannot be searched for in linear time, references and
 * looking around, is a `FindProblem`, as is what is no expression.
 */
export function parseExpression(source: string): ParsedExpression {
  if (source.length > MAX_LENGTH) throw new FindProblem('This expression is too long to search for.')
  try {
    // oxlint-disable-next-line no-new -- for what it throws
    new RegExp(source, 'u')
  } catch (error) {
    throw new FindProblem(reasonOf(error))
  }
  return new Parser(source).parse()
}

/** Without the expression itself, which stands beside the message. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  const reason = /: ([^:]+)$/.exec(message)?.[1] ?? message
  return `This is no regular expression: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}.`
}

/** Of what the browser has found to be an expression. */
class Parser {
  readonly #source: string
  readonly #names = new Map<string, number>()
  #at = 0
  #groupCount = 0

  constructor(source: string) {
    this.#source = source
  }

  parse(): ParsedExpression {
    const expression = this.#choice()
    return { expression, groupCount: this.#groupCount, names: this.#names }
  }

  #choice(): Expression {
    const choices = [this.#sequence()]
    while (this.#take('|')) choices.push(this.#sequence())
    const [only] = choices
    return choices.length === 1 && only !== undefined ? only : { kind: 'choice', choices }
  }

  #sequence(): Expression {
    const parts: Expression[] = []
    while (this.#at < this.#source.length && !this.#isAt('|') && !this.#isAt(')')) parts.push(this.#term())
    return { kind: 'sequence', parts }
  }

  #term(): Expression {
    for (const source of ['^', '$', '\\b', '\\B'] as const) {
      if (this.#take(source)) return { kind: 'assertion', source }
    }
    return this.#repeated(this.#take('(') ? this.#group() : { kind: 'character', source: this.#character() })
  }

  #group(): Expression {
    let index: number | null = null
    if (this.#take('?:')) {
      // It only holds together.
    } else if (/^\?<?[=!]/.test(this.#rest)) {
      throw new FindProblem('Expressions that look ahead or behind are not supported.')
    } else if (this.#isAt('?<')) {
      const name = /^\?<([^>]*)>/.exec(this.#rest)?.[1] ?? ''
      this.#at += name.length + 3
      index = ++this.#groupCount
      this.#names.set(name, index)
    } else if (this.#isAt('?')) {
      throw new FindProblem('Groups with modifiers are not supported.')
    } else {
      index = ++this.#groupCount
    }
    const content = this.#choice()
    this.#take(')')
    return { kind: 'group', index, content }
  }

  #repeated(content: Expression): Expression {
    const [all, sign, least, comma, most] =
      /^(?:([*+?])|\{(\d+)(,?)(\d*)\})/.exec(this.#rest) ?? ([] as (string | undefined)[])
    if (all === undefined) return content
    this.#at += all.length
    const isLazy = this.#take('?')
    const min = sign === undefined ? Number(least) : sign === '+' ? 1 : 0
    const max =
      sign === undefined
        ? comma === ''
          ? min
          : most === ''
            ? Infinity
            : Number(most)
        : sign === '?'
          ? 1
          : Infinity
    return { kind: 'repeat', content, min, max, isLazy }
  }

  /** The source of what stands for one character. */
  #character(): string {
    const [found] = /^(?:\[(?:\\.|[^\]\\])*\]|\\[\s\S]|[\s\S])/u.exec(this.#rest) ?? ['']
    if (/^\\[1-9k]/.test(found)) throw new FindProblem('Expressions that refer to a group are not supported.')
    const [escape] = /^\\(?:u\{[\da-f]+\}|u[\da-f]{4}(?:\\u[\da-f]{4})?|x[\da-f]{2}|c[a-z]|p\{[^}]*\})/i.exec(
      this.#rest,
    ) ?? [found]
    this.#at += escape.length
    return escape
  }

  get #rest(): string {
    return this.#source.slice(this.#at)
  }

  #isAt(text: string): boolean {
    return this.#source.startsWith(text, this.#at)
  }

  #take(text: string): boolean {
    const isHere = this.#isAt(text)
    if (isHere) this.#at += text.length
    return isHere
  }
}
