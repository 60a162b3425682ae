import { chainCommands } from 'prosemirror-commands'
import type { Node } from 'prosemirror-model'
import { TextSelection, type Command, type Transaction } from 'prosemirror-state'
import * as Y from 'yjs'
import { createActions } from '../client/editor/create-actions.ts'
import { backspace, deleteForward } from '../client/editor/delete.ts'
import { leaveEmptyParagraph, splitParagraph } from '../client/editor/enter.ts'
import { setLink } from '../client/editor/links/link-commands.ts'
import { replaceSelected } from '../client/editor/clipboard/paste.ts'
import { schema } from '../document/index.ts'
import { readTextDocument, textOf } from '../document/text-form/index.ts'
import { encodeDocument, openEditor, type OpenEditor } from './contestants.ts'
import { Random } from './random.ts'
import { sampleDocument } from './sample-document.ts'
import { Timings } from './timings.ts'

/** About 100 pages. */
const WORDS = 50_000
const COMMANDS = 5_000
/** Positions that a selection spans at most: people seldom act on more than a few paragraphs. */
const MAX_RANGE = 600

const history = { undo: () => false, redo: () => false, canUndo: () => false, canRedo: () => false }

const paste: Command = ({ tr }, dispatch) => {
  const blocks = schema.node('doc', null, [
    schema.node('paragraph', { style: 'heading1' }, schema.text('P')),
    schema.node('paragraph', { list: 'bullet' }, schema.text('Q', [schema.mark('bold')])),
  ])
  if (replaceSelected(tr, blocks.slice(0, blocks.content.size)) === null) return false
  dispatch?.(tr)
  return true
}

const commands: readonly Command[] = [
  ...createActions({ history, editLink: () => {}, editImage: () => {} }).map(({ run }) => run),
  ...Array.from({ length: 8 }, () => chainCommands(leaveEmptyParagraph, splitParagraph)),
  ...Array.from({ length: 8 }, () => backspace),
  deleteForward,
  setLink('example.org'),
  paste,
]

/** What is typed offline is made of characters that occur nowhere else, so that each can be counted. */
class Tokens {
  readonly #typed = new Set<string>()
  /** Those that somebody deleted, wrote anew, or took back. */
  readonly #gone = new Set<string>()
  // Private use, one UTF-16 unit each: no caret shall come to stand within one. There are 6,400.
  #next = 0xe000

  next(): string {
    return String.fromCharCode(this.#next++)
  }

  /** Counts a token if the transaction has it: typing at a selected rule types nothing. */
  typed(token: string, { doc }: Transaction): void {
    if (doc.textContent.includes(token)) this.#typed.add(token)
  }

  /** Somebody acted, which may have deleted some; blocks that were left alone are the same nodes. */
  acted(before: Node, after: Node): void {
    const [old, now] = [new Set(before.children), new Set(after.children)]
    const left = new Set(textInBlocks(after.children.filter((block) => !old.has(block))))
    for (const token of textInBlocks(before.children.filter((block) => !now.has(block)))) {
      if (this.#typed.has(token) && !left.has(token)) this.#gone.add(token)
    }
  }

  get count(): number {
    return this.#typed.size
  }

  /** Those that nobody deleted, and that are missing or there more than once. */
  wrongIn(text: string): string[] {
    const counts = new Map<string, number>()
    for (const token of text) counts.set(token, (counts.get(token) ?? 0) + 1)
    return [...this.#typed].filter((token) => !this.#gone.has(token) && counts.get(token) !== 1)
  }
}

/** Two people work offline for long on copies of one document; prints how long the merge blocks, and whether the laws hold. */
export function benchOffline([seedText = '1']: readonly string[]): void {
  const seed = Number(seedText)
  if (!Number.isSafeInteger(seed)) throw new RangeError(`Not a seed: ${seedText}`)
  const random = new Random(seed)
  const bytes = encodeDocument(sampleDocument(WORDS, random), 'text')
  const editors = [openEditor(bytes), openEditor(bytes)] as const
  const tokens = new Tokens()
  const doing = new Timings()
  for (const editor of editors) for (let i = 0; i < COMMANDS; i++) act(editor, random, tokens, doing)

  const [alice, bob] = editors
  const [fromAlice, fromBob] = [updateFor(bob, alice), updateFor(alice, bob)]
  const merges = [merge(alice, fromBob), merge(bob, fromAlice)]
  // Yjs may clean up formats after a change, which is one more.
  merge(alice, updateFor(alice, bob))
  merge(bob, updateFor(bob, alice))

  const texts = editors.map(textIn)
  const laws = {
    converged: alice.view.state.doc.eq(bob.view.state.doc),
    'as read afresh': editors.every(({ doc, view }) =>
      view.state.doc.eq(readTextDocument(textOf(doc), schema)),
    ),
    'each token once': texts.every((text) => tokens.wrongIn(text).length === 0),
  }
  const sizes = [fromAlice, fromBob].map(({ length }) => `${(length / 1000).toFixed(0)} kB`)
  const blocked = merges.map((milliseconds) => milliseconds.toFixed(0)).join(' and ')
  print(`Seed ${seed}: ${WORDS} words, ${COMMANDS} commands on each side, ${tokens.count} typed tokens`)
  print(`A command took ${doing.median.toFixed(2)} ms (95 %: ${doing.quantile(0.95).toFixed(2)} ms)`)
  print(`The merge (${sizes.join(' and ')}) blocked ${blocked} ms`)
  for (const [law, holds] of Object.entries(laws)) print(`${law}: ${holds ? 'yes' : 'NO'}`)
  if (!Object.values(laws).every(Boolean)) process.exitCode = 1
}

/** Half is typing, and a twentieth is undo and redo each. */
function act(editor: OpenEditor, random: Random, tokens: Tokens, doing: Timings): void {
  const { view, binding } = editor
  const before = view.state.doc
  const kind = random.next()
  const size = view.state.doc.content.size
  const from = random.below(size)
  const to = random.next() < 0.7 ? from : Math.min(size, from + random.below(MAX_RANGE))
  const { doc } = view.state
  view.dispatch(view.state.tr.setSelection(TextSelection.between(doc.resolve(from), doc.resolve(to))))
  binding.stopCapturing()
  const token = kind < 0.5 ? tokens.next() : ' '
  const typing = view.state.tr.insertText(token)
  if (kind < 0.5) tokens.typed(token, typing)
  doing.time(() => {
    if (kind < 0.5) view.dispatch(typing)
    else if (kind < 0.55) binding.undo()
    else if (kind < 0.6) binding.redo()
    else random.pick(commands)(view.state, (tr) => view.dispatch(tr))
  })
  tokens.acted(before, view.state.doc)
}

function updateFor(to: OpenEditor, from: OpenEditor): Uint8Array {
  return Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc))
}

/** In milliseconds of processor time. */
function merge({ doc }: OpenEditor, update: Uint8Array): number {
  const timings = new Timings()
  timings.time(() => Y.applyUpdate(doc, update, 'network'))
  return timings.median
}

function textIn({ view }: OpenEditor): string {
  const { doc } = view.state
  return doc.textBetween(0, doc.content.size, '\n')
}

function textInBlocks(blocks: readonly Node[]): string {
  return blocks.map(({ textContent }) => textContent).join('')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
