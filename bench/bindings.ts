import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Node } from 'prosemirror-model'
import { EditorState, TextSelection, type Transaction } from 'prosemirror-state'
import * as Y from 'yjs'
import { schema } from '../document/index.ts'
import {
  contests,
  encodeDocument,
  REFERENCE,
  type Contest,
  type Contestant,
  type FormName,
} from './contestants.ts'
import { HeadlessView } from './headless-view.ts'
import { markdownTable } from './markdown-table.ts'
import { Random } from './random.ts'
import { sampleDocument } from './sample-document.ts'
import { Timings } from './timings.ts'

const SIZES = [1_000, 10_000, 100_000, 400_000]
const SEED = 3
/** Keystrokes of one kind in one document. */
const KEYSTROKES = 400
/** So many in a row for one contestant, before the next one gets the same: noise of the machine then hits all. */
const ROUND = 20
const OPENINGS = 7
/** Where memory is measured, in a process of its own. */
const MEMORY = '--memory'

const forms: readonly FormName[] = ['text', 'xml']

/** One keystroke: a letter at a place that is a share of the document, or, with null, where the last one ended. */
interface Keystroke {
  readonly share: number | null
  readonly letter: string
}

interface Sizes {
  readonly words: number
  readonly document: Node
  readonly bytes: Readonly<Record<FormName, Uint8Array>>
}

/** What was measured of a contestant, at one size. */
interface Result {
  readonly opening: Timings
  readonly local: { readonly random: Timings; readonly typing: Timings }
  readonly remote: { readonly random: Timings; readonly typing: Timings }
  memory: number
}

/** Prints the speed tables of the bindings, for the numbers of words that are given. */
export function benchBindings(options: readonly string[]): void {
  if (options[0] === MEMORY) {
    printMemory(options[1], options[2])
    return
  }
  const sizes = options.length > 0 ? options.map(Number) : SIZES
  if (!sizes.every((words) => Number.isSafeInteger(words) && words > 0)) {
    throw new RangeError(`Not numbers of words: ${options.join(' ')}`)
  }
  // So that the first size meets compiled code too.
  measure(1_000)
  for (const words of sizes) {
    const { results, bare, yjs } = measure(words)
    print(`\n${words.toLocaleString('en')} words\n`)
    printResults(results, bare)
    print(`\nAlone: ProseMirror's own part of a keystroke ${us(bare.median)} µs; Yjs's of a remote one `)
    print(`${us(yjs.text.median)} µs in the text form, ${us(yjs.xml.median)} µs as a tree.\n`)
  }
}

function measure(words: number) {
  const size = prepare(words)
  const results = new Map(contests.map(({ name }) => [name, newResult()]))
  const bare = new Timings()
  const yjs = { text: new Timings(), xml: new Timings() }
  measureOpening(size, results)
  const open = contests.map((contest) => ({ contest, contestant: openListened(contest, size) }))
  measureLocal(size, open, results, bare)
  measureRemote(size, open, results, yjs)
  for (const { contestant } of open) contestant.close()
  measureMemory(size, results)
  return { results, bare, yjs }
}

function prepare(words: number): Sizes {
  const document = sampleDocument(words, new Random(SEED))
  const bytes = { text: encodeDocument(document, 'text'), xml: encodeDocument(document, 'xml') }
  return { words, document, bytes }
}

function newResult(): Result {
  return {
    opening: new Timings(),
    local: { random: new Timings(), typing: new Timings() },
    remote: { random: new Timings(), typing: new Timings() },
    memory: 0,
  }
}

interface Open {
  readonly contest: Contest
  readonly contestant: Contestant
}

/** With somebody who takes the updates, as a provider does. */
function openListened(contest: Contest, { bytes }: Sizes): Contestant {
  const contestant = contest.open(bytes[contest.form])
  contestant.doc.on('update', () => {})
  return contestant
}

function measureOpening({ bytes }: Sizes, results: ReadonlyMap<string, Result>): void {
  for (let i = 0; i < OPENINGS; i++) {
    for (const contest of rotated(contests, i)) {
      const contestant = results.get(contest.name)?.opening.time(() => contest.open(bytes[contest.form]))
      contestant?.close()
      contestant?.doc.destroy()
    }
  }
}

function measureLocal(
  { document }: Sizes,
  open: readonly Open[],
  results: ReadonlyMap<string, Result>,
  bare: Timings,
): void {
  const views = open.map(({ contest, contestant }) => ({ contest, view: contestant.view }))
  const bareView = new HeadlessView(EditorState.create({ doc: document }))
  for (const kind of ['random', 'typing'] as const) {
    const keystrokes = keystrokesOf(kind)
    for (let from = 0; from < keystrokes.length; from += ROUND) {
      const round = keystrokes.slice(from, from + ROUND)
      for (const keystroke of round) press(bareView, keystroke, kind === 'random' ? bare : new Timings())
      for (const { contest, view } of rotated(views, from / ROUND)) {
        const timings = results.get(contest.name)?.local[kind]
        if (timings !== undefined) for (const keystroke of round) press(view, keystroke, timings)
      }
    }
  }
  for (const { view } of views) {
    if (!view.state.doc.eq(bareView.state.doc)) throw new Error('The contestants wrote different documents')
  }
}

/** Only the dispatch is timed: the caret is put there, and the transaction made, before. */
function press(view: HeadlessView, { share, letter }: Keystroke, timings: Timings): void {
  if (share !== null) {
    const { doc } = view.state
    const $place = doc.resolve(Math.floor(doc.content.size * share))
    view.dispatch(view.state.tr.setSelection(TextSelection.near($place)))
  }
  const tr: Transaction = view.state.tr.insertText(letter)
  timings.time(() => view.dispatch(tr))
}

function measureRemote(
  size: Sizes,
  open: readonly Open[],
  results: ReadonlyMap<string, Result>,
  yjs: Readonly<Record<FormName, Timings>>,
): void {
  for (const { contestant } of open) {
    const { view } = contestant
    const $middle = view.state.doc.resolve(Math.floor(view.state.doc.content.size / 2))
    view.dispatch(view.state.tr.setSelection(TextSelection.near($middle)))
  }
  const unbound = { text: new Y.Doc(), xml: new Y.Doc() }
  for (const form of forms) Y.applyUpdate(unbound[form], size.bytes[form])
  for (const kind of ['random', 'typing'] as const) {
    const updates = { text: updatesOf(size, 'text', kind), xml: updatesOf(size, 'xml', kind) }
    for (let from = 0; from < KEYSTROKES; from += ROUND) {
      for (const form of forms) {
        for (const update of updates[form].slice(from, from + ROUND)) {
          yjs[form].time(() => Y.applyUpdate(unbound[form], update))
        }
      }
      for (const { contest, contestant } of rotated(open, from / ROUND)) {
        const timings = results.get(contest.name)?.remote[kind]
        for (const update of updates[contest.form].slice(from, from + ROUND)) {
          const before = contestant.view.state.doc
          timings?.time(() => Y.applyUpdate(contestant.doc, update))
          if (contestant.view.state.doc.eq(before)) throw new Error(`${contest.name} missed a keystroke`)
        }
      }
    }
  }
}

/** What somebody else sends who does these keystrokes. */
function updatesOf({ bytes }: Sizes, form: FormName, kind: 'random' | 'typing'): Uint8Array[] {
  const contest = contests.find((one) => one.form === form)
  if (contest === undefined) throw new RangeError(`Nobody writes the form ${form}`)
  const author = contest.open(bytes[form])
  const updates: Uint8Array[] = []
  author.doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const keystroke of keystrokesOf(kind)) press(author.view, keystroke, new Timings())
  author.close()
  return updates
}

/** Everywhere, or on and on from one place. */
function keystrokesOf(kind: 'random' | 'typing'): Keystroke[] {
  const random = new Random(SEED + 1)
  return Array.from({ length: KEYSTROKES }, (_, i) => ({
    share: kind === 'random' ? random.next() : i === 0 ? 0.7 : null,
    letter: String.fromCharCode(97 + random.below(26)),
  }))
}

function measureMemory({ bytes }: Sizes, results: ReadonlyMap<string, Result>): void {
  const folder = mkdtempSync(join(tmpdir(), 'codraft-bench-'))
  try {
    for (const { name, form } of contests) {
      const file = join(folder, form)
      writeFileSync(file, bytes[form])
      const script = join(import.meta.dirname, 'main.ts')
      const { stdout, status } = spawnSync(
        process.execPath,
        [...process.execArgv, '--expose-gc', script, 'bindings', MEMORY, name, file],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
      )
      if (status !== 0) throw new Error(`The memory of ${name} could not be measured`)
      const result = results.get(name)
      if (result !== undefined) result.memory = Number(stdout)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Prints the bytes of heap that an opened document takes, its `Y.Doc` and the editor's state together. */
function printMemory(name: string | undefined, file: string | undefined): void {
  const contest = contests.find((one) => one.name === name)
  if (contest === undefined || file === undefined || globalThis.gc === undefined) {
    throw new RangeError(`There is no memory to measure of ${String(name)}`)
  }
  const small = contest.open(
    encodeDocument(schema.node('doc', null, [schema.node('paragraph')]), contest.form),
  )
  globalThis.gc()
  const before = process.memoryUsage().heapUsed
  const contestant = contest.open(readFileSync(file))
  globalThis.gc()
  print(String(process.memoryUsage().heapUsed - before))
  // Still needed here, or there would have been nothing to measure.
  contestant.close()
  small.close()
}

function printResults(results: ReadonlyMap<string, Result>, bare: Timings): void {
  const reference = results.get(REFERENCE)
  if (reference === undefined) throw new RangeError(`There is no ${REFERENCE}`)
  const own = ({ median }: Timings): number => median - bare.median
  const rows = [...results].map(([name, { local, remote, opening, memory }]) => [
    name,
    `${us(own(local.random))} / ${us(local.random.quantile(0.95))}`,
    ratio(own(local.random), own(reference.local.random)),
    `${us(own(local.typing))} / ${us(local.typing.quantile(0.95))}`,
    ratio(own(local.typing), own(reference.local.typing)),
    `${us(remote.random.median)} / ${us(remote.random.quantile(0.95))}`,
    ratio(remote.random.median, reference.remote.random.median),
    `${us(remote.typing.median)} / ${us(remote.typing.quantile(0.95))}`,
    ratio(remote.typing.median, reference.remote.typing.median),
    opening.median.toFixed(1),
    ratio(opening.median, reference.opening.median),
    (memory / 1e6).toFixed(1),
    ratio(memory, reference.memory),
  ])
  const head = [
    '',
    'local, anywhere, µs',
    '×',
    'typing on, µs',
    '×',
    'remote, anywhere, µs',
    '×',
    'typing on, µs',
    '×',
  ]
  print(`${markdownTable([...head, 'opening, ms', '×', 'heap, MB', '×'], rows)}\n`)
}

function rotated<T>(things: readonly T[], by: number): T[] {
  const at = by % things.length
  return [...things.slice(at), ...things.slice(0, at)]
}

function us(milliseconds: number): string {
  return (milliseconds * 1000).toFixed(0)
}

function ratio(value: number, reference: number): string {
  return (value / reference).toFixed(2)
}

function print(text: string): void {
  process.stdout.write(text)
}
