import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { format, resolveConfig } from 'prettier'
import { actionNames, actions, allPairs, type ActionName, type Failure, type Pair } from './actions.ts'
import { expectationAlone, expectationOf, expectationsPage } from './expectations.ts'
import { judge, needTable, type Deed } from './outcome.ts'
import { tableOf, type Paragraph, type RawCell, type Run, type Screen } from './screen.ts'
import { CELLS, FIRST, LAST, TARGET } from './start.ts'
import { whichPairs } from './which-pairs.ts'

/** A paragraph in words: `<heading1, bullet, indent 1, center> some [words](bold italic)`. */
function paragraph(line: string): Paragraph {
  const [, looks = '', text = ''] = /^(?:<([^>]*)> ?)?(.*)$/s.exec(line) ?? []
  const has = looks.split(', ')
  const runs: Run[] = Array.from(text.matchAll(/\[([^\]]*)\]\(([^)]*)\)|[^[]+/g), ([all, marked, marks]) =>
    marked === undefined
      ? { text: all, marks: [] }
      : { text: marked, marks: (marks ?? '').split(' ').toSorted() },
  )
  return {
    kind: 'paragraph',
    style: has.find((look) => /^(heading\d|quote)$/.test(look)) ?? 'normal',
    list: has.find((look) => ['bullet', 'ordered', 'task'].includes(look)) ?? null,
    indent: Number(has.find((look) => look.startsWith('indent'))?.slice('indent '.length) ?? 0),
    align: has.find((look) => look === 'center') ?? null,
    runs,
  }
}

function cell(words: string): RawCell {
  const [, height, text = ''] = /^(?:(\d):)?(.*)$/.exec(words) ?? []
  return { rows: Number(height ?? 1), columns: 1, paragraphs: [paragraph(text)] }
}

/** Rows of cells in words; `2:` before a cell's words makes it two rows high. */
function table(...rows: readonly (readonly string[])[]): ReturnType<typeof tableOf> {
  return tableOf(rows.map((row) => row.map(cell)))
}

const first = FIRST.join(' ')
const target = TARGET.join(' ')
const last = LAST.join(' ')
/** A document of these lines, in place of the paragraph that both act on. */
const between = (...lines: readonly string[]): Screen => [first, ...lines, last].map(paragraph)
const withTable = (...rows: readonly (readonly string[])[]): Screen => [...between(target), table(...rows)]
const [row1, row2, row3] = CELLS
/** The table with this in its middle cell. */
const withCell = (words: string): Screen => withTable(row1, ['r2c1', words, 'r2c3'], row3)
/** The table with two cells merged, and these rows between them. */
const withMerged = (...rows: string[][]): Screen =>
  withTable(row1, ['r2c1', `${2 + rows.length}:r2c2 r3c2`, 'r2c3'], ...rows, ['r3c1', 'r3c3'])
const withLinks = (links: string): Screen => between(`alpha bravo ${links} echo golf foxtrot`)
const linkTo = (who: string, words: string): string => `[${words}](link:https://example.org/${who})`
const bold = (line: string): string => `[${line}](bold)`
const widen = (row: readonly string[]): string[] => row.toSpliced(2, 0, '')

function deedsOf([one, other]: Pair): readonly Deed[] {
  return [
    { name: one, who: 'A' },
    { name: other, who: 'B' },
  ]
}

/** What is wrong with what both see after a pair: the worst, or `as expected`. */
function outcome(one: ActionName, other: ActionName, ...screens: readonly Screen[]): Failure | 'as expected' {
  const [fault] = judge(deedsOf([one, other]), screens, expectationOf([one, other]))
  return fault?.failure ?? 'as expected'
}

/** The starting document, with what they brought into it. */
function untouched(deeds: readonly Deed[]): Screen {
  const brought = deeds.flatMap(({ name, who }) => actions[name].brings(who))
  const paragraphs = between([TARGET[0], ...brought, ...TARGET.slice(1)].join(' '))
  return needTable(deeds) ? [...paragraphs, table(...CELLS)] : paragraphs
}

test.describe('the table', () => {
  test('has 30 actions and a rule for each ordered pair', () => {
    expect(actionNames).toHaveLength(30)
    expect(new Set(allPairs.map((pair) => expectationOf(pair).rule.sign)).size).toBeGreaterThan(15)
  })

  test('expects the same whoever does what', () => {
    for (const [one, other] of allPairs) {
      const [expected, swapped] = [expectationOf([one, other]), expectationOf([other, one])]
      expect([one, other, expected.rule.name, expected.limit]).toEqual([
        one,
        other,
        swapped.rule.name,
        swapped.limit,
      ])
    }
  })

  test('is what EXPECTATIONS.md shows', async () => {
    const path = join(import.meta.dirname, 'EXPECTATIONS.md')
    const page = await format(expectationsPage(), { ...(await resolveConfig(path)), filepath: path })
    expect(await readFile(path, 'utf8')).toBe(page)
  })

  test('is not content with a document in which nothing has happened', () => {
    for (const name of actionNames) {
      const deeds: readonly Deed[] = [{ name, who: 'A' }]
      expect([name, judge(deeds, [untouched(deeds)], expectationAlone(name))]).not.toEqual([name, []])
    }
    const contented = allPairs.filter((pair) => {
      const deeds = deedsOf(pair)
      return judge(deeds, [untouched(deeds)], expectationOf(pair)).length === 0
    })
    // Two opposite moves cancel out.
    expect(contented).toEqual([
      ['move up', 'move down'],
      ['move down', 'move up'],
    ])
  })

  test('is not content with an empty document', () => {
    const blank = [paragraph('')]
    for (const pair of allPairs) {
      expect([pair, judge(deedsOf(pair), [blank], expectationOf(pair)).length]).not.toEqual([pair, 0])
    }
  })
})

test.describe('typing', () => {
  test('into a paragraph that becomes a heading', () => {
    const typed = `startA ${target}`
    expect(outcome('type at start', 'heading 1', between(`<heading1> ${typed}`))).toBe('as expected')
    expect(outcome('type at start', 'heading 1', between(typed))).toBe('formatting lost')
    expect(outcome('type at start', 'heading 1', between(`<heading1> ${target}`))).toBe('text lost')
    expect(outcome('type at start', 'heading 1', between(`<heading1> startA ${typed}`))).toBe('doubled')
  })

  test('behind a split belongs to the new paragraph', () => {
    const head = 'alpha bravo charlie'
    const tail = 'delta echo golf foxtrot'
    expect(outcome('type at end', 'split', between(head, `${tail} endA`))).toBe('as expected')
    expect(outcome('type at end', 'split', between(`${head} endA`, tail))).toBe('misplaced')
    expect(outcome('type at end', 'split', between(`${head} ${tail}`, `${tail} endA`))).toBe('doubled')
    expect(outcome('type at end', 'split', between(`${target} endA`))).toBe('structure lost')
  })

  test('at one place keeps words whole, in either order', () => {
    expect(outcome('type at start', 'type at start', between(`startB startA ${target}`))).toBe('as expected')
    expect(outcome('type at start', 'type at start', between(`startA startB ${target}`))).toBe('as expected')
    expect(outcome('type at start', 'type at start', between(`ststartA artB ${target}`))).toBe('misplaced')
  })

  test('into a paragraph that is deleted stays, where the paragraph was', () => {
    const pair = ['type in middle', 'delete the paragraph'] as const
    expect(outcome(...pair, between('middleA'))).toBe('as expected')
    expect(outcome(...pair, [`${first} middleA`, last].map(paragraph))).toBe('as expected')
    expect(outcome(...pair, [first, `middleA ${last}`].map(paragraph))).toBe('as expected')
    expect(outcome(...pair, between())).toBe('text lost')
    expect(outcome(...pair, between('delta middleA'))).toBe('deleted text back')
    expect(outcome(...pair, [first, last, 'middleA'].map(paragraph))).toBe('misplaced')
  })

  test('in place of a word that another deletes or replaces', () => {
    const rest = 'charlie delta echo golf foxtrot'
    expect(outcome('replace a word', 'delete a word', between(`alpha newA ${rest}`))).toBe('as expected')
    expect(outcome('replace a word', 'delete a word', between(`alpha ${rest}`))).toBe('text lost')
    expect(outcome('replace a word', 'replace a word', between(`alpha newBnewA ${rest}`))).toBe('as expected')
    expect(outcome('replace a word', 'replace a word', between(`alpha newB ${rest}`))).toBe('text lost')
    expect(outcome('replace a word', 'bold', between(`alpha bravo newA ${rest}`))).toBe('deleted text back')
  })
})

test.describe('what a paragraph is', () => {
  test('is one of two styles, the same for all', () => {
    const [one, two] = [between(`<heading1> ${target}`), between(`<heading2> ${target}`)]
    expect(outcome('heading 1', 'heading 2', one, one)).toBe('as expected')
    expect(outcome('heading 1', 'heading 2', two, two)).toBe('as expected')
    expect(outcome('heading 1', 'heading 2', one, two)).toBe('diverged')
    expect(outcome('heading 1', 'heading 2', between(target))).toBe('formatting lost')
  })

  test('is a style and a list at once', () => {
    expect(outcome('heading 1', 'bullet list', between(`<heading1, bullet> ${target}`))).toBe('as expected')
    expect(outcome('heading 1', 'bullet list', between(`<bullet> ${target}`))).toBe('formatting lost')
    expect(outcome('indent', 'centre', between(`<indent 1, center> ${target}`))).toBe('as expected')
    expect(outcome('indent', 'indent', between(`<indent 2> ${target}`))).toBe('as expected')
    expect(outcome('indent', 'indent', between(`<indent 3> ${target}`))).toBe('formatting lost')
  })

  test('does not fall to its neighbour when it is deleted', () => {
    expect(outcome('heading 1', 'delete the paragraph', between())).toBe('as expected')
    expect(outcome('heading 1', 'delete the paragraph', [first, `<heading1> ${last}`].map(paragraph))).toBe(
      'formatting lost',
    )
  })

  test('is of a divided paragraph that of its beginning, and of a joined one either', () => {
    const [head, tail] = ['alpha bravo charlie', 'delta echo golf foxtrot']
    expect(outcome('quote', 'split', between(`<quote> ${head}`, tail))).toBe('as expected')
    expect(outcome('quote', 'split', between(`<quote> ${head}`, `<quote> ${tail}`))).toBe('as expected')
    expect(outcome('quote', 'split', between(head, `<quote> ${tail}`))).toBe('formatting lost')
    const joined = `${first}${target}`
    expect(outcome('quote', 'join', [joined, last].map(paragraph))).toBe('as expected')
    expect(outcome('quote', 'join', [`<quote> ${joined}`, last].map(paragraph))).toBe('as expected')
    expect(outcome('quote', 'join', between(`<quote> ${target}`))).toBe('structure lost')
  })
})

test.describe('marks', () => {
  test('of a word and of everything', () => {
    const all = [first, target, last].map((line) => paragraph(bold(line)))
    expect(outcome('bold', 'select all and bold', all)).toBe('as expected')
    const plainRest = paragraph(`${bold('alpha bravo charlie delta')} echo golf foxtrot`)
    expect(outcome('bold', 'select all and bold', all.with(1, plainRest))).toBe('formatting lost')
  })

  test('reach no word that nobody has marked', () => {
    const marked = 'alpha [bravo](bold) charlie [delta](bold) echo golf foxtrot endB'
    expect(outcome('bold', 'type at end', between(marked))).toBe('formatting lost')
    expect(outcome('bold', 'type at end', between(marked.replace('[bravo](bold)', 'bravo')))).toBe(
      'as expected',
    )
  })

  test('of two links are one', () => {
    expect(outcome('link', 'link', withLinks(linkTo('B', 'charlie delta')))).toBe('as expected')
    expect(outcome('link', 'link', withLinks(`${linkTo('A', 'charlie')} ${linkTo('B', 'delta')}`))).toBe(
      'formatting lost',
    )
  })
})

test.describe('moves', () => {
  const up = [target, first, last].map(paragraph)
  const down = [first, last, target].map(paragraph)

  test('to one place are one move', () => {
    expect(outcome('move up', 'move up', up)).toBe('as expected')
    expect(outcome('move up', 'move up', [...up, paragraph(first)])).toBe('doubled')
    expect(outcome('move up', 'move down', down)).toBe('as expected')
    expect(outcome('move up', 'move down', [paragraph(target), ...down])).toBe('doubled')
  })

  test('take with them what others type', () => {
    const typed = [`${target} endB`, first, last].map(paragraph)
    expect(outcome('move up', 'type at end', typed)).toBe('as expected')
    expect(outcome('move up', 'type at end', [target, `${first} endB`, last].map(paragraph))).toBe(
      'misplaced',
    )
    expect(outcome('move up', 'type at end', up)).toBe('text lost')
  })

  test('do not bring back what is deleted', () => {
    expect(outcome('move down', 'delete the paragraph', between())).toBe('as expected')
    expect(outcome('move down', 'delete the paragraph', down)).toBe('deleted text back')
  })
})

test.describe('tables', () => {
  const empty = ['', '', '']

  test('grow by a row and by a column, and stay rectangular', () => {
    const grown = [row1, row2, empty, row3].map(widen)
    expect(outcome('add row', 'add column', withTable(...grown))).toBe('as expected')
    expect(outcome('add row', 'add column', withTable(...grown.with(2, empty)))).toBe('structure lost')
    expect(outcome('add row', 'add row', withTable(row1, row2, empty, empty, row3))).toBe('as expected')
    expect(outcome('add row', 'add row', withTable(row1, row2, empty, row3))).toBe('structure lost')
  })

  test('lose a row with what is typed in it, and nothing else', () => {
    expect(outcome('delete row', 'type in a cell', withTable(row1, row3))).toBe('as expected')
    expect(outcome('delete row', 'type in a cell', withTable(row1, ['', 'cellB', ''], row3))).toBe(
      'structure lost',
    )
    expect(outcome('delete row', 'merge cells', withTable(row1, ['r3c1', '', 'r3c3']))).toBe('text lost')
    expect(outcome('delete row', 'merge cells', withTable(row1, ['r3c1', 'r2c2 r3c2', 'r3c3']))).toBe(
      'as expected',
    )
    expect(outcome('delete row', 'bold', withTable(...CELLS))).toBe('deleted text back')
  })

  test('keep what two type in one cell, and a cell that is merged', () => {
    expect(outcome('type in a cell', 'type in a cell', withCell('r2c2 cellB cellA'))).toBe('as expected')
    expect(outcome('type in a cell', 'type in a cell', withCell('r2c2 cellB'))).toBe('text lost')
    expect(outcome('merge cells', 'merge cells', withMerged())).toBe('as expected')
    expect(outcome('merge cells', 'add row', withMerged(['', '']))).toBe('as expected')
    expect(outcome('merge cells', 'add row', withMerged())).toBe('structure lost')
  })
})

test('undo takes back its own words and no others', () => {
  const undone = between(`${target} endA`)
  expect(outcome('type at end', 'undo one’s own', undone)).toBe('as expected')
  expect(outcome('type at end', 'undo one’s own', between(target.replace('alpha', 'alpha oopsB')))).toBe(
    'text lost',
  )
  expect(
    outcome('type at end', 'undo one’s own', between(`${target.replace('alpha', 'alpha oopsB')} endA`)),
  ).toBe('deleted text back')
})

test('pairs are chosen by name, by part and by seed', () => {
  expect(whichPairs('all')).toHaveLength(900)
  expect(whichPairs('bold × link; split × *')).toHaveLength(31)
  expect([1, 2, 3, 4].flatMap((part) => whichPairs(`part:${part}/4`))).toHaveLength(900)
  expect(whichPairs('sample:40:7')).toEqual(whichPairs('sample:40:7'))
  expect(whichPairs('sample:40:7')).not.toEqual(whichPairs('sample:40:8'))
  expect(() => whichPairs('bold')).toThrow(RangeError)
})
