import { chainCommands } from 'prosemirror-commands'
import type { Node } from 'prosemirror-model'
import { TextSelection, type Command } from 'prosemirror-state'
import { CellSelection, deleteCellSelection, TableMap } from 'prosemirror-tables'
import { expect } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { readTextDocument, textOf } from '../../../document/text-form/index.ts'
import { backspace, deleteForward } from '../../editor/delete.ts'
import { splitParagraph } from '../../editor/enter.ts'
import { toggleMark } from '../../editor/mark-commands.ts'
import { setStyle, toggleList } from '../../editor/paragraph-commands.ts'
import { tableActions } from '../../editor/tables/table-actions.ts'
import { exchangeQuietly, Peer } from './peers.ts'
import { textForm } from './text-form.ts'
import { Tokens } from './tokens.ts'

const form = textForm(schema)

/** What takes text away. Whatever else is done, every character stays. */
const deleting: readonly Command[] = [
  ...actionsNamed(/^delete-(row|column)$/),
  chainCommands(deleteCellSelection, backspace),
  deleteForward,
]

const keeping: readonly Command[] = [
  ...actionsNamed(/^(add|move|toggle)/),
  ...actionsNamed(/^(merge|split)/),
  ...actionsNamed(/^(merge|split)/),
  splitParagraph,
  setStyle('heading1'),
  toggleList('bullet'),
  toggleMark(schema.marks.bold),
]

/** What is done in cells. */
export const commands: readonly Command[] = [...deleting, ...keeping]

function actionsNamed(name: RegExp): Command[] {
  return tableActions.filter((action) => name.test(action.name)).map(({ run }) => run)
}

/** Somebody acts in a cell, or in a rectangle of cells; or gets what somebody else has. */
export type Happening =
  | { readonly kind: 'type'; readonly who: number; readonly at: number }
  | {
      readonly kind: 'command'
      readonly who: number
      readonly at: number
      readonly to: number | null
      readonly command: number
    }
  | { readonly kind: 'undo' | 'redo'; readonly who: number }
  | { readonly kind: 'deliver'; readonly who: number; readonly from: number }
  | { readonly kind: 'garbage'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'exchange' }

/** How many act. */
export const PEERS = 3
function cell(text: string): Node {
  const content = text === '' ? [] : [schema.text(text)]
  return schema.node('table_cell', null, [schema.node('paragraph', null, content)])
}

function newTable(): Node {
  const rows = [
    ['a', 'b', ''],
    ['c', '', 'd'],
    ['', 'e', 'f'],
  ]
  return schema.node(
    'table',
    null,
    rows.map((row) => schema.node('table_row', null, row.map(cell))),
  )
}

/** Three people who edit a table, whose changes wait until they are delivered, and one who looks on. */
export class Round {
  readonly tokens = new Tokens()
  readonly peers: readonly Peer[]
  /** Somebody who only looks on. */
  readonly idle: Peer
  readonly #foreign = new Y.Doc()
  /** What others type meanwhile in a row or column that somebody deletes, or takes back, goes with it. */
  #areLinesDeleted = false

  constructor() {
    const first = new Peer(form)
    first.dispatch((tr) => tr.insert(0, newTable()))
    const content = Y.encodeStateAsUpdate(first.doc)
    first.close()
    Y.applyUpdate(this.#foreign, content)
    this.peers = Array.from({ length: PEERS }, () => new Peer(form, content))
    this.idle = new Peer(form, content)
  }

  peer(index: number): Peer {
    const peer = this.peers[index]
    if (peer === undefined) throw new RangeError(`There is no peer ${index}`)
    return peer
  }

  happen(one: Happening): void {
    switch (one.kind) {
      case 'exchange':
        this.exchange()
        break
      case 'deliver':
        if (one.who !== one.from) this.peer(one.who).receive(this.peer(one.from))
        break
      case 'garbage':
        this.#spoil(one.key, one.value)
        break
      case 'type':
      case 'command':
      case 'undo':
      case 'redo':
        this.act(one)
        break
    }
  }

  /** Returns who acted. */
  act(one: Extract<Happening, { who: number; kind: 'type' | 'command' | 'undo' | 'redo' }>): Peer {
    const actor = this.peer(one.who)
    const [before, linesBefore] = [actor.text, linesIn(actor)]
    switch (one.kind) {
      case 'type':
        select(actor, one.at, null)
        actor.typeAnew(this.tokens.type())
        break
      case 'command': {
        const command = commands[one.command]
        select(actor, one.at, one.to)
        actor.binding.stopCapturing()
        if (command !== undefined) actor.run(command)
        break
      }
      case 'undo':
        actor.binding.undo()
        break
      case 'redo':
        actor.binding.redo()
        break
    }
    const takesBack = one.kind === 'undo' || one.kind === 'redo'
    if (linesIn(actor) < linesBefore || (takesBack && hasOneLine(actor))) this.#areLinesDeleted = true
    if (one.kind !== 'command' || one.command < deleting.length) this.tokens.acted(before, actor.text)
    else expectAllKept(before, actor.text)
    return actor
  }

  exchange(): void {
    const all = [...this.peers, this.idle]
    exchangeQuietly(all)
    const { text } = this.idle
    if (this.#areLinesDeleted) {
      for (const token of this.tokens.wrongIn(text)) if (!text.includes(token)) this.tokens.touch(token)
    }
    this.#areLinesDeleted = false
    expectAgreed(all, this.tokens)
    expectSilent(this.idle)
  }

  /** Everybody sees what a fresh reading sees, and every table is a rectangle. */
  check(): void {
    for (const peer of [...this.peers, this.idle]) expectShown(peer)
  }

  close(): void {
    for (const peer of [...this.peers, this.idle]) peer.close()
  }

  #spoil(key: string, value: unknown): void {
    for (const { insert } of textOf(this.#foreign).toDelta() as { insert: unknown }[]) {
      if (!(insert instanceof Y.Map) || insert.get('kind') !== 'table') continue
      const { shared } = (value ?? {}) as { shared?: string }
      if (shared === 'text') insert.set(key, new Y.Text('garbage'))
      else if (shared === 'map') insert.set(key, new Y.Map([['kind', 'table']]))
      else if (shared === 'xml') insert.set(key, new Y.XmlText('garbage'))
      else insert.set(key, value)
    }
    for (const peer of this.peers) Y.applyUpdate(peer.doc, Y.encodeStateAsUpdate(this.#foreign), 'network')
  }
}

/** Puts the caret at a part of the table's text, or selects the cells from there to another part. */
function select(peer: Peer, from: number, to: number | null): void {
  const { doc } = peer.state
  const places: number[] = []
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true
    for (let i = 0; i <= node.content.size; i++) places.push(pos + 1 + i)
    return false
  })
  const place = (share: number) => doc.resolve(places[Math.floor((share * places.length) / 1000)] ?? 0)
  const [$from, $to] = [place(from), place(to ?? from)]
  const isInOneTable = $from.depth > 3 && $from.sharedDepth($to.pos) > 0
  const selection =
    to !== null && isInOneTable
      ? CellSelection.create(doc, $from.before(3), $to.before(3))
      : TextSelection.create(doc, $from.pos)
  peer.dispatch((tr) => tr.setSelection(selection))
}

function expectAllKept(before: string, after: string): void {
  expect(lettersOf(after)).toEqual(lettersOf(before))
}

function expectAgreed(peers: readonly Peer[], tokens: Tokens): void {
  for (const { state, text } of peers) {
    expect(state.doc.toJSON()).toEqual(peers[0]?.state.doc.toJSON())
    expect(tokens.wrongIn(text)).toEqual([])
  }
}

/** That somebody has written nothing: what Yjs deletes of superfluous formats makes no item. */
function expectSilent({ doc }: Peer): void {
  expect(Y.getState(doc.store, doc.clientID)).toBe(0)
}

function expectShown({ state, doc }: Peer): void {
  expect(state.doc.toJSON()).toEqual(readTextDocument(textOf(doc), schema).toJSON())
  state.doc.check()
  for (const { problems } of tableMaps(state.doc)) expect(problems).toBeNull()
}

/** How many rows and columns somebody sees. */
function linesIn({ state }: Peer): number {
  return tableMaps(state.doc).reduce((sum, { width, height }) => sum + width + height, 0)
}

/** Whether a table has one row or one column: that is drawn also where it was taken back, for a table has no fewer. */
function hasOneLine({ state }: Peer): boolean {
  return tableMaps(state.doc).some(({ width, height }) => width === 1 || height === 1)
}

function tableMaps(doc: Node): TableMap[] {
  return doc.children.filter(({ type }) => type === schema.nodes.table).map((table) => TableMap.get(table))
}

function lettersOf(text: string): string[] {
  return Array.from(text.replaceAll('|', '')).toSorted()
}
