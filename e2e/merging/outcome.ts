import {
  actions,
  FAILURES,
  vocabulary,
  type ActionName,
  type Attributes,
  type Failure,
  type Who,
} from './actions.ts'
import type { Expectation } from './expectations.ts'
import type { Screen } from './screen.ts'
import { Seen } from './seen.ts'
import { CELLS, COMMON, FIRST, LAST, TARGET } from './start.ts'

/** What somebody did. */
export interface Deed {
  readonly name: ActionName
  readonly who: Who
}

/** What is wrong, in words. */
export interface Fault {
  readonly failure: Failure
  readonly detail: string
}

/** How often each word shall be there. */
interface Count {
  least: number
  most: number
}

const PLAIN: Attributes = { style: 'normal', list: null, indent: 0, align: null }

/**
 * Judges what the people's screens show after what they have done by what is expected: its faults, the worst first.
 * None if it is as expected. One person alone is judged like two of whom one does nothing.
 */
export function judge(
  deeds: readonly Deed[],
  screens: readonly Screen[],
  expectation: Expectation,
): readonly Fault[] {
  const [screen = [], ...others] = screens
  const faults: Fault[] = []
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(screen))) {
    faults.push({ failure: 'diverged', detail: 'the screens differ' })
  }
  const seen = new Seen(screen, vocabulary)
  faults.push(
    ...faultsOfWords(deeds, seen, expectation),
    ...faultsOfOrder(deeds, seen, expectation),
    ...faultsOfIntents(deeds, seen, expectation),
    ...faultsOfParagraphs(deeds, seen, expectation),
    ...faultsOfFormatting(deeds, seen),
    ...faultsOfTable(deeds, seen),
  )
  return faults.toSorted((one, other) => FAILURES.indexOf(one.failure) - FAILURES.indexOf(other.failure))
}

function does(deeds: readonly Deed[], ...names: readonly ActionName[]): boolean {
  return deeds.some(({ name }) => names.includes(name))
}

/** Whether the starting document of what they do has a table. */
export function needTable(deeds: readonly Pick<Deed, 'name'>[]): boolean {
  return deeds.some(({ name }) => actions[name].needsTable)
}

function expectedCounts(deeds: readonly Deed[], { optional }: Expectation): Map<string, Count> {
  const counts = new Map<string, Count>([...vocabulary].map((word) => [word, { least: 0, most: 0 }]))
  const set = (word: string, times: number): void => void counts.set(word, { least: times, most: times })
  for (const word of [...FIRST, ...TARGET, ...LAST]) set(word, 1)
  set(COMMON, does(deeds, 'delete the paragraph') ? 2 : 3)
  if (needTable(deeds)) for (const word of CELLS.flat()) set(word, 1)
  for (const { name, who } of deeds) for (const word of actions[name].brings(who)) set(word, 1)
  for (const { name, who } of deeds) {
    for (const word of actions[name].writes(who)) set(word, name === 'replace all' ? 3 : 1)
    if (name === 'replace all' && does(deeds, 'delete the paragraph')) {
      counts.set(`voice${who}`, { least: 2, most: 3 })
    }
  }
  for (const word of deeds.flatMap(({ name, who }) => actions[name].removes(who))) {
    if (!optional.has(word)) set(word, 0)
  }
  // What the other had brought into the paragraph goes with it.
  if (does(deeds, 'delete the paragraph')) {
    for (const { name, who } of deeds) for (const word of actions[name].brings(who)) set(word, 0)
  }
  for (const word of optional) {
    const count = counts.get(word)
    if (count) count.least = 0
  }
  return counts
}

function faultsOfWords(deeds: readonly Deed[], seen: Seen, expectation: Expectation): Fault[] {
  const faults: Fault[] = []
  const lost: string[] = []
  for (const [word, { least, most }] of expectedCounts(deeds, expectation)) {
    const count = seen.count(word)
    if (count < least) lost.push(word)
    if (count <= most) continue
    const isBack = most === 0 || (word === COMMON && does(deeds, 'delete the paragraph'))
    faults.push({
      failure: isBack ? 'deleted text back' : 'doubled',
      detail: `${word} is there ${count} times instead of ${most}`,
    })
  }
  const letters = seen.leftovers.join('')
  for (const word of lost) {
    const isTorn = holdsLetters(letters, word)
    faults.push({
      failure: isTorn ? 'misplaced' : 'text lost',
      detail: `${word} is ${isTorn ? 'torn apart' : 'lost'}`,
    })
  }
  if (seen.leftovers.length > 0 && !lost.some((word) => holdsLetters(letters, word))) {
    faults.push({ failure: 'doubled', detail: `there is also “${seen.leftovers.join(' ')}”` })
  }
  const { together } = expectation
  if (together !== null) {
    const count = together.words.reduce((sum, word) => sum + seen.count(word), 0)
    if (count < together.atLeast) {
      faults.push({ failure: 'text lost', detail: `${together.words.join(' or ')} is there ${count} times` })
    }
  }
  return faults
}

/** Whether text has all letters of a word, in whatever order. */
function holdsLetters(text: string, word: string): boolean {
  const rest = Array.from(text)
  return Array.from(word).every((letter) => {
    const index = rest.indexOf(letter)
    if (index >= 0) rest.splice(index, 1)
    return index >= 0
  })
}

/** The order in which what was one paragraph is read, with what each may have written in it. */
const ORDERS: readonly (readonly string[])[] = (['A', 'B'] as const).map((who) => [
  `start${who}`,
  'alpha',
  `new${who}`,
  'bravo',
  'charlie',
  'delta',
  `middle${who}`,
  'echo',
  `top${who}`,
  `low${who}`,
  'foxtrot',
  `end${who}`,
])

function unique(words: readonly string[]): readonly string[] {
  return words.filter((word) => word !== COMMON)
}

function faultsOfOrder(deeds: readonly Deed[], seen: Seen, { isOrderOpen }: Expectation): Fault[] {
  const order = (words: readonly string[]): readonly string[] => {
    const places = words.map((word) => seen.words.findIndex((each) => each.word === word))
    const present = words.filter((_, index) => (places[index] ?? -1) >= 0)
    const actual = present.toSorted(
      (one, other) => (places[words.indexOf(one)] ?? 0) - (places[words.indexOf(other)] ?? 0),
    )
    return present.every((word, index) => word === actual[index]) ? [] : actual
  }
  const orders = ORDERS.flatMap((words) =>
    isOrderOpen
      ? [unique(FIRST).concat(unique(LAST)), words]
      : [[...unique(FIRST), ...words, ...unique(LAST)]],
  )
  const faults = orders
    .map(order)
    .filter((actual) => actual.length > 0)
    .map((actual): Fault => ({ failure: 'misplaced', detail: `it reads ${actual.join(' ')}` }))
  return [
    ...new Map([...faults, ...strayCommonWords(deeds, seen)].map((each) => [each.detail, each])).values(),
  ]
}

function isCommon(word: string): boolean {
  return word === COMMON || word.startsWith('voice')
}

/** The common word, or what replaced it, must follow the word that it followed in its paragraph. */
function strayCommonWords(deeds: readonly Deed[], seen: Seen): Fault[] {
  const paragraphWords = new Set<string>([...FIRST, ...TARGET, ...LAST])
  const faults: Fault[] = []
  let previous = ''
  for (const { word } of seen.words) {
    if (!isCommon(word)) {
      if (paragraphWords.has(word)) previous = word
      continue
    }
    const allowed = ['before', 'echo', 'behind']
    if (does(deeds, 'delete the paragraph')) allowed.push('stands')
    if (!allowed.includes(previous)) {
      faults.push({ failure: 'misplaced', detail: `${word} follows ${previous || 'nothing'}` })
    }
  }
  return faults
}

function faultsOfIntents(deeds: readonly Deed[], seen: Seen, { intents }: Expectation): Fault[] {
  const missing = intents.map((alternative) =>
    alternative.flatMap((index): Deed[] => {
      const deed = deeds[index]
      return deed === undefined || actions[deed.name].intent(seen, deed.who) ? [] : [deed]
    }),
  )
  if (missing.some((deedsMissed) => deedsMissed.length === 0)) return []
  return (missing[0] ?? []).map(({ name, who }) => ({
    failure: actions[name].failure,
    detail: `${who}’s “${name}” is not there`,
  }))
}

function faultsOfParagraphs(deeds: readonly Deed[], seen: Seen, { emptyParagraphs }: Expectation): Fault[] {
  const faults: Fault[] = []
  const divided = (word: string, next: string): boolean =>
    (does(deeds, 'split') && word === 'charlie' && next === 'delta') ||
    (does(deeds, 'paste two paragraphs') && next === 'foxtrot')
  for (const words of [FIRST, TARGET, LAST] as readonly (readonly string[])[]) {
    const present = words.filter((word) => word !== COMMON && seen.find(word) !== undefined)
    for (const [index, next] of present.entries()) {
      const word = present[index - 1]
      if (word === undefined || divided(word, next) || seen.isBeside(word, next)) continue
      // Without the words between them they may be what was divided.
      if (does(deeds, 'split', 'paste two paragraphs') && words.indexOf(next) - words.indexOf(word) > 1)
        continue
      faults.push({ failure: 'structure lost', detail: `${word} and ${next} are no more in one paragraph` })
    }
  }
  if (!does(deeds, 'join') && seen.find('alpha') && seen.isBeside('alpha', 'stands')) {
    faults.push({ failure: 'structure lost', detail: 'the paragraph is joined to the upper one' })
  }
  if (seen.isBeside('lies', 'foxtrot') && seen.find('foxtrot') && seen.find('lies')) {
    faults.push({ failure: 'structure lost', detail: 'the paragraph is joined to the lower one' })
  }
  const empty = seen.screen.filter(
    (block) => block.kind === 'paragraph' && block.runs.every(({ text }) => text.trim() === ''),
  ).length
  if (empty > emptyParagraphs) {
    faults.push({ failure: 'structure lost', detail: `there are ${empty} empty paragraphs` })
  }
  return faults
}

/** What nobody has formatted looks as before, and what somebody has, as somebody wanted. */
function faultsOfFormatting(deeds: readonly Deed[], seen: Seen): Fault[] {
  const faults: Fault[] = []
  const target = new Set<string>(TARGET.filter((word) => word !== COMMON))
  const original = new Set<string>([...FIRST, ...TARGET, ...LAST, ...CELLS.flat()])
  const set = deeds.map(({ name }) => actions[name].attributes)
  const allowed = (name: keyof Attributes, value: unknown): boolean =>
    value === PLAIN[name] ||
    (name === 'indent'
      ? Number(value) <= set.filter(({ indent }) => indent !== undefined).length
      : set.some((attributes) => attributes[name] === value))
  for (const [index, paragraph] of seen.paragraphs.entries()) {
    const words = seen.words.filter(({ paragraphIndex }) => paragraphIndex === index)
    const isAnothers = words.some(({ word }) => original.has(word) && word !== COMMON && !target.has(word))
    const isTargets = words.some(({ word }) => target.has(word))
    for (const name of ['style', 'list', 'indent', 'align'] as const) {
      const isPlain = paragraph[name] === PLAIN[name]
      if (isPlain || (allowed(name, paragraph[name]) && (isTargets || !isAnothers))) continue
      const text = paragraph.runs.map((run) => run.text).join('')
      faults.push({ failure: 'formatting lost', detail: `“${text}” has ${name} ${String(paragraph[name])}` })
    }
  }
  for (const { word, marks } of seen.words) {
    if (!original.has(word)) continue
    const wanted = new Set(deeds.flatMap(({ name, who }) => actions[name].marks(who)[word] ?? []))
    const strange = marks.flat().find((mark) => !wanted.has(mark))
    if (strange !== undefined) {
      faults.push({ failure: 'formatting lost', detail: `${word} is ${strange}, which nobody wanted` })
    }
  }
  return faults
}

function structureLost(detail: string): Fault {
  return { failure: 'structure lost', detail }
}

function faultsOfTable(deeds: readonly Deed[], seen: Seen): Fault[] {
  if (!needTable(deeds)) return []
  const { table } = seen
  if (table === undefined) return [structureLost('the table is gone')]
  const faults: Fault[] = []
  const times = (name: ActionName): number => deeds.filter((deed) => deed.name === name).length
  const isMerged = does(deeds, 'merge cells')
  const rows = CELLS.length + times('add row') - Math.min(times('delete row'), 1)
  const columns = CELLS[0].length + times('add column')
  if (!table.isRectangular) faults.push(structureLost('the table is not rectangular'))
  if (table.rows !== rows || table.columns !== columns) {
    faults.push(
      structureLost(`the table has ${table.rows} × ${table.columns} cells, not ${rows} × ${columns}`),
    )
  }
  if (seen.screen.filter((block) => block.kind === 'table').length > 1)
    faults.push(structureLost('there are two tables'))
  const present = CELLS.flatMap((row, y) => row.map((word, x) => ({ word, x, y }))).filter(
    // A merged cell is in the row of its corner, or, if that is deleted, in the one that is left.
    ({ word }) =>
      seen.find(word)?.cell &&
      !(isMerged && word === 'r3c2') &&
      !(isMerged && word === 'r2c2' && does(deeds, 'delete row')),
  )
  const isWrong = present.some((one) =>
    present.some(
      (other) =>
        Math.sign(one.y - other.y) !== Math.sign(seen.rowOf(one.word) - seen.rowOf(other.word)) ||
        Math.sign(one.x - other.x) !== Math.sign(seen.columnOf(one.word) - seen.columnOf(other.word)),
    ),
  )
  if (isWrong)
    faults.push({ failure: 'misplaced', detail: 'cells are in other rows or columns than they were' })
  for (const { word, cell } of seen.words) {
    if (/^(r\dc\d|cell)/.test(word) && cell === null) {
      faults.push({ failure: 'misplaced', detail: `${word} has fallen out of the table` })
    }
  }
  return faults
}
