import type { Node } from 'prosemirror-model'
import { Plugin, PluginKey, type EditorState, type Transaction } from 'prosemirror-state'
import { Decoration, DecorationSet } from 'prosemirror-view'
import { Effort } from './effort.ts'
import { FindProblem } from './find-problem.ts'
import { createFinder, type FindOptions, type Finder, type Found } from './finder.ts'

/** A place in the document that is what was looked for. */
export interface Match {
  readonly from: number
  readonly to: number
  readonly found: Found
}

/** What is looked for in an editor, and where it is. */
export interface FindState {
  /** Null if nothing is looked for. */
  readonly options: FindOptions | null
  /** Null if nothing can be. */
  readonly finder: Finder | null
  /** What comes in place of a match. */
  readonly replacement: string
  /** Why nothing can be found, as a sentence. */
  readonly problem: string | null
  readonly matches: readonly Match[]
  /** The index of the match that `next` and `replace` go from; -1 if there is none. */
  readonly current: number
}

interface PluginState extends FindState {
  /** The current match is the first one from here on. */
  readonly at: number
  /** By textblock, which stays the same node as long as nobody changes it. */
  readonly known: WeakMap<Node, readonly Found[]>
  readonly decorations: DecorationSet
}

type Meta =
  | { readonly kind: 'start'; readonly options: FindOptions | null; readonly at: number }
  | { readonly kind: 'go'; readonly at: number }
  | { readonly kind: 'replacement'; readonly replacement: string }

/** So many matches on each side of the current one are highlighted: one looks through no more, and each takes time. */
const HIGHLIGHTED = 1000

const key = new PluginKey<PluginState>('codraft-find')

const nothing: PluginState = {
  options: null,
  finder: null,
  replacement: '',
  problem: null,
  matches: [],
  current: -1,
  at: 0,
  known: new WeakMap(),
  decorations: DecorationSet.empty,
}

/** Finds what is looked for, and highlights it, while anybody edits. A text is searched again only when it has changed. */
export function find(): Plugin {
  return new Plugin<PluginState>({
    key,
    state: { init: () => nothing, apply },
    props: { decorations: (state) => key.getState(state)?.decorations },
  })
}

export function findState(state: EditorState): FindState {
  return key.getState(state) ?? nothing
}

/** Looks for something from a position on; null for nothing any more. */
export function lookFor(tr: Transaction, options: FindOptions | null, at: number): Transaction {
  const meta: Meta = { kind: 'start', options, at }
  return tr.setMeta(key, meta)
}

/** Makes the first match from a position on the current one. */
export function goToMatch(tr: Transaction, at: number): Transaction {
  const meta: Meta = { kind: 'go', at }
  return tr.setMeta(key, meta)
}

/** Says what matches are to be replaced by, until nothing is looked for any more. */
export function replaceBy(tr: Transaction, replacement: string): Transaction {
  const meta: Meta = { kind: 'replacement', replacement }
  return tr.setMeta(key, meta)
}

function apply(tr: Transaction, before: PluginState): PluginState {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- set by the functions above only
  const meta = tr.getMeta(key) as Meta | undefined
  if (meta === undefined && (!tr.docChanged || before.options === null)) return before
  if (meta?.kind === 'replacement') return { ...before, replacement: meta.replacement }
  if (meta?.kind === 'start') return search(tr.doc, started(before, meta.options), meta.at)
  const at = meta?.at ?? tr.mapping.map(before.at)
  return tr.docChanged ? search(tr.doc, before, at) : withCurrent(tr.doc, before, at)
}

function started({ replacement }: PluginState, options: FindOptions | null): PluginState {
  if (options === null) return nothing
  const fresh = { ...nothing, replacement, options, known: new WeakMap() }
  try {
    return { ...fresh, finder: createFinder(options) }
  } catch (error) {
    return { ...fresh, problem: problemOf(error) }
  }
}

function search(doc: Node, state: PluginState, at: number): PluginState {
  const { finder, known } = state
  if (finder === null) return { ...state, at }
  try {
    return withCurrent(doc, { ...state, problem: null, matches: matchesIn(doc, finder, known) }, at)
  } catch (error) {
    // Not to be tried again at everybody's next keystroke.
    return withCurrent(doc, { ...state, finder: null, problem: problemOf(error), matches: [] }, at)
  }
}

function matchesIn(doc: Node, finder: Finder, known: WeakMap<Node, readonly Found[]>): Match[] {
  const matches: Match[] = []
  const effort = new Effort()
  doc.descendants((node, pos) => {
    if (!node.inlineContent) return true
    let all = known.get(node)
    if (all === undefined) {
      // What is no text takes one place too.
      all = finder.findIn(node.textBetween(0, node.content.size, null, '\ufffc'), effort)
      known.set(node, all)
    }
    for (const found of all) matches.push({ from: pos + 1 + found.from, to: pos + 1 + found.to, found })
    return false
  })
  return matches
}

function withCurrent(doc: Node, state: PluginState, at: number): PluginState {
  const { matches } = state
  const next = matches.findIndex(({ from }) => from >= at)
  const current = next < 0 && matches.length > 0 ? 0 : next
  const first = Math.max(0, current - HIGHLIGHTED)
  const decorations = matches.slice(first, current + HIGHLIGHTED).map(({ from, to }, i) =>
    Decoration.inline(from, to, {
      class: first + i === current ? 'codraft-match codraft-current-match' : 'codraft-match',
    }),
  )
  return { ...state, current, at, decorations: DecorationSet.create(doc, decorations) }
}

function problemOf(error: unknown): string {
  if (!(error instanceof FindProblem)) throw error
  return error.message
}
