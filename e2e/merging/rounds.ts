import { expect, type Browser } from '@playwright/test'
import type { CodraftServer } from '../support/codraft-server.ts'
import { Person } from '../support/person.ts'
import { StockClient } from '../support/stock-client.ts'
import { randomAct, selectSomewhere } from './random-act.ts'
import type { Random } from './random.ts'
import { readScreen } from './screen.ts'

/** How long it may take until all show the same, in milliseconds. */
const SETTLING_TIMEOUT = 30_000
/** The most that somebody does until all exchange what they did. */
const MOST_ACTS = 12
/** Chinese characters, of which none is in anything but what is typed. */
const FIRST_TOKEN = 0x4e00
const token = /[\u4e00-\u9fff]/g

/** Somebody in a stretch: until all exchange what they did. */
interface Participation {
  readonly person: Person
  /** Whether nothing comes in, so that all that changes is their own doing. */
  readonly isAlone: boolean
  /** The tokens that they typed, deleted, or may have written anew. */
  readonly touched: Set<string>
  /** How often they show each token in the end. */
  left: Counts
  /** The tokens that they show in tables then: those go with the table, row or column. */
  inTables: Counts
  /** Whether they have deleted cells. */
  hasDeletedCells: boolean
}

type Counts = ReadonlyMap<string, number>

/**
 * People at pages who do random things through real events, some of them with their link paused. After each stretch all
 * get everything, and the laws are looked at: all screens are equal, also to that of a page that loads then; a token that
 * one person touched is there as often as that person left it, and one that nobody touched as often as before, which is
 * once; and who does nothing sends nothing.
 */
export class Rounds {
  /** What was done, in words, for whoever has to find out why. */
  readonly diary: string[] = []
  acts = 0
  readonly #people: readonly Person[]
  readonly #newcomer: Person
  readonly #observer: StockClient
  readonly #documentName: string
  readonly #random: Random
  /** How often each token was there when all were equal. */
  #counts: Counts = new Map()
  #nextToken = FIRST_TOKEN
  #updates = 0

  static async open(
    browsers: readonly Browser[],
    server: CodraftServer,
    documentName: string,
    random: Random,
  ): Promise<Rounds> {
    const arrive = async (name: string, browser: Browser): Promise<Person> => {
      const person = await Person.arrive(name, await browser.newContext(), server)
      // A page that has something unsaved asks before it is left.
      person.page.on('dialog', (dialog) => void dialog.accept())
      await person.open(documentName)
      return person
    }
    const people = await Promise.all(browsers.map((browser, i) => arrive(`P${i}`, browser)))
    const [browser] = browsers
    if (browser === undefined) throw new RangeError('There is no browser')
    const newcomer = await arrive('Newcomer', browser)
    const observer = await new StockClient(server.webSocketUrl, documentName).synced()
    return new Rounds(people, newcomer, observer, documentName, random)
  }

  private constructor(
    people: readonly Person[],
    newcomer: Person,
    observer: StockClient,
    documentName: string,
    random: Random,
  ) {
    this.#people = people
    this.#newcomer = newcomer
    this.#observer = observer
    this.#documentName = documentName
    this.#random = random
    observer.doc.on('update', () => this.#updates++)
  }

  /** What the pages have reported as gone wrong. */
  get errors(): readonly string[] {
    return [...this.#people, this.#newcomer].flatMap(({ errors }) => errors)
  }

  async close(): Promise<void> {
    this.#observer.close()
    for (const { page, link } of [...this.#people, this.#newcomer]) {
      await page.context().close()
      link.close()
    }
  }

  /** Everybody acts for a while, then all get everything and the laws are looked at. */
  async stretch(): Promise<void> {
    this.diary.push('—')
    const parts = this.#people.map((person) => ({
      person,
      isAlone: this.#random.chance(0.7),
      touched: new Set<string>(),
      left: this.#counts,
      inTables: this.#counts,
      hasDeletedCells: false,
    }))
    for (const { person, isAlone } of parts) if (isAlone) person.link.pause()
    await Promise.all(parts.map((part) => this.#actForAWhile(part, this.#random.fork())))
    for (const part of parts) {
      const { tokens, inTables } = await lookAt(part.person)
      part.left = tokens
      part.inTables = inTables
    }
    const shown = await this.#settle()
    await this.#judgeIdle(shown)
    this.#judgeTokens(parts, (await lookAt(this.#newcomer)).tokens)
    if (this.#random.chance(0.1)) await this.#random.pick(this.#people).open(this.#documentName)
  }

  async #actForAWhile(part: Participation, random: Random): Promise<void> {
    for (let acts = 1 + random.below(MOST_ACTS); acts > 0; acts--) await this.#act(part, random)
  }

  async #act(part: Participation, random: Random): Promise<void> {
    const { person, isAlone, touched } = part
    await selectSomewhere(person, random)
    const act = await randomAct(person, random, () => String.fromCharCode(this.#nextToken++))
    const { tokens: before, cells } = await lookAt(person)
    this.diary.push(`${person.name}${isAlone ? ', alone,' : ''}: ${act.words}`)
    await act.act(person)
    // What the browser has written by itself, the editor reads a moment later.
    const { tokens: after, cells: cellsLeft } = await lookAt(person, 30)
    this.acts++
    part.hasDeletedCells ||= cellsLeft < cells
    const changed = differences(before, after)
    if (!act.mayTouchText && isAlone) expect(changed, act.words).toEqual([])
    if (!act.mayTouchText) return
    for (const each of changed) touched.add(each)
    if (act.mayWriteAnew) for (const each of before.keys()) touched.add(each)
  }

  /** Resolves with what all show when all is saved and they are equal. */
  async #settle(): Promise<string> {
    const deadline = Date.now() + SETTLING_TIMEOUT
    // Once: it ends connections that wait, which new ones may do for a moment.
    for (const { link } of this.#people) link.mend()
    let previous = ''
    for (;;) {
      // Told again, since a page may hear of the end of its connection only now.
      await Promise.all(
        this.#people.map(({ page }) => page.evaluate(() => window.dispatchEvent(new Event('online')))),
      )
      const screens = await Promise.all(this.#people.map(shownBy))
      const states = await Promise.all(
        this.#people.map((person) => person.saveState.getAttribute('data-save-state')),
      )
      const [first = ''] = screens
      const isSettled =
        states.every((state) => state === 'saved') && screens.every((screen) => screen === first)
      if (isSettled && first === previous) return first
      if (Date.now() > deadline) {
        // The errors first: a page that has had one may have stopped for that.
        expect({ errors: this.errors, screens, states }).toEqual({
          errors: [],
          screens: screens.map(() => first),
          states: states.map(() => 'saved'),
        })
      }
      previous = isSettled ? first : ''
    }
  }

  /** Of a token that several touched nothing is said, nor of one that somebody touched while others' changes came in. */
  #judgeTokens(parts: readonly Participation[], now: Counts): void {
    const tokens = new Set([
      ...this.#counts.keys(),
      ...now.keys(),
      ...parts.flatMap(({ left }) => [...left.keys()]),
    ])
    const wrong: string[] = []
    for (const each of tokens) {
      const [one, ...others] = parts.filter(({ touched }) => touched.has(each))
      if (others.length > 0 || one?.isAlone === false) continue
      const expected = (one?.left ?? this.#counts).get(each) ?? 0
      const count = now.get(each) ?? 0
      const rest = parts.filter((part) => part !== one)
      const isHeld = parts.some(({ inTables }) => inTables.has(each))
      if (isHeld && count === 0 && rest.some(({ hasDeletedCells }) => hasDeletedCells)) continue
      if (count !== expected) wrong.push(`${each}: ${count} instead of ${expected}`)
    }
    expect(wrong).toEqual([])
    this.#counts = now
  }

  async #judgeIdle(shown: string): Promise<void> {
    const updates = this.#updates
    await this.#newcomer.open(this.#documentName)
    expect(await shownBy(this.#newcomer)).toBe(shown)
    expect(this.#updates, 'somebody idle has sent something').toBe(updates)
  }
}

/** All that a page shows of the document. */
async function shownBy({ page, text }: Person): Promise<string> {
  const [screen, plain] = await Promise.all([readScreen(page), text.evaluate((editor) => editor.textContent)])
  return JSON.stringify([screen, plain])
}

/** What of a page the laws are about. */
interface Look {
  readonly tokens: Counts
  readonly inTables: Counts
  /** How many cells there are in tables. */
  readonly cells: number
}

/** Looks at a page, after so many milliseconds. */
async function lookAt({ text }: Person, delay = 0): Promise<Look> {
  const [all, inTables, cells] = await text.evaluate(async (editor, milliseconds) => {
    if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds))
    const inCells = [...editor.querySelectorAll('td, th')].map(({ textContent }) => textContent)
    return [editor.textContent, inCells.join(' '), inCells.length] as const
  }, delay)
  return { tokens: tokensIn(all), inTables: tokensIn(inTables), cells }
}

function tokensIn(text: string): Counts {
  const counts = new Map<string, number>()
  for (const [each] of text.matchAll(token)) counts.set(each, (counts.get(each) ?? 0) + 1)
  return counts
}

function differences(before: Counts, after: Counts): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (each) => before.get(each) !== after.get(each),
  )
}
