import type { Person } from '../support/person.ts'
import { NotOfferedError, dragOverCells, paste, pressControl } from './gestures.ts'
import type { Place } from './put-selection.ts'
import type { Paragraph } from './screen.ts'
import type { Seen } from './seen.ts'
import { CELLS, COMMON, FIRST, LAST, TARGET } from './start.ts'

/** Which of the two people: what they write ends with it. */
export type Who = 'A' | 'B'

/** What becomes of a cell of the matrix that is not as expected, the worst first. */
export const FAILURES = [
  'diverged',
  'text lost',
  'doubled',
  'deleted text back',
  'misplaced',
  'formatting lost',
  'structure lost',
] as const
export type Failure = (typeof FAILURES)[number]

/** The attributes of a paragraph. */
export type Attributes = Pick<Paragraph, 'style' | 'list' | 'indent' | 'align'>

/** Something that a person does on the starting document, and what they mean by it. */
export interface Action {
  readonly needsTable: boolean
  /** Where they are when the link is paused: from one place, to another if they have selected something. */
  readonly at: readonly [from: Place, to?: Place]
  /** Words that they have written there beforehand, which everyone has seen. */
  brings(who: Who): readonly string[]
  act(person: Person, who: Who): Promise<void>
  /** Words that are new, once each, but for the replacement of the common word, which is new in each paragraph. */
  writes(who: Who): readonly string[]
  /** Words of the starting document that shall be gone. */
  removes(who: Who): readonly string[]
  /** Marks that it sets on words of the starting document. */
  marks(who: Who): Readonly<Record<string, readonly string[]>>
  /** What it sets on the paragraph. */
  readonly attributes: Partial<Attributes>
  /** Whether what they meant is there; of words that are not there it says nothing. */
  intent(seen: Seen, who: Who): boolean
  /** What has happened if it is not. */
  readonly failure: Failure
}

type Described = Pick<Action, 'at' | 'act' | 'intent' | 'failure'> & Partial<Action>

function action(described: Described): Action {
  return {
    needsTable: false,
    brings: () => [],
    writes: () => [],
    removes: () => [],
    marks: () => ({}),
    attributes: {},
    ...described,
  }
}

const start = (word: string): Place => [word, 0]
const end = (word: string): Place => [word, word.length]
/** For what is done to the whole paragraph: somewhere in it, near its start. */
const somewhere: readonly [Place] = [['alpha', 2]]
const inCell: readonly [Place] = [end('r2c2')]

const typing = (name: string, at: readonly [Place], text: [string, string], beside: string[]): Action =>
  action({
    at,
    act: (person, who) => person.type(`${text[0]}${name}${who}${text[1]}`),
    writes: (who) => [`${name}${who}`],
    intent: (seen, who) => seen.isBeside(`${name}${who}`, ...beside),
    failure: 'misplaced',
  })

/** Sets an attribute on the paragraph; if somebody splits it, on the part that they are in. */
const restyling = (key: string, attributes: Partial<Attributes>): Action =>
  action({
    at: somewhere,
    act: (person) => person.press(key),
    attributes,
    intent: (seen) => {
      const paragraph = seen.find('alpha')?.paragraph
      return paragraph === undefined || hasAttributes(paragraph, attributes)
    },
    failure: 'formatting lost',
  })

const moving = (key: string, isThere: (seen: Seen) => boolean): Action =>
  action({ at: somewhere, act: (person) => person.press(key), intent: isThere, failure: 'misplaced' })

/** Deeper than meant is an indent still. */
function hasAttributes(paragraph: Paragraph, wanted: Partial<Attributes>): boolean {
  const { indent = 0, ...others } = wanted
  return (
    paragraph.indent >= indent &&
    Object.entries(others).every(([name, value]) => paragraph[name as keyof Attributes] === value)
  )
}

const linkOf = (who: Who): string => `https://example.org/${who}`

/** The 30 actions, by name. */
export const actions = {
  'type at start': typing('start', [start('alpha')], ['', ' '], ['alpha']),
  'type in middle': typing('middle', [end('delta')], [' ', ''], ['delta', 'echo']),
  'type at end': typing('end', [end('foxtrot')], [' ', ''], ['foxtrot']),
  'replace a word': action({
    at: [start('bravo'), end('bravo')],
    act: (person, who) => person.type(`new${who}`),
    writes: (who) => [`new${who}`],
    removes: () => ['bravo'],
    intent: (seen, who) => seen.isBeside(`new${who}`, 'alpha', 'charlie'),
    failure: 'misplaced',
  }),
  'delete a word': action({
    at: [start('bravo'), start('charlie')],
    act: (person) => person.press('Delete'),
    removes: () => ['bravo'],
    intent: () => true,
    failure: 'deleted text back',
  }),
  bold: action({
    at: [start('delta'), end('delta')],
    act: (person) => person.press('ControlOrMeta+b'),
    marks: () => ({ delta: ['bold'] }),
    intent: (seen) => seen.isMarked('delta', 'bold'),
    failure: 'formatting lost',
  }),
  'italic over a part': action({
    at: [['delta', 2], end('echo')],
    act: (person) => person.press('ControlOrMeta+i'),
    marks: () => ({ delta: ['italic'], echo: ['italic'] }),
    intent: (seen) => seen.isMarked('delta', 'italic', 2) && seen.isMarked('echo', 'italic'),
    failure: 'formatting lost',
  }),
  link: action({
    at: [start('charlie'), end('delta')],
    act: async (person, who) => {
      await person.press('ControlOrMeta+k')
      await person.type(linkOf(who))
      await person.press('Enter')
    },
    marks: (who) => ({ charlie: [`link:${linkOf(who)}`], delta: [`link:${linkOf(who)}`] }),
    intent: (seen, who) => ['charlie', 'delta'].every((word) => seen.isMarked(word, `link:${linkOf(who)}`)),
    failure: 'formatting lost',
  }),
  'heading 1': restyling('ControlOrMeta+Alt+1', { style: 'heading1' }),
  'heading 2': restyling('ControlOrMeta+Alt+2', { style: 'heading2' }),
  quote: restyling('ControlOrMeta+Shift+b', { style: 'quote' }),
  'bullet list': restyling('ControlOrMeta+Shift+8', { list: 'bullet' }),
  'ordered list': restyling('ControlOrMeta+Shift+7', { list: 'ordered' }),
  'task list': restyling('ControlOrMeta+Shift+9', { list: 'task' }),
  indent: restyling('ControlOrMeta+]', { indent: 1 }),
  centre: restyling('ControlOrMeta+Shift+e', { align: 'center' }),
  split: action({
    at: [start('delta')],
    act: (person) => person.press('Enter'),
    intent: (seen) => seen.isBefore('charlie', 'delta'),
    failure: 'structure lost',
  }),
  join: action({
    at: [start('alpha')],
    act: (person) => person.press('Backspace'),
    intent: (seen) => seen.find('alpha') === undefined || seen.isBeside('stands', 'alpha'),
    failure: 'structure lost',
  }),
  'delete the paragraph': action({
    at: [start('alpha'), end('foxtrot')],
    // The text, and then the paragraph that is left empty.
    act: (person) => person.press('Backspace', 'Backspace'),
    removes: () => TARGET.filter((word) => word !== COMMON),
    intent: () => true,
    failure: 'deleted text back',
  }),
  'move up': moving('Alt+Shift+ArrowUp', (seen) => seen.isBefore('alpha', FIRST[0])),
  'move down': moving('Alt+Shift+ArrowDown', (seen) => seen.isBefore(LAST[0], 'alpha')),
  'paste two paragraphs': action({
    at: [start('foxtrot')],
    act: (person, who) => paste(person, `<p>top${who}</p><p>low${who}</p>`),
    writes: (who) => [`top${who}`, `low${who}`],
    intent: (seen, who) => seen.isBefore(`top${who}`, `low${who}`),
    failure: 'structure lost',
  }),
  'undo one’s own': action({
    at: somewhere,
    brings: (who) => [`oops${who}`],
    act: (person) => person.press('ControlOrMeta+z'),
    removes: (who) => [`oops${who}`],
    intent: () => true,
    failure: 'deleted text back',
  }),
  'type in a cell': action({
    ...typing('cell', inCell, [' ', ''], ['r2c2']),
    needsTable: true,
    intent: (seen, who) => {
      const [typed, cell] = [seen.find(`cell${who}`)?.cell, seen.find('r2c2')?.cell]
      return typed === undefined || cell === undefined || typed === cell
    },
  }),
  'add row': action({
    needsTable: true,
    at: inCell,
    act: (person) => pressControl(person, 'add-row-after'),
    // A row without a word below the one that they were in.
    intent: (seen) => seen.emptyRows.some((row) => row > seen.rowOf('r1c1') && row > seen.rowOf('r2c1')),
    failure: 'structure lost',
  }),
  'add column': action({
    needsTable: true,
    at: inCell,
    act: (person) => pressControl(person, 'add-column-after'),
    intent: (seen) => seen.emptyColumns.some((column) => column > seen.columnOf('r1c2')),
    failure: 'structure lost',
  }),
  'delete row': action({
    needsTable: true,
    at: inCell,
    act: (person) => pressControl(person, 'delete-row'),
    removes: () => CELLS[1],
    intent: () => true,
    failure: 'deleted text back',
  }),
  'merge cells': action({
    needsTable: true,
    at: inCell,
    act: async (person) => {
      await dragOverCells(person, 'r2c2', 'r3c2')
      await pressControl(person, 'merge-cells')
    },
    intent: (seen) => {
      const [upper, lower] = [seen.find('r2c2')?.cell, seen.find('r3c2')?.cell]
      return upper === undefined || lower === undefined || upper === lower
    },
    failure: 'structure lost',
  }),
  'select all and bold': action({
    at: somewhere,
    act: (person) => person.press('ControlOrMeta+a', 'ControlOrMeta+b'),
    marks: () =>
      Object.fromEntries([...FIRST, ...TARGET, ...LAST, ...CELLS.flat()].map((word) => [word, ['bold']])),
    intent: (seen) =>
      [...FIRST, ...TARGET, ...LAST, ...CELLS.flat()].every((word) => seen.isMarked(word, 'bold')),
    failure: 'formatting lost',
  }),
  'replace all': action({
    at: somewhere,
    act: async (person, who) => {
      await person.press('ControlOrMeta+h')
      const replacement = person.page.getByRole('textbox', { name: /^replace/i }).first()
      // A dialog that is drawn lazily comes with the next frame.
      await replacement.waitFor({ timeout: 500 }).catch(() => {
        throw new NotOfferedError('Ctrl+H opens nothing to replace with')
      })
      await person.page
        .getByRole('textbox', { name: /^(find|search)/i })
        .first()
        .fill(COMMON)
      await replacement.fill(`voice${who}`)
      await pressControl(person, 'replace-all')
    },
    writes: (who) => [`voice${who}`],
    removes: () => [COMMON],
    intent: () => true,
    failure: 'deleted text back',
  }),
} satisfies Record<string, Action>

export type ActionName = keyof typeof actions

/** The names of the 30 actions, in the order of the matrix. */
export const actionNames = Object.keys(actions) as readonly ActionName[]

/** One thing that each of the two does at the same time. */
export type Pair = readonly [first: ActionName, second: ActionName]

/** The name of a pair in reports, baselines and `CODRAFT_PAIRS`. */
export function pairName([first, second]: Pair): string {
  return `${first} × ${second}`
}

/** All ordered pairs, a row of the matrix after the other. */
export const allPairs: readonly Pair[] = actionNames.flatMap((first) =>
  actionNames.map((second): Pair => [first, second]),
)

/** Every word that can be on a screen. */
export const vocabulary: ReadonlySet<string> = new Set([
  ...FIRST,
  ...TARGET,
  ...LAST,
  ...CELLS.flat(),
  ...Object.values(actions).flatMap((each) =>
    (['A', 'B'] as const).flatMap((who) => [...each.brings(who), ...each.writes(who)]),
  ),
])
