import { COMMON, TARGET } from './start.ts'
import { actionNames, pairName, type ActionName, type Pair } from './actions.ts'

/*
 * What a reasonable person expects of each pair, decided without looking at how any editor merges. Where an answer is
 * arguable, a rule with a name and a reason says so; EXPECTATIONS.md shows them all.
 */

/** What must hold after a pair, beside what holds always: see `judge`. */
export interface Expectation {
  readonly rule: Rule
  /** Whose intent must be there: all those of at least one of these. 0 is the first person's. */
  readonly intents: readonly (readonly (0 | 1)[])[]
  /** Words that may be there, or not. */
  readonly optional: ReadonlySet<string>
  /** Words, by number, that there must be of some kind in all. */
  readonly together: { readonly words: readonly string[]; readonly atLeast: number } | null
  /** How many empty paragraphs are nobody's loss. */
  readonly emptyParagraphs: number
  /** Whether the paragraphs' order is open. */
  readonly isOrderOpen: boolean
  /** Why DESIGN.md does not promise it, or null; it counts as failed all the same. */
  readonly limit: string | null
}

/** A kind of pair, with what is expected of it and why. */
interface Rule {
  /** As it is in the matrix of EXPECTATIONS.md. */
  readonly sign: string
  readonly name: string
  readonly expected: string
  readonly reason: string
  /** Whether it is for one doing this and the other that, in either order. */
  isFor(one: ActionName, other: ActionName): boolean
  readonly accepts: Partial<Omit<Expectation, 'rule' | 'limit'>>
  /** The only action whose intent must be there. */
  readonly decides?: ActionName
}

const STYLES: readonly ActionName[] = ['heading 1', 'heading 2', 'quote']
const LISTS: readonly ActionName[] = ['bullet list', 'ordered list', 'task list']
const RESTYLINGS: readonly ActionName[] = [...STYLES, ...LISTS, 'indent', 'centre']
const MARKS: readonly ActionName[] = ['bold', 'italic over a part', 'link', 'select all and bold']
const TYPINGS: readonly ActionName[] = ['type at start', 'type in middle', 'type at end']
const MOVES: readonly ActionName[] = ['move up', 'move down']
/** What puts new text, which the other has not seen, into the paragraph. */
const WRITINGS: readonly ActionName[] = [...TYPINGS, 'replace a word', 'paste two paragraphs']
/** What divides the paragraph. */
const DIVISIONS: readonly ActionName[] = ['split', 'paste two paragraphs']
/** What comes to the same if it is done twice. */
const REPEATABLE: ReadonlySet<ActionName> = new Set<ActionName>([
  ...STYLES,
  ...LISTS,
  'centre',
  'bold',
  'italic over a part',
  'select all and bold',
  'delete a word',
  'delete the paragraph',
  'join',
  'delete row',
  'merge cells',
])

const EITHER = [[0], [1]] as const

/** One of the two does one of these, the other one of those. */
const between =
  (these: readonly ActionName[], those: readonly ActionName[]) =>
  (one: ActionName, other: ActionName): boolean =>
    (these.includes(one) && those.includes(other)) || (those.includes(one) && these.includes(other))

/** Both are among these, and they are not the same. */
const differentOf =
  (these: readonly ActionName[]) =>
  (one: ActionName, other: ActionName): boolean =>
    one !== other && these.includes(one) && these.includes(other)

const both =
  (name: ActionName) =>
  (one: ActionName, other: ActionName): boolean =>
    one === name && other === name

/** The rules; for a pair the first one counts that is for it. */
const rules: readonly Rule[] = [
  {
    sign: 'S',
    name: 'one style',
    expected: 'the paragraph has one of the two styles, wholly',
    reason:
      'A paragraph has one style: it cannot be a heading of two levels, or a heading and a quote. Which one wins does not matter, as long as all see the same.',
    isFor: differentOf(STYLES),
    accepts: { intents: EITHER },
  },
  {
    sign: 'L',
    name: 'one list',
    expected: 'the paragraph is an item of one of the two lists, wholly',
    reason: 'As for styles. A style and a list are no contradiction: a heading can be numbered.',
    isFor: differentOf(LISTS),
    accepts: { intents: EITHER },
  },
  {
    sign: 'K',
    name: 'one address',
    expected: 'the words lead to one of the two addresses, both of them to the same',
    reason: 'A text can lead to one place only.',
    isFor: both('link'),
    accepts: { intents: EITHER },
  },
  {
    sign: 'I',
    name: 'one or two steps',
    expected: 'the paragraph is indented, by one step or by two',
    reason:
      'Both saw a paragraph that was not indented and wanted it to be: then once is enough. Both asked for one more step: then it is two. Nobody can know.',
    isFor: both('indent'),
    accepts: {},
  },
  {
    sign: 'T',
    name: 'typed text outlives its paragraph',
    expected:
      'the words that were there are gone; what the other wrote meanwhile is there, once, where the paragraph was: on its own or at the end or the start of a neighbour',
    reason:
      'Arguable: it could go with the paragraph. But who deletes has never seen that text and did not mean it; who typed cannot bring it back, for undo is each one’s own; and a few words too many are one keystroke’s work, while words that vanish are lost. An empty paragraph that stays is accepted.',
    isFor: between(['delete the paragraph'], WRITINGS),
    accepts: { emptyParagraphs: 1 },
  },
  {
    sign: 'R',
    name: 'replacements go with the paragraph, or not',
    expected:
      'the paragraph’s words are gone and the other two have the replacement; the one in the paragraph may be there or not',
    reason:
      'The replacement is new text, but nobody typed it here: either is what somebody meant, and nothing is lost that anyone has thought about.',
    isFor: between(['delete the paragraph'], ['replace all']),
    accepts: { emptyParagraphs: 1 },
  },
  {
    sign: 'D',
    name: 'deleting wins',
    expected: 'the paragraph is gone; its neighbours have neither its style nor its marks',
    reason:
      'What was done to a paragraph’s looks, place or borders has no meaning without it; to bring the text back for its heading’s sake would undo the other’s work. An empty paragraph that stays is accepted: it is what splitting and deleting leave one after the other.',
    isFor: (one, other) =>
      between(
        ['delete the paragraph'],
        [...RESTYLINGS, ...MOVES, 'bold', 'italic over a part', 'link', 'split', 'join', 'undo one’s own'],
      )(one, other) || between(['delete the paragraph'], ['delete a word'])(one, other),
    accepts: { emptyParagraphs: 1 },
  },
  {
    sign: 'J',
    name: 'the border decides',
    expected:
      'the paragraphs are one, with all their text; what it looks like may come from either paragraph',
    reason:
      'One after the other gives either: styling first, the joined paragraph looks like the upper one, which was there first; joining first, the style is for all of it.',
    isFor: between(['join'], RESTYLINGS),
    accepts: {},
    decides: 'join',
  },
  {
    sign: 'P',
    name: 'the part that one is in',
    expected: 'the part with the paragraph’s beginning has the style; the other part may or may not',
    reason:
      'One after the other gives either: a styled paragraph splits into two styled ones; and of two parts, the one with the caret is styled.',
    isFor: between(DIVISIONS, RESTYLINGS),
    accepts: {},
  },
  {
    sign: 'V',
    name: 'the part that is moved',
    expected:
      'the part with the paragraph’s beginning is where it was moved to, and the other part behind it: at once, or where the paragraph was if that is behind',
    reason: 'As for styles; but text never changes its order within what was one paragraph.',
    isFor: between(DIVISIONS, MOVES),
    accepts: { isOrderOpen: true },
  },
  {
    sign: 'M',
    name: 'moved once',
    expected: 'the paragraph is where both wanted it, once',
    reason: 'Both wanted the same; a copy is what nobody wanted.',
    isFor: (one, other) => one === other && MOVES.includes(one),
    accepts: { isOrderOpen: true },
  },
  {
    sign: 'O',
    name: 'one of the two places',
    expected: 'the paragraph is there once: above, below, or where it was, since the moves cancel out',
    reason: 'It can be in one place only.',
    isFor: between(['move up'], ['move down']),
    accepts: { intents: [[]], isOrderOpen: true },
  },
  {
    sign: 'N',
    name: 'joined or moved',
    expected: 'the paragraphs are one, or the lower one is where it was moved to; no word is lost or doubled',
    reason:
      'Joined to a neighbour and moved away from it is a contradiction; each alone is what somebody meant.',
    isFor: between(['join'], MOVES),
    accepts: { intents: EITHER, isOrderOpen: true },
  },
  {
    sign: '2',
    name: 'one border or two',
    expected: 'the paragraph is divided there; between its parts may be an empty paragraph',
    reason:
      'Two who press Enter one after the other get two borders; two who want the same division want one.',
    isFor: both('split'),
    accepts: { emptyParagraphs: 1 },
  },
  {
    sign: 'W',
    name: 'all new words',
    expected: 'the old word is gone, and what anybody typed in its place is there, once',
    reason:
      'Arguable: two replacements could be one. But they are typed text, and the two people see at a glance which one to keep; the one that is dropped silently is lost.',
    isFor: between(['replace a word'], ['replace a word', 'delete a word']),
    accepts: {},
  },
  {
    sign: 'A',
    name: 'one replacement or both',
    expected: 'the old word is nowhere; in each of its places is at least one of the two replacements',
    reason: 'One place, two values: either will do; so will both, as for words typed in the place of a word.',
    isFor: both('replace all'),
    accepts: {
      optional: new Set(['voiceA', 'voiceB']),
      together: { words: ['voiceA', 'voiceB'], atLeast: 3 },
    },
  },
  {
    sign: 'C',
    name: 'the row goes with what is typed in it',
    expected: 'the row is gone; what was typed in it may be gone too, and is nowhere twice',
    reason:
      'Arguable, and not as for paragraphs: without its cell a text has no place in a table, and a row that stays for one word is not deleted.',
    isFor: between(['delete row'], ['type in a cell']),
    accepts: { optional: new Set(['cellA', 'cellB']) },
  },
  {
    sign: 'G',
    name: 'the row goes, its neighbour’s text stays',
    expected:
      'the row is gone; the text of the row below is there, once; that of the deleted cell which was merged with it may be',
    reason:
      'Who deletes a row means that row and not the next one, whatever it was merged with. The merged cell’s text is both deleted and kept by being merged.',
    isFor: between(['delete row'], ['merge cells']),
    accepts: { optional: new Set(['r2c2']) },
  },
  {
    sign: 'H',
    name: 'the merged cell makes room',
    expected:
      'the table has a row more and the merged cell; the new row may be between the two rows, so that the cell spans three, or below them',
    reason: 'Both orders of doing it are good, and give one of the two.',
    isFor: between(['merge cells'], ['add row']),
    accepts: {},
  },
  {
    sign: 'U',
    name: 'undo is one’s own',
    expected: 'what one typed and took back is gone, and whatever the other did is there',
    reason:
      'Undo is a deed like any other: it takes back one’s own words wherever they are by now, and nothing that came from somebody else.',
    isFor: (one, other) => one === 'undo one’s own' || other === 'undo one’s own',
    accepts: {},
  },
  {
    sign: '=',
    name: 'twice is once',
    expected: 'it is done, and neither undone nor doubled by being done twice',
    reason: 'Both wanted the same, and saw that it was not so.',
    isFor: (one, other) => one === other && REPEATABLE.has(one),
    accepts: {},
  },
  {
    sign: 'F',
    name: 'what is new looks like either',
    expected: 'both intents; text that is new may have the other’s formatting or not',
    reason:
      'The other formatted the words that were there. Whether a word that comes to stand among them belongs to them is a matter of taste.',
    isFor: between([...WRITINGS, 'replace all', 'type in a cell'], MARKS),
    accepts: {},
  },
  {
    sign: '·',
    name: 'both',
    expected: 'both intents',
    reason:
      'They do not contradict each other: nothing is lost, nothing doubled, what was deleted stays deleted, what was undone is undone and nothing else.',
    isFor: () => true,
    accepts: {},
  },
]

/** What is expected of a pair. */
export function expectationOf([first, second]: Pair): Expectation {
  const rule = rules.find((each) => each.isFor(first, second))
  if (!rule) throw new TypeError(`No rule is for ${pairName([first, second])}`)
  return {
    rule,
    intents: rule.decides === undefined ? [[0, 1]] : [[first === rule.decides ? 0 : 1]],
    optional: new Set(),
    together: null,
    emptyParagraphs: 0,
    // A move changes the order: what it shall be is the intent's to say.
    isOrderOpen: MOVES.includes(first) || MOVES.includes(second),
    limit: limitOf(first, second),
    ...rule.accepts,
  }
}

/** What one who acts alone expects. */
export function expectationAlone(name: ActionName): Expectation {
  return {
    ...expectationOf([name, 'type in a cell']),
    intents: [[0]],
    optional: new Set(),
    emptyParagraphs: 0,
  }
}

/** What DESIGN.md names as limits of its form. */
function limitOf(one: ActionName, other: ActionName): string | null {
  if (MOVES.includes(one) && MOVES.includes(other)) return 'two moves at once can double a block'
  if (between(MOVES, ['join', 'replace all', 'select all and bold'])(one, other)) {
    return 'a move writes the neighbour anew, which the other edits'
  }
  if (between(['bold'], ['select all and bold'])(one, other)) {
    return 'the end of a format is an absolute “off” in Yjs'
  }
  return null
}

function signOf(pair: Pair): string {
  const { rule, limit } = expectationOf(pair)
  return limit === null ? rule.sign : `${rule.sign}°`
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** EXPECTATIONS.md, from the rules. */
export function expectationsPage(): string {
  const limits = new Map<string, string[]>()
  for (const [index, first] of actionNames.entries()) {
    for (const second of actionNames.slice(0, index + 1)) {
      const limit = limitOf(first, second)
      if (limit !== null) limits.set(limit, [...(limits.get(limit) ?? []), pairName([second, first])])
    }
  }
  return [
    '# What people expect when two act at once',
    '',
    'Two people have the same document open. The link between them is paused, each does one thing, the link resumes.',
    `This page says for each of the ${actionNames.length ** 2} ordered pairs of ${actionNames.length} actions what a reasonable person expects then. It was`,
    'decided before the editor’s own document form was tried on it, and looks at no implementation. It is written by',
    '`expectations.ts`, which the test `matrix.spec.ts` judges by.',
    '',
    '## The document',
    '',
    `Three paragraphs of different words; both act on the middle one, \`${TARGET.join(' ')}\`. The word \`${COMMON}\` is in all three.`,
    'If an action is about tables, a table of three by three cells is below, and the caret in its middle cell. Where',
    'the actions are done is chosen so that they meet: Enter between *charlie* and *delta*, typing in the middle after',
    '*delta* and at the end in what Enter takes to the new paragraph; bold on *delta*, italic over its second part and',
    '*echo*, a link on *charlie delta*; a word is replaced or deleted that nobody else names (*bravo*); Backspace at the',
    'paragraph’s start joins it to the upper one; two paragraphs are pasted before its last word; what is undone was',
    'typed into the paragraph and seen by both. Of the two cells that are merged one is in the row that is deleted, and',
    'the row that is added comes between them.',
    '',
    '## What holds always',
    '',
    '- Both screens are equal.',
    '- Every word of the document is there exactly once, unless somebody has deleted it; then it is not.',
    '- Every word that somebody has typed is there exactly once, where it was typed: in order, and in the paragraph of',
    '  the words beside it. No word is torn apart.',
    '- Words that were in one paragraph are in one paragraph, but for where somebody has divided it.',
    '- The other paragraphs, and words that nobody has formatted, look as before. No empty paragraph is left.',
    '- The table is rectangular, has the rows and columns that it has to have, and every text is in its row and column.',
    '',
    'Spaces are not looked at, nor the formatting of new text, for which either is good.',
    '',
    '## The rules',
    '',
    'The first thought is always: what would it be if one had acted after the other? Where the two orders differ, either',
    'is accepted.',
    '',
    row(['', 'rule', 'what is expected', 'why']),
    row(['---', '---', '---', '---']),
    ...rules.map(({ sign, name, expected, reason }) => row([sign, name, expected, reason])),
    '',
    '## The pairs',
    '',
    `Rows: what the first does, columns: the second. A \`°\` marks a limit of the document form that is known beforehand`,
    '(below): the expectation stays, and the pair counts as failed.',
    '',
    row(['', ...actionNames.map((_, index) => String(index + 1))]),
    row(['---', ...actionNames.map(() => '---')]),
    ...actionNames.map((first, index) =>
      row([`${index + 1} ${first}`, ...actionNames.map((second) => signOf([first, second]))]),
    ),
    '',
    '## Known limits',
    '',
    ...[...limits].map(([limit, pairs]) => `- ${limit}: ${pairs.join(', ')}.`),
    '',
  ].join('\n')
}
