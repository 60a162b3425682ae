// @vitest-environment jsdom
import { TextSelection, type Command } from 'prosemirror-state'
import type { Node } from 'prosemirror-model'
import { CellSelection } from 'prosemirror-tables'
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { doc, p, table, td, tr } from '../../../document/test/language.ts'
import type { ActionName } from '../../editor/action.ts'
import { backspace } from '../../editor/delete.ts'
import { tableActions } from '../../editor/tables/table-actions.ts'
import { goToCell } from '../../editor/tables/table-commands.ts'
import { tableEditing } from '../../editor/tables/table-editing.ts'
import { exchange, Peer, type BindingForm } from './peers.ts'
import { textForm } from './text-form.ts'
import { xmlFormOf } from './xml-form.ts'

const row = (...texts: readonly string[]): Node => tr(...texts.map((text) => td(text)))
const start = doc(p('before'), table(row('a', 'b'), row('c', 'd')), p('after'))

const peers: Peer[] = []
afterEach(() => {
  for (const peer of peers.splice(0)) peer.close()
})

/** Two people at one document with a table. */
function together(form: BindingForm): readonly [Peer, Peer] {
  const parts = { plugins: () => [tableEditing()] }
  const alice = new Peer(form, undefined, parts)
  alice.dispatch((tr_) => tr_.replaceWith(0, tr_.doc.content.size, start.content))
  alice.binding.stopCapturing()
  const bob = new Peer(form, Y.encodeStateAsUpdate(alice.doc), parts)
  peers.push(alice, bob)
  return [alice, bob]
}

/** Where the paragraph with this text begins. */
function placeOf({ state }: Peer, text: string): number {
  let found = -1
  state.doc.descendants((node, pos) => {
    if (node.isTextblock && node.textContent === text) found = pos + 1
  })
  return found
}

/** Somebody does something with the caret in the paragraph with one text, or from there to the end of another. */
function act(peer: Peer, command: Command, from: string, to = from): void {
  const [anchor, head] = [placeOf(peer, from), placeOf(peer, to)]
  peer.select(from === to ? anchor + from.length : anchor, head + to.length)
  peer.run(command)
}

function type(peer: Peer, at: string, text: string): void {
  peer.select(placeOf(peer, at) + at.length).type(text)
}

function run(name: ActionName): Command {
  const action = tableActions.find((each) => each.name === name)
  if (action === undefined) throw new RangeError(`There is no ${name}`)
  return action.run
}

const mergeColumn: Command = (state, dispatch, view) => {
  const cells: number[] = []
  state.doc.descendants((node, pos) => {
    if (node.type === schema.nodes.table_cell) cells.push(pos)
  })
  const selection = CellSelection.create(state.doc, cells[0] ?? 0, cells[2])
  view?.dispatch(state.tr.setSelection(selection))
  return view !== undefined && run('merge-cells')(view.state, dispatch, view)
}

function says({ state }: Peer): string[][] {
  const found = state.doc.children.find(({ type: nodeType }) => nodeType === schema.nodes.table)
  return (found?.children ?? []).map(({ children }) =>
    children.map((cell) => cell.textBetween(0, cell.content.size, '/')),
  )
}

describe.each([
  ['text', textForm(schema)],
  ['tree', xmlFormOf(schema)],
])('a document kept as %s', (_, form) => {
  const cases: [string, Command, string[][]][] = [
    [
      'add-row-after',
      run('add-row-after'),
      [
        ['a', 'b'],
        ['', ''],
        ['c', 'd'],
      ],
    ],
    [
      'add-column-before',
      run('add-column-before'),
      [
        ['', 'a', 'b'],
        ['', 'c', 'd'],
      ],
    ],
    ['delete-row', run('delete-row'), [['c', 'd']]],
    ['delete-column', run('delete-column'), [['b'], ['d']]],
    [
      'move-row-down',
      run('move-row-down'),
      [
        ['c', 'd'],
        ['a', 'b'],
      ],
    ],
    [
      'move-column-right',
      run('move-column-right'),
      [
        ['b', 'a'],
        ['d', 'c'],
      ],
    ],
    [
      'toggle-header-row',
      run('toggle-header-row'),
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['merge-cells', mergeColumn, [['a/c', 'b'], ['d']]],
    ['delete-table', run('delete-table'), []],
    [
      'insert-table',
      run('insert-table'),
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
  ]
  it.each(cases)('has what %s does, for everybody, and without it after undo', (name, command, expected) => {
    const [alice, bob] = together(form)
    const before = alice.state.doc.toJSON()
    act(alice, command, name === 'insert-table' ? 'after' : 'a')
    exchange(alice, bob)
    expect(says(alice)).toEqual(expected)
    expect(bob.state.doc.toJSON()).toEqual(alice.state.doc.toJSON())
    expect(form.read(alice.doc).toJSON()).toEqual(alice.state.doc.toJSON())
    expect(alice.binding.undo()).toBe(true)
    exchange(alice, bob)
    expect(alice.state.doc.toJSON()).toEqual(before)
    expect(bob.state.doc.toJSON()).toEqual(before)
  })

  it('is without a table that a deleted selection reaches into', () => {
    const [alice, bob] = together(form)
    act(alice, backspace, 'before', 'd')
    exchange(alice, bob)
    expect(bob.state.doc.toJSON()).toEqual(doc(p(), p('after')).toJSON())
    expect(alice.state.doc.toJSON()).toEqual(bob.state.doc.toJSON())
  })

  it('does not answer a change by others', () => {
    const [alice, bob] = together(form)
    const { sent } = bob
    act(alice, run('add-row-after'), 'a')
    act(alice, run('add-column-after'), 'd')
    exchange(alice, bob)
    expect(bob.sent).toBe(sent)
  })
})

describe('what somebody else types at the same time', () => {
  const form = textForm(schema)
  const cases: [ActionName, string[][]][] = [
    [
      'add-row-before',
      [
        ['', ''],
        ['a', 'b'],
        ['c', 'd typed'],
      ],
    ],
    [
      'add-column-after',
      [
        ['a', 'b', ''],
        ['c', 'd typed', ''],
      ],
    ],
    [
      'move-row-up',
      [
        ['c', 'd typed'],
        ['a', 'b'],
      ],
    ],
    [
      'move-row-down',
      [
        ['c', 'd typed'],
        ['a', 'b'],
      ],
    ],
    [
      'move-column-left',
      [
        ['b', 'a'],
        ['d typed', 'c'],
      ],
    ],
    [
      'toggle-header-row',
      [
        ['a', 'b'],
        ['c', 'd typed'],
      ],
    ],
  ]
  it.each(cases)('in a cell is there after %s', (name, expected) => {
    const [alice, bob] = together(form)
    act(alice, run(name), name === 'move-row-up' ? 'd' : 'b')
    type(bob, 'd', ' typed')
    exchange(alice, bob)
    expect(says(alice)).toEqual(expected)
    expect(bob.state.doc.toJSON()).toEqual(alice.state.doc.toJSON())
  })

  it('in cells goes together with a row that Tab adds, and columns', () => {
    const [alice, bob] = together(form)
    act(alice, goToCell(1), 'd')
    alice.type('new')
    type(bob, 'a', '!')
    act(bob, run('add-column-before'), 'b')
    exchange(alice, bob)
    expect(says(alice)).toEqual([
      ['a!', '', 'b'],
      ['c', '', 'd'],
      ['new', '', ''],
    ])
    expect(bob.state.doc.toJSON()).toEqual(alice.state.doc.toJSON())
    expect(alice.state.selection).toBeInstanceOf(TextSelection)
  })
})
