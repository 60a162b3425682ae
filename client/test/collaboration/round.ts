import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { createActions } from '../../editor/index.ts'
import { deedOf, licenceOf, perform, type Deed } from './deeds.ts'
import { exchange, type BindingForm } from './peers.ts'
import { Post } from './post.ts'
import { TokenLaw } from './token-law.ts'
import { Writer } from './writer.ts'

/** What happens in a round: somebody acts, or something arrives. */
type Happening =
  | { readonly kind: 'act'; readonly who: number; readonly goesOn: boolean; readonly deed: Deed }
  /** One update of those that wait for somebody arrives, in any order. */
  | { readonly kind: 'deliver'; readonly who: number; readonly which: number }
  /** Those whose bit is set get all that the others of them have; the rest is on the other side of a partition. */
  | { readonly kind: 'meet'; readonly who: number }
  | { readonly kind: 'exchange' }
  /** Somebody closes the editor, and opens the document again from its bytes. */
  | { readonly kind: 'reload'; readonly who: number }

/** Three to five people, and what happens. */
export interface Round {
  readonly people: number
  /** Whether who came first has the greatest client id; Yjs breaks ties by it. */
  readonly isReversed: boolean
  readonly happenings: readonly Happening[]
}

const MOST = 5

/** The names of all actions that an editor has. */
const actionNames: readonly string[] = createActions({
  history: { undo: () => false, redo: () => false, canUndo: () => false, canRedo: () => false },
  editLink: () => {},
  editImage: () => {},
}).map(({ name }) => name)

const deed = deedOf(actionNames)
const who = fc.nat(MOST - 1)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({ kind: fc.constant('act' as const), who, goesOn: fc.boolean(), deed }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), who, which: fc.nat(1_000) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('meet' as const), who: fc.nat(2 ** MOST - 1) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'exchange' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const), who }) },
)

/** Rounds that end with all having everything. */
export const round: fc.Arbitrary<Round> = fc.record({
  people: fc.integer({ min: 3, max: MOST }),
  isReversed: fc.boolean(),
  happenings: fc.array(happening, { minLength: 5, maxLength: 80, size: 'max' }),
})

/** The laws that hold in a form beside those for all: what a tree cannot keep is not asked of it. */
export interface Laws {
  readonly tokens: boolean
  /** Whether each deed is taken back and done again, which must leave the document as it was. */
  readonly undo: boolean
}

/** A round that is being played. */
class RoundPlay {
  /** How many deeds have been done. */
  deeds = 0
  readonly law = new TokenLaw()
  readonly #form: BindingForm
  readonly #laws: Laws
  readonly #post = new Post()
  readonly #writers: Writer[] = []
  readonly #isReversed: boolean
  #clients = 0

  constructor(form: BindingForm, laws: Laws, { people, isReversed }: Round) {
    this.#form = form
    this.#laws = laws
    this.#isReversed = isReversed
    for (let i = 0; i < people; i++) {
      const writer = this.#arrive()
      this.law.watch(writer)
      this.#post.join(writer)
      this.#writers.push(writer)
    }
  }

  /** Somebody of those who take part. */
  writer(index: number): Writer {
    const writer = this.#writers[index % this.#writers.length]
    if (writer === undefined) throw new RangeError('Nobody takes part')
    return writer
  }

  happen(what: Happening): void {
    switch (what.kind) {
      case 'act':
        if (this.#laws.undo) this.actBackAndForth(what.who, what.deed)
        else this.act(what.who, what.deed, what.goesOn)
        break
      case 'deliver':
        this.#post.deliver(this.writer(what.who), what.which)
        this.#checkShown(this.writer(what.who))
        break
      case 'meet': {
        const members = this.#writers.filter((_, i) => (what.who & (1 << i)) !== 0)
        exchange(...members)
        for (const member of members) this.#checkShown(member)
        break
      }
      case 'exchange':
        this.exchange()
        break
      case 'reload':
        this.#reload(what.who % this.#writers.length)
        break
    }
  }

  /** Does a deed, as a step of its own for undo unless it goes on with the last one. */
  act(index: number, what: Deed, goesOn = false): void {
    const writer = this.writer(index)
    writer.selectAt(what.at)
    if (!goesOn) writer.binding.stopCapturing()
    const act = (): void => perform(writer, what, () => this.law.newToken())
    if (this.#laws.tokens) this.law.judge(writer, licenceOf(what), act)
    else act()
    this.deeds++
    this.#checkShown(writer)
  }

  /** Does a deed, takes it back, and does it again. */
  actBackAndForth(index: number, what: Deed): void {
    const writer = this.writer(index)
    const before = writer.state.doc
    let steps = 0
    const count = (): void => void steps++
    writer.doc.on('update', count)
    this.act(index, what)
    writer.doc.off('update', count)
    const after = writer.state.doc
    if (licenceOf(what) === 'undo' || after.eq(before)) return
    // What typing makes of itself, a list or a link, is a step of its own.
    let taken = 0
    while (taken < steps && !writer.state.doc.eq(before) && writer.binding.undo()) taken++
    checkEqual(writer.state.doc, before)
    for (; taken > 0; taken--) writer.binding.redo()
    checkEqual(writer.state.doc, after)
  }

  /** All get everything, nobody answers, and all are equal. */
  exchange(): void {
    const shownBefore = this.law.shownBy(this.#writers)
    const clocks = this.#writers.map(clockOf)
    this.#post.deliverAll()
    // Yjs may delete superfluous formats, which makes no new item.
    assert.deepEqual(this.#writers.map(clockOf), clocks)
    for (const writer of this.#writers) {
      this.#checkShown(writer)
      checkEqual(writer.state.doc, this.writer(0).state.doc)
      checkAnchors(writer)
    }
    if (this.#laws.tokens) this.law.settle(this.#writers, shownBefore)
  }

  /** The editor shows what a fresh reading of the document shows, which is legal. */
  #checkShown({ state, doc, problems }: Writer): void {
    assert.deepEqual(problems, [])
    checkEqual(state.doc, this.#form.read(doc))
    state.doc.check()
  }

  close(): void {
    for (const writer of this.#writers) writer.close()
  }

  #arrive(content?: Uint8Array): Writer {
    const index = ++this.#clients
    return new Writer(this.#form, this.#isReversed ? 1_000 - index : index, content)
  }

  #reload(index: number): void {
    const old = this.writer(index)
    const writer = this.#arrive(Y.encodeStateAsUpdate(old.doc))
    this.#post.replace(old, writer)
    this.law.replace(old, writer)
    this.#writers[index] = writer
    this.#checkShown(writer)
    old.close()
  }
}

function clockOf({ doc }: Writer): number {
  return Y.getState(doc.store, doc.clientID)
}

/** The anchor of each end of a textblock finds its way back. */
function checkAnchors({ state, binding }: Writer): void {
  // A paragraph that nobody has written is nowhere else.
  if (state.doc.content.size <= 2) return
  state.doc.descendants((node, position) => {
    if (!node.isTextblock) return true
    for (const place of [position + 1, position + 1 + node.content.size]) {
      assert.equal(binding.positionOf(binding.anchorAt(place, state), state), place)
    }
    return false
  })
}

function checkEqual(one: Node, other: Node): void {
  if (!one.eq(other)) assert.deepEqual(one.toJSON(), other.toJSON())
}

/** Plays a round to its end, and returns how many deeds it had. */
export function play(form: BindingForm, laws: Laws, whole: Round): number {
  const playing = new RoundPlay(form, laws, whole)
  try {
    for (const what of whole.happenings) playing.happen(what)
    playing.exchange()
    return playing.deeds
  } finally {
    playing.close()
  }
}
