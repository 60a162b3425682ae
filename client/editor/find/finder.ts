import type { Effort } from './effort.ts'
import { parseExpression } from './expression-parser.ts'
import { compileExpression } from './expression-program.ts'
import { searchExpression } from './expression-search.ts'

/** What somebody looks for. */
export interface FindOptions {
  readonly text: string
  readonly matchCase: boolean
  readonly wholeWord: boolean
  /** Whether the text is a regular expression. */
  readonly isExpression: boolean
}

/** A place in a text that is what was looked for; never an empty one. */
export interface Found {
  readonly from: number
  readonly to: number
  /** What `$1`, `$2` … and `$<name>` stand for in a replacement. */
  readonly groups: ReadonlyMap<string, string>
}

/** Looks for something in texts, in time proportional to their length. */
export interface Finder {
  /** All places in a text, which do not overlap. Throws a `FindProblem` if it is too much effort. */
  findIn(text: string, effort: Effort): readonly Found[]
  /** The text that comes in place of what was found. */
  replacementOf(found: Found, replacement: string): string
}

/** Throws a `FindProblem` if that is nothing that can be looked for. */
export function createFinder(options: FindOptions): Finder {
  return options.isExpression ? createExpressionFinder(options) : createTextFinder(options)
}

const NO_GROUPS: ReadonlyMap<string, string> = new Map()
const WORD = String.raw`[\p{L}\p{M}\p{N}_]`

function createTextFinder({ text: wanted, matchCase, wholeWord }: FindOptions): Finder {
  const escaped = wanted.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  const source = wholeWord ? `(?<!${WORD})${escaped}(?!${WORD})` : escaped
  const expression = new RegExp(source, matchCase ? 'gu' : 'giu')
  return {
    findIn: (text, effort) => {
      effort.spend(text.length)
      if (wanted === '') return []
      return Array.from(text.matchAll(expression), (match) => ({
        from: match.index,
        to: match.index + match[0].length,
        groups: NO_GROUPS,
      }))
    },
    replacementOf: (_found, replacement) => replacement,
  }
}

function createExpressionFinder({ text: source, matchCase, wholeWord }: FindOptions): Finder {
  const parsed = parseExpression(source)
  const program = compileExpression(parsed, matchCase)
  const names = new Map([...parsed.names].map(([name, index]) => [index, name]))
  const groupsOf = (text: string, saved: readonly (number | undefined)[]): Map<string, string> => {
    const groups = new Map<string, string>()
    for (let index = 0; index <= parsed.groupCount; index++) {
      const [from, to] = [saved[2 * index], saved[2 * index + 1]]
      const content = from === undefined || to === undefined ? '' : text.slice(from, to)
      groups.set(String(index), content)
      const name = names.get(index)
      if (name !== undefined) groups.set(name, content)
    }
    return groups
  }
  return {
    findIn: (text, effort) => {
      const all: Found[] = []
      if (source === '') return all
      for (let at = 0; at <= text.length;) {
        const saved = searchExpression(program, text, at, effort)
        const [from, to] = [saved?.[0], saved?.[1]]
        if (saved === null || from === undefined || to === undefined) break
        const isFit = to > from && (!wholeWord || isWholeWord(text, from, to))
        if (isFit) all.push({ from, to, groups: groupsOf(text, saved) })
        at = isFit ? to : from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1)
      }
      return all
    },
    replacementOf: ({ groups }, replacement) =>
      replacement.replaceAll(/\$(?:(\$)|&|(\d{1,2})|<([^>]*)>)/g, (all, dollar, index, name) => {
        if (dollar !== undefined) return '$'
        const key = String(index === undefined ? (name ?? 0) : Number(index))
        return groups.get(key) ?? (typeof index === 'string' ? all : '')
      }),
  }
}

function isWholeWord(text: string, from: number, to: number): boolean {
  const [before, behind] = [text.slice(Math.max(0, from - 2), from), text.slice(to, to + 2)]
  return !new RegExp(`${WORD}$`, 'u').test(before) && !new RegExp(`^${WORD}`, 'u').test(behind)
}
