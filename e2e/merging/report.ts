import { actionNames, FAILURES, pairName } from './actions.ts'
import type { CellResult } from './matrix.ts'
import type { Paragraph, Screen } from './screen.ts'

/** What a run has found, cell by cell, as the result file holds it. */
export interface MatrixResult {
  readonly binding: string
  readonly cells: readonly CellResult[]
}

const WITNESSES = ['the first', 'the second', 'who opens it anew'] as const

/** How a cell is shown in the matrix. */
const SIGNS = {
  diverged: '≠',
  'text lost': 'L',
  doubled: '2',
  'deleted text back': 'B',
  misplaced: 'M',
  'formatting lost': 'F',
  'structure lost': 'S',
} as const

function row(values: readonly (string | number)[]): string {
  return `| ${values.join(' | ')} |`
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)]
}

/** A page about a run: totals, the matrix, and each failed cell as both see it before and after. */
export function reportPage({ binding, cells }: MatrixResult): string {
  const offered = cells.filter(({ outcome }) => outcome !== 'not offered')
  const passed = offered.filter(({ outcome }) => outcome === 'passed')
  const failed = offered.filter(({ outcome }) => outcome === 'failed')
  const bare = failed.filter(({ limit }) => limit === null)
  const withoutLimits = offered.length - (failed.length - bare.length)
  const byPair = new Map(cells.map((cell) => [cell.pair, cell]))
  const times = offered.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b)
  return [
    `# Pairs of actions, ${binding} binding`,
    '',
    `${passed.length} of ${offered.length} ordered pairs are as EXPECTATIONS.md says (${percent(passed.length, offered.length)});`,
    `of those that are no known limit ${passed.length} of ${withoutLimits} (${percent(passed.length, withoutLimits)}).`,
    `${cells.length - offered.length} pairs have an action that the page does not offer. A pair took ${times[times.length >> 1] ?? 0} ms (median).`,
    '',
    ...table(
      ['', 'what happened', 'pairs'],
      FAILURES.map((failure) => [
        SIGNS[failure],
        failure,
        failed.filter(({ faults }) => faults[0]?.failure === failure).length,
      ]),
    ),
    '',
    '## Cell by cell',
    '',
    '✓ as expected, – not offered, empty: not run; otherwise the worst that happened.',
    '',
    ...table(
      ['', ...actionNames.map((_, index) => String(index + 1))],
      actionNames.map((first, index) => [
        `${index + 1} ${first}`,
        ...actionNames.map((second) => {
          const cell = byPair.get(pairName([first, second]))
          if (cell === undefined) return ''
          if (cell.outcome !== 'failed') return cell.outcome === 'passed' ? '✓' : '–'
          const [fault] = cell.faults
          return fault === undefined ? '?' : SIGNS[fault.failure]
        }),
      ]),
    ),
    '',
    '## What failed',
    '',
    ...failed.flatMap(({ pair, rule, limit, faults, before, after }) => [
      `### ${pair}`,
      '',
      `Rule: ${rule}${limit === null ? '' : `; known limit: ${limit}`}`,
      '',
      ...faults.map(({ failure, detail }) => `- ${failure}: ${detail}`),
      '',
      '```',
      'before',
      ...linesOf(before),
      ...after.flatMap((screen, index) => [
        after.length === 1 ? 'after' : `after, ${WITNESSES[index] ?? ''} sees`,
        ...linesOf(screen),
      ]),
      '```',
      '',
    ]),
  ].join('\n')
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${Math.round((100 * part) / whole)} %`
}

/** A screen in words: a line to each block, what it is in angles, marked text in brackets. */
export function linesOf(screen: Screen): string[] {
  return screen.flatMap((block) => {
    if (block.kind === 'paragraph') return [`  ${lineOf(block)}`]
    if (block.kind === 'other') return [`  <${block.tag}>`]
    return Array.from({ length: block.rows }, (_, index) => {
      const cells = block.cells.filter((cell) => cell.row === index)
      const texts = cells.map(({ paragraphs, rows, columns }) => {
        const span = rows > 1 || columns > 1 ? `<${rows}×${columns}> ` : ''
        return span + paragraphs.map(lineOf).join(' / ')
      })
      return `  | ${texts.join(' | ')} |`
    })
  })
}

function lineOf({ style, list, indent, align, runs }: Paragraph): string {
  const looks = [
    style === 'normal' ? null : style,
    list,
    indent === 0 ? null : `indent ${indent}`,
    align,
  ].filter((look) => look !== null)
  const text = runs.map((run) =>
    run.marks.length === 0 ? run.text : `[${run.text}](${run.marks.join(' ')})`,
  )
  return `${looks.length === 0 ? '' : `<${looks.join(', ')}> `}${text.join('')}`
}
