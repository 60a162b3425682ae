// @vitest-environment jsdom
import { Fragment, type Node } from 'prosemirror-model'
import { TextSelection, type Command, type Transaction } from 'prosemirror-state'
import { CellSelection, mergeCells } from 'prosemirror-tables'
import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { readTextDocument, textOf } from '../../../document/text-form/index.ts'
import { addColumnBeside, deleteSelectedRows } from '../../editor/tables/table-commands.ts'
import { exchange, Peer } from './peers.ts'
import { textForm } from './text-form.ts'

const form = textForm(schema)

function cell(text = '', attrs: Record<string, unknown> = {}): Node {
  return schema.node('table_cell', attrs, [
    schema.node('paragraph', null, text === '' ? [] : [schema.text(text)]),
  ])
}

function tableOf(...rows: readonly (readonly Node[])[]): Node {
  return schema.node(
    'table',
    null,
    rows.map((cells) => schema.node('table_row', null, cells)),
  )
}

/** The document's only table, its position, and what its cells say. */
function tableIn(peer: Peer): { readonly node: Node; readonly pos: number } {
  let found: { readonly node: Node; readonly pos: number } | null = null
  peer.state.doc.forEach((node, pos) => {
    if (node.type.name === 'table') found ??= { node, pos }
  })
  if (found === null) throw new RangeError('There is no table')
  return found
}

function saysOf(peer: Peer): string[][] {
  return tableIn(peer).node.children.map((row) =>
    row.children.map((one) => one.textBetween(0, one.content.size, '/')),
  )
}

function positionOfCell(peer: Peer, row: number, column: number): number {
  const { node, pos } = tableIn(peer)
  let at = pos + 1
  for (let r = 0; r < row; r++) at += node.child(r).nodeSize
  at++
  for (let c = 0; c < column; c++) at += node.child(row).child(c).nodeSize
  return at
}

function typeIn(peer: Peer, row: number, column: number, text: string): void {
  const pos = positionOfCell(peer, row, column)
  const end = pos + (peer.state.doc.nodeAt(pos)?.nodeSize ?? 0) - 2
  peer.dispatch((tr) => tr.setSelection(TextSelection.create(tr.doc, end)))
  peer.typeAnew(text)
}

function act(peer: Peer, change: (tr: Transaction) => Transaction): void {
  peer.binding.stopCapturing()
  peer.dispatch(change)
}

function addRow(peer: Peer, index: number): void {
  const { node, pos } = tableIn(peer)
  let at = pos + 1
  for (let r = 0; r < index; r++) at += node.child(r).nodeSize
  const cells = Array.from({ length: node.firstChild?.childCount ?? 1 }, () => cell())
  act(peer, (tr) => tr.insert(at, schema.node('table_row', null, cells)))
}

function addColumn(peer: Peer, index: number): void {
  const rows = tableIn(peer).node.childCount
  act(peer, (tr) => {
    for (let r = rows - 1; r >= 0; r--) tr.insert(positionOfCell(peer, r, index), cell())
    return tr
  })
}

function deleteRow(peer: Peer, index: number): void {
  const from = positionOfCell(peer, index, 0) - 1
  act(peer, (tr) => tr.delete(from, from + (tr.doc.nodeAt(from)?.nodeSize ?? 0)))
}

function deleteColumn(peer: Peer, index: number): void {
  const rows = tableIn(peer).node.childCount
  act(peer, (tr) => {
    for (let r = rows - 1; r >= 0; r--) {
      const from = positionOfCell(peer, r, index)
      tr.delete(from, from + (tr.doc.nodeAt(from)?.nodeSize ?? 0))
    }
    return tr
  })
}

function moveRowUp(peer: Peer, index: number): void {
  const from = positionOfCell(peer, index, 0) - 1
  const target = positionOfCell(peer, index - 1, 0) - 1
  act(peer, (tr) => {
    const row = tr.doc.nodeAt(from)
    return row === null ? tr : tr.delete(from, from + row.nodeSize).insert(target, row)
  })
}

function selectCells(peer: Peer, from: readonly [number, number], to: readonly [number, number]): void {
  const [anchor, head] = [positionOfCell(peer, ...from), positionOfCell(peer, ...to)]
  peer.dispatch((tr) => tr.setSelection(CellSelection.create(tr.doc, anchor, head)))
}

function run(peer: Peer, command: Command): void {
  peer.binding.stopCapturing()
  expect(peer.run(command)).toBe(true)
}

function expectSame(...peers: readonly Peer[]): void {
  for (const { state, doc } of peers) {
    expect(state.doc.toJSON()).toEqual(readTextDocument(textOf(doc), schema).toJSON())
    expect(state.doc.toJSON()).toEqual(peers[0]?.state.doc.toJSON())
    state.doc.check()
  }
}

describe('a table in a text', () => {
  let alice: Peer
  let bob: Peer

  beforeEach(() => {
    alice = new Peer(form)
    act(alice, (tr) => tr.insert(0, tableOf([cell('a'), cell('b')], [cell('c'), cell('d')])))
    bob = new Peer(form, Y.encodeStateAsUpdate(alice.doc))
  })

  afterEach(() => {
    for (const peer of [alice, bob]) peer.close()
  })

  it('has its text back in order when the deletion of a row is undone', () => {
    const insert = (offset: number, text: string): void =>
      act(alice, (tr) => tr.insertText(text, positionOfCell(alice, 0, 0) + 2 + offset))
    insert(1, 'one')
    alice.binding.undo()
    alice.binding.redo()
    insert(3, 'two')
    insert(7, 'three')
    insert(1, 'four')
    const before = saysOf(alice)
    deleteRow(alice, 0)
    alice.binding.undo()
    expect(saysOf(alice)).toEqual(before)
  })

  it('keeps a text once when a deletion leaves a row that lacks cells', () => {
    act(alice, (tr) => tr.delete(positionOfCell(alice, 1, 0) + 2, positionOfCell(alice, 1, 1) + 2))
    expect(
      saysOf(alice)
        .flat()
        .filter((text) => text !== ''),
    ).toEqual(['a', 'b', 'd'])
    Y.applyUpdate(bob.doc, Y.encodeStateAsUpdate(alice.doc), 'network')
    expectSame(alice, bob)
  })

  it('takes a row between two that were added at once, and leaves the texts of both alone', () => {
    addRow(alice, 1)
    addRow(bob, 1)
    exchange(alice, bob)
    typeIn(alice, 2, 0, 'x')
    exchange(alice, bob)
    addRow(alice, 2)
    typeIn(bob, 2, 0, 'y')
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(alice)).toEqual([
      ['a', 'b'],
      ['', ''],
      ['', ''],
      ['xy', ''],
      ['c', 'd'],
    ])
  })

  it('is drawn by everybody, and taken back by undo', () => {
    expect(saysOf(bob)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    const before = alice.state.doc.toJSON()
    expect(alice.binding.undo()).toBe(true)
    expect(alice.state.doc.childCount).toBe(1)
    expect(alice.binding.redo()).toBe(true)
    expect(alice.state.doc.toJSON()).toEqual(before)
    expectSame(alice)
  })

  it('keeps what two people type in one cell', () => {
    typeIn(alice, 0, 0, '1')
    typeIn(bob, 0, 0, '2')
    typeIn(bob, 1, 1, '3')
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(alice)[0]?.[0]).toMatch(/^a(12|21)$/)
    expect(saysOf(alice)[1]).toEqual(['c', 'd3'])
  })

  it('keeps what two people type in a new cell', () => {
    addRow(alice, 1)
    exchange(alice, bob)
    typeIn(alice, 1, 0, 'one')
    typeIn(bob, 1, 0, 'two')
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(alice)[1]?.[0]).toMatch(/^(one\/two|two\/one)$/)
    alice.binding.undo()
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(bob)[1]?.[0]).toBe('two')
  })

  it('is a rectangle after add row × add column × delete column × type', () => {
    addRow(alice, 1)
    addColumn(bob, 1)
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(alice)).toEqual([
      ['a', '', 'b'],
      ['', '', ''],
      ['c', '', 'd'],
    ])
    deleteColumn(alice, 0)
    typeIn(bob, 2, 2, '!')
    addRow(bob, 3)
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(bob)).toEqual([
      ['', 'b'],
      ['', ''],
      ['', 'd!'],
      ['', ''],
    ])
  })

  it('really removes the text of a deleted row, and undo brings it back', () => {
    deleteRow(alice, 0)
    expect(saysOf(alice)).toEqual([['c', 'd']])
    const [marker]: readonly unknown[] = textOf(alice.doc)
      .toDelta()
      .map(({ insert }: { insert: unknown }) => insert)
    expect(JSON.stringify(marker instanceof Y.Map ? marker.toJSON() : null)).not.toContain('"a"')
    typeIn(bob, 1, 0, '!')
    exchange(alice, bob)
    alice.binding.undo()
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(bob)).toEqual([
      ['a', 'b'],
      ['c!', 'd'],
    ])
  })

  it('goes with its text when something else takes its place, and undo brings it back', () => {
    const before = alice.state.doc.toJSON() as unknown
    act(alice, (tr) => tr.replaceWith(0, tr.doc.content.size, schema.node('paragraph')))
    exchange(alice, bob)
    expectSame(alice, bob)
    const pieces = textOf(bob.doc).toDelta() as readonly { readonly insert: unknown }[]
    const left = pieces.map(({ insert }) => (insert instanceof Y.Map ? insert.toJSON() : insert))
    expect(JSON.stringify(left)).not.toContain('cell:')
    alice.binding.undo()
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(bob.state.doc.toJSON()).toEqual(before)
  })

  it('takes the place of a paragraph', () => {
    const carol = new Peer(form)
    const table = tableOf([cell('a'), cell('b')], [cell('c'), cell('d')])
    act(carol, (tr) => tr.replaceWith(0, tr.doc.content.size, table))
    expectSame(carol)
    expect(saysOf(carol)).toEqual(saysOf(alice))
    carol.close()
  })

  it('is all there although somebody made a code block of the paragraph whose place it took', () => {
    const carol = new Peer(form, undefined, { clientID: 1 })
    // Of two values of one key, Yjs takes that of the greater id.
    const dave = new Peer(form, undefined, { clientID: 2 })
    const { table, table_row: row, table_cell: oneCell, paragraph, code_block: code } = schema.nodes
    const content = paragraph.create(null, schema.text('kept'))
    act(carol, (tr) =>
      tr.replaceWith(0, 2, table.create(null, row.create(null, oneCell.create(null, content)))),
    )
    for (const kind of [code, paragraph]) act(dave, (tr) => tr.setNodeMarkup(0, kind))
    exchange(carol, dave)
    expect(carol.text).toContain('kept')
    expect(dave.state.doc.toJSON()).toEqual(carol.state.doc.toJSON())
    for (const peer of [carol, dave]) peer.close()
  })

  it('is all there after it was dragged, also where nothing else is', () => {
    const { node } = tableIn(alice)
    act(alice, (tr) => tr.delete(node.nodeSize, tr.doc.content.size))
    act(alice, (tr) => tr.delete(0, tr.doc.content.size).insert(0, node))
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(tableIn(bob).node.toJSON()).toEqual(node.toJSON())
  })

  it('is all there after a change of it and of what is around it', () => {
    const from = positionOfCell(alice, 0, 0) - 1
    const row = alice.state.doc.nodeAt(from)
    act(alice, (tr) =>
      tr
        .delete(from, from + (row?.nodeSize ?? 0))
        .insert(tr.doc.content.size, schema.node('paragraph', null, schema.text('behind'))),
    )
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(bob)).toEqual([['c', 'd']])
    expect(bob.text).toContain('behind')
  })

  it('can be given rows when all of its own were deleted', () => {
    addRow(alice, 2)
    exchange(alice, bob)
    deleteRow(alice, 1)
    deleteRow(alice, 0)
    deleteRow(bob, 2)
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(alice)).toEqual([['']])
    addRow(bob, 1)
    typeIn(bob, 1, 0, 'new')
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(alice)).toEqual([[''], ['new']])
    bob.binding.undo()
    bob.binding.undo()
    expect(saysOf(bob)).toEqual([['']])
  })

  it('lets deleting win over moving, and two moves be one', () => {
    addRow(alice, 2)
    exchange(alice, bob)
    moveRowUp(alice, 1)
    moveRowUp(bob, 1)
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(alice).slice(0, 2)).toEqual([
      ['c', 'd'],
      ['a', 'b'],
    ])
    moveRowUp(alice, 1)
    deleteRow(bob, 1)
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(alice)).toEqual([
      ['c', 'd'],
      ['', ''],
    ])
  })

  it('merges and splits cells without touching what others type in them', () => {
    const from = positionOfCell(alice, 0, 0)
    const row = alice.state.doc.nodeAt(from - 1)
    act(alice, (tr) => {
      const content = row?.children.flatMap(({ children }) => children) ?? []
      return tr.replaceWith(from - 1, from - 1 + (row?.nodeSize ?? 0), [
        schema.node('table_row', null, [schema.node('table_cell', { colspan: 2 }, content)]),
      ])
    })
    typeIn(bob, 0, 1, '!')
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(alice)).toEqual([['a/b!'], ['c', 'd']])
    typeIn(alice, 0, 0, '?')
    expect(saysOf(alice)[0]).toEqual(['a/b!?'])
    alice.binding.undo()
    alice.binding.undo()
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(bob)[0]).toEqual(['a', 'b!'])
  })

  it('knows columns again beside a cell that cuts every row', () => {
    selectCells(alice, [0, 0], [1, 1])
    run(alice, mergeCells)
    run(alice, addColumnBeside('before'))
    expect(saysOf(alice)).toEqual([['', 'a/b/c/d'], ['']])
    typeIn(bob, 1, 1, '!')
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(alice)).toEqual([['', 'a/b/c/d!'], ['']])
  })

  it('keeps a row that others type in when the one above, in which a merged cell began, is deleted', () => {
    selectCells(alice, [0, 0], [1, 0])
    run(alice, mergeCells)
    exchange(alice, bob)
    selectCells(alice, [0, 1], [0, 1])
    run(alice, deleteSelectedRows)
    typeIn(bob, 1, 0, '!')
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(saysOf(alice)).toEqual([['a/c', 'd!']])
  })

  it('keeps what others type in cells that are all made plain', () => {
    const bold = schema.mark('bold')
    const boldCell = (text: string) =>
      cell('').copy(Fragment.from(schema.node('paragraph', null, schema.text(text, [bold]))))
    act(alice, (tr) => tr.replaceWith(0, tr.doc.content.size, tableOf([boldCell('ab'), boldCell('cd')])))
    exchange(alice, bob)
    act(alice, (tr) => tr.removeMark(0, tr.doc.content.size, bold.type))
    bob.select(positionOfCell(bob, 0, 0) + 3).type('x')
    exchange(alice, bob)
    expect(saysOf(alice)).toEqual([['axb', 'cd']])
    expect(saysOf(bob)).toEqual([['axb', 'cd']])
  })

  it('gives the cells that take the place of a merged one what they hold', () => {
    act(alice, (tr) =>
      tr.replaceWith(0, tr.doc.content.size, tableOf([cell('a'), cell('b', { rowspan: 2 })], [cell('c')])),
    )
    exchange(alice, bob)
    const { pos, node } = tableIn(bob)
    act(bob, (tr) =>
      tr.replaceWith(pos, pos + node.nodeSize, tableOf([cell('a'), cell('x')], [cell('c'), cell('y')])),
    )
    exchange(alice, bob)
    expect(saysOf(alice)).toEqual([
      ['a', 'x'],
      ['c', 'y'],
    ])
  })

  it('changes any paragraph of a merged cell', () => {
    const from = positionOfCell(alice, 0, 0)
    const row = alice.state.doc.nodeAt(from - 1)
    act(alice, (tr) => {
      const content = row?.children.flatMap(({ children }) => children) ?? []
      return tr.replaceWith(from, from - 2 + (row?.nodeSize ?? 0), [
        schema.node('table_cell', { colspan: 2 }, content),
      ])
    })
    for (const paragraph of [from + 1, from + 4])
      act(alice, (tr) => tr.setNodeAttribute(paragraph, 'align', 'right'))
    exchange(alice, bob)
    expectSame(alice, bob)
    const aligned = bob.state.doc.nodeAt(from)?.children.map(({ attrs }) => attrs['align'] as unknown)
    expect(aligned).toEqual(['right', 'right'])
  })

  it('loses rows again by redo, also one in which several people wrote', () => {
    addRow(bob, 0)
    typeIn(bob, 1, 0, 'x')
    const { node, pos } = tableIn(bob)
    act(bob, (tr) => tr.delete(pos + 1, pos + 1 + node.child(0).nodeSize + node.child(1).nodeSize))
    expect(saysOf(bob)).toEqual([['c', 'd']])
    bob.binding.undo()
    expect(saysOf(bob).slice(0, 2)).toEqual([
      ['', ''],
      ['ax', 'b'],
    ])
    bob.binding.redo()
    expect(saysOf(bob)).toEqual([['c', 'd']])
    expectSame(bob)
  })

  it('keeps its text when the one who inserted it takes it back', () => {
    typeIn(bob, 0, 0, ' theirs')
    exchange(alice, bob)
    alice.binding.undo()
    exchange(alice, bob)
    expectSame(alice, bob)
    expect(bob.text).toContain(' theirs')
  })
})

describe('a place in a table', () => {
  let alice: Peer
  let bob: Peer

  beforeEach(() => {
    alice = new Peer(form)
    act(alice, (tr) => tr.insert(0, tableOf([cell('aa'), cell()], [cell('c'), cell('d')])))
    typeIn(alice, 1, 0, '!')
    act(alice, (tr) => tr.split(positionOfCell(alice, 0, 0) + 3))
    bob = new Peer(form, Y.encodeStateAsUpdate(alice.doc))
  })

  afterEach(() => {
    for (const peer of [alice, bob]) peer.close()
  })

  it('is found again by everybody: in text, in an empty cell, and in front of a cell', () => {
    const { node, pos } = tableIn(alice)
    let count = 0
    node.descendants((child, offset) => {
      const start = pos + 1 + offset
      const size = child.isTextblock ? child.content.size : -1
      const places = Array.from({ length: size + 1 }, (_, i) => start + 1 + i)
      if (child.type.spec['tableRole'] === 'cell') places.push(start)
      for (const place of places) {
        const anchor: unknown = JSON.parse(JSON.stringify(alice.binding.anchorAt(place, alice.state)))
        expect(bob.binding.positionOf(anchor, bob.state)).toBe(place)
        count++
      }
      return !child.isTextblock
    })
    expect(count).toBe(14)
  })

  it('stays in its cell while others add rows, columns and text', () => {
    const [inText, inEmpty] = [positionOfCell(alice, 1, 0) + 3, positionOfCell(alice, 0, 1) + 2]
    const anchors = [inText, inEmpty].map((place) => alice.binding.anchorAt(place, alice.state))
    typeIn(bob, 0, 0, '???')
    addRow(bob, 0)
    addColumn(bob, 0)
    exchange(alice, bob)
    const found = anchors.map((anchor) => alice.binding.positionOf(anchor, alice.state))
    expect(found).toEqual([positionOfCell(alice, 2, 1) + 3, positionOfCell(alice, 1, 2) + 2])
    deleteRow(bob, 2)
    exchange(alice, bob)
    const gone = alice.binding.positionOf(anchors[0], alice.state)
    expect(gone === null || gone === tableIn(alice).pos).toBe(true)
  })

  it('is where the caret is after undo, and after what others did', () => {
    typeIn(alice, 1, 1, ' typed')
    alice.select(1)
    typeIn(bob, 0, 0, '???')
    exchange(alice, bob)
    alice.binding.undo()
    expect(alice.state.selection.head).toBe(positionOfCell(alice, 1, 1) + 3)
    alice.select(positionOfCell(alice, 1, 0) + 3)
    typeIn(bob, 0, 0, '???')
    bob.select(positionOfCell(bob, 1, 0) + 2).type('c')
    exchange(alice, bob)
    expect(alice.state.selection.head).toBe(positionOfCell(alice, 1, 0) + 4)
  })

  it('is in the cells that were selected when what was done to them is undone', () => {
    const select = (row: number, column: number): void => {
      alice.dispatch((tr) => {
        const [anchor, head] = [positionOfCell(alice, 0, 0), positionOfCell(alice, row, column)]
        return tr.setSelection(CellSelection.create(tr.doc, anchor, head))
      })
    }
    select(1, 0)
    act(alice, (tr) => {
      alice.state.selection.ranges.forEach(({ $from, $to }) => tr.insertText('', $from.pos + 1, $to.pos - 1))
      return tr
    })
    alice.select(1)
    addColumn(bob, 0)
    exchange(alice, bob)
    alice.binding.undo()
    const { selection } = alice.state
    expect(selection.toJSON()).toEqual({
      type: 'cell',
      anchor: positionOfCell(alice, 0, 1),
      head: positionOfCell(alice, 1, 1),
    })
  })
})
