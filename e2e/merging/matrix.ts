import type { Browser } from '@playwright/test'
import * as Y from 'yjs'
import type { CodraftServer } from '../support/codraft-server.ts'
import { CountingClient } from '../support/stock-client.ts'
import type { Album, Moment } from './album.ts'
import { actions, pairName, type ActionName, type Pair } from './actions.ts'
import { expectationAlone, expectationOf } from './expectations.ts'
import { NotOfferedError, paste, select } from './gestures.ts'
import { judge, needTable, type Deed, type Fault } from './outcome.ts'
import { Participant } from './participant.ts'
import { readScreen, type Screen } from './screen.ts'
import { startHtml } from './start.ts'

/** What became of a cell of the matrix. */
export interface CellResult {
  readonly pair: string
  readonly rule: string
  readonly limit: string | null
  readonly outcome: 'passed' | 'failed' | 'not offered'
  /** The worst first. */
  readonly faults: readonly Fault[]
  readonly before: Screen
  /** What both see in the end; or, if it is not the same, what each sees, and who opens the document anew. */
  readonly after: readonly Screen[]
  readonly milliseconds: number
}

/** How the documents are kept: the form is the page's to choose, but for a document that is a tree already. */
export type Form = 'text' | 'xml'

/** How long two screens may take to become equal, in milliseconds. */
const CONVERGENCE_TIMEOUT = 4_000
/** How long they must then stay as they are: what is acked to one has been sent to the other, and is on its way. */
const QUIET_TIME = 60

/** Two people at two pages, who go through pairs of actions, each pair in a document of its own. */
export class Matrix {
  readonly #server: CodraftServer
  readonly #form: Form
  readonly #first: Participant
  readonly #second: Participant
  readonly #starts = new Map<boolean, Promise<Uint8Array | null>>()
  readonly #offered = new Map<ActionName, Promise<boolean>>()
  #documents = 0
  /** The latest one. */
  #documentName = ''

  static async open(browser: Browser, server: CodraftServer, form: Form): Promise<Matrix> {
    const first = await Participant.arrive('A', browser, server)
    return new Matrix(server, form, first, await Participant.arrive('B', browser, server))
  }

  private constructor(server: CodraftServer, form: Form, first: Participant, second: Participant) {
    this.#server = server
    this.#form = form
    this.#first = first
    this.#second = second
  }

  /** What the pages have reported as gone wrong. */
  get errors(): readonly string[] {
    return [...this.#first.person.errors, ...this.#second.person.errors]
  }

  async close(): Promise<void> {
    await this.#first.leave()
    await this.#second.leave()
  }

  /** Runs a pair, and puts pictures of it into an album. */
  async run(pair: Pair, album: Album | null = null): Promise<CellResult> {
    const started = Date.now()
    const deeds: readonly Deed[] = [
      { name: pair[0], who: 'A' },
      { name: pair[1], who: 'B' },
    ]
    const expectation = expectationOf(pair)
    const result = (
      outcome: CellResult['outcome'],
      faults: readonly Fault[],
      before: Screen,
      after: readonly Screen[],
    ): CellResult => ({
      pair: pairName(pair),
      rule: expectation.rule.name,
      limit: expectation.limit,
      outcome,
      faults,
      before,
      after,
      milliseconds: Date.now() - started,
    })
    if (!(await this.offers(pair[0])) || !(await this.offers(pair[1])))
      return result('not offered', [], [], [])

    const both = [this.#first, this.#second] as const
    await this.#openBoth(deeds)
    const before = await this.#prepare(deeds)
    const photograph = async (moment: Moment): Promise<void> =>
      album?.take(
        pairName(pair),
        moment,
        both.map(({ person }) => person.page),
      )
    await photograph('before')
    for (const each of both) each.pause()
    await Promise.all(
      deeds.map((deed, index) => actions[deed.name].act((both[index] ?? both[0]).person, deed.who)),
    )
    await photograph('apart')
    await Promise.all(both.map((each) => each.resume()))
    const screens = await this.#settled()
    await photograph('after')
    const faults = judge(deeds, screens, expectation)
    const [one, other] = screens
    if (JSON.stringify(one) === JSON.stringify(other)) {
      return result(faults.length === 0 ? 'passed' : 'failed', faults, before, [one])
    }
    // Whether it is the document that differs or only what one of them is shown.
    await this.#first.open(this.#documentName)
    const anew = await readScreen(this.#first.person.page)
    return result('failed', faults, before, [one, other, anew])
  }

  /**
   * Does an action with nobody else there. Not offered is what has no control, and what changes nothing; what has
   * faults does something else than it should.
   */
  async alone(name: ActionName): Promise<Pick<CellResult, 'outcome' | 'faults' | 'before' | 'after'>> {
    const notOffered = { outcome: 'not offered', faults: [], before: [], after: [] } as const
    const deed: Deed = { name, who: 'A' }
    const { person } = this.#first
    const documentName = await this.#newDocument(needTable([deed]))
    if (documentName === null) return notOffered
    await this.#first.open(documentName)
    await bring(this.#first, deed)
    const [from, to] = actions[name].at
    await select(person, from, to)
    const before = await readScreen(person.page)
    try {
      await actions[name].act(person, 'A')
    } catch (error) {
      if (error instanceof NotOfferedError) return notOffered
      throw error
    }
    await person.saved()
    const screen = await readScreen(person.page)
    if (JSON.stringify(screen) === JSON.stringify(before)) return notOffered
    const faults = judge([deed], [screen], expectationAlone(name))
    return { outcome: faults.length === 0 ? 'passed' : 'failed', faults, before, after: [screen] }
  }

  /** Whether the page offers an action: it is tried once. */
  async offers(name: ActionName): Promise<boolean> {
    const known = this.#offered.get(name) ?? this.alone(name).then(({ outcome }) => outcome !== 'not offered')
    this.#offered.set(name, known)
    return known
  }

  async #openBoth(deeds: readonly Deed[]): Promise<void> {
    const documentName = await this.#newDocument(needTable(deeds))
    if (documentName === null) throw new NotOfferedError('There are no tables')
    await Promise.all([this.#first.open(documentName), this.#second.open(documentName)])
  }

  /** Brings both to where they act, so that both know where the other one is; resolves with what they see then. */
  async #prepare(deeds: readonly Deed[]): Promise<Screen> {
    const both = [this.#first, this.#second] as const
    for (const [index, deed] of deeds.entries()) {
      await bring(both[index] ?? both[0], deed)
      if (actions[deed.name].brings(deed.who).length > 0) await this.#settled()
    }
    for (const [index, deed] of deeds.entries()) {
      const [one, other] = index === 0 ? both : both.toReversed()
      if (!one || !other) continue
      const [from, to] = actions[deed.name].at
      await one.showingTo(other, () => select(one.person, from, to))
    }
    return readScreen(this.#first.person.page)
  }

  /** A document that holds the starting content; null if the page takes no tables. */
  async #newDocument(hasTable: boolean): Promise<string | null> {
    const start = this.#starts.get(hasTable) ?? this.#makeStart(hasTable)
    this.#starts.set(hasTable, start)
    const update = await start
    if (update === null) return null
    const documentName = `pair ${++this.#documents}`
    this.#documentName = documentName
    const client = new CountingClient(this.#server.webSocketUrl, documentName)
    await client.synced()
    Y.applyUpdate(client.doc, update)
    await client.saved()
    client.close()
    return documentName
  }

  /** The starting content, written by the page itself; every document then begins with the same bytes. */
  async #makeStart(hasTable: boolean): Promise<Uint8Array | null> {
    const documentName = hasTable ? 'start with a table' : 'start'
    const { person } = this.#first
    if (this.#form === 'xml') await this.#plantTree(documentName)
    await this.#first.open(documentName)
    await person.text.click()
    await paste(person, startHtml(hasTable))
    await person.saved()
    const screen = await readScreen(person.page)
    if (hasTable && screen.every(({ kind }) => kind !== 'table')) return null
    const client = new CountingClient(this.#server.webSocketUrl, documentName)
    await client.synced()
    const update = Y.encodeStateAsUpdate(client.doc)
    client.close()
    return update
  }

  /** Makes a document a tree, as y-prosemirror keeps it, of one empty paragraph. */
  async #plantTree(documentName: string): Promise<void> {
    const client = new CountingClient(this.#server.webSocketUrl, documentName)
    await client.synced()
    client.doc.getXmlFragment('prosemirror').insert(0, [new Y.XmlElement('paragraph')])
    await client.saved()
    client.close()
  }

  /** Resolves with both screens when all is saved and they are equal, or do not become so. */
  async #settled(): Promise<readonly [Screen, Screen]> {
    const deadline = Date.now() + CONVERGENCE_TIMEOUT
    let previous = ''
    for (;;) {
      const [areSaved, screens] = await Promise.all([
        Promise.all([this.#first.isSaved(), this.#second.isSaved()]),
        Promise.all([readScreen(this.#first.person.page), readScreen(this.#second.person.page)]),
      ])
      const isSettled =
        areSaved.every(Boolean) &&
        JSON.stringify(screens[0]) === JSON.stringify(screens[1]) &&
        JSON.stringify(screens) === previous
      if (isSettled || Date.now() > deadline) return screens
      previous = areSaved.every(Boolean) ? JSON.stringify(screens) : ''
      await new Promise((resolve) => setTimeout(resolve, QUIET_TIME))
    }
  }
}

/** What was written beforehand, as one step of undo. */
async function bring({ person }: Participant, { name, who }: Deed): Promise<void> {
  for (const word of actions[name].brings(who)) {
    await select(person, ['alpha', 'alpha'.length])
    await person.page.keyboard.insertText(` ${word}`)
    await person.saved()
  }
}
