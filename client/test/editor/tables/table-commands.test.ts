import { toggleMark } from 'prosemirror-commands'
import type { Node } from 'prosemirror-model'
import { EditorState, TextSelection, type Command } from 'prosemirror-state'
import { CellSelection } from 'prosemirror-tables'
import { describe, expect, it } from 'vitest'
import { code, doc, h1, p, rule, table, td, th, tr, ul } from '../../../../document/test/language.ts'
import { schema } from '../../../../document/index.ts'
import { toggleCodeBlock } from '../../../editor/code-commands.ts'
import { backspace, deleteForward } from '../../../editor/delete.ts'
import { enterCell, splitParagraph } from '../../../editor/enter.ts'
import { canLink, setLink } from '../../../editor/links/link-commands.ts'
import { setStyle, toggleList } from '../../../editor/paragraph-commands.ts'
import { tableActions } from '../../../editor/tables/table-actions.ts'
import { goToCell } from '../../../editor/tables/table-commands.ts'
import type { ActionName } from '../../../editor/action.ts'
import { after, result, stateAt } from '../selection-language.ts'

function run(name: ActionName): Command {
  const action = tableActions.find((each) => each.name === name)
  if (action === undefined) throw new RangeError(`There is no ${name}`)
  return action.run
}

/** The state in which the cells from the one with one text to the one with another are selected. */
function cellsSelected(document: Node, from: string, to: string): EditorState {
  const cellWith = (text: string): number => {
    let found = -1
    document.descendants((node, pos) => {
      if (/cell/.test(String(node.type.spec['tableRole'])) && node.textContent === text) found = pos
    })
    return found
  }
  const selection = CellSelection.create(document, cellWith(from), cellWith(to))
  return EditorState.create({ doc: document, selection })
}

/** A row whose cells have these texts. */
const row = (...texts: readonly string[]): Node => tr(...texts.map((text) => td(text)))

describe('a new table', () => {
  const empty = table(...[0, 1, 2].map(() => row('', '', '')))
  const withCaret = table(row('|', '', ''), row('', '', ''), row('', '', ''))

  it('comes in front of an empty paragraph, which stays to go on in', () => {
    expect(result(run('insert-table'), doc(p('|')))).toEqual(doc(withCaret, p()).toJSON())
  })

  it('comes behind a text, with a paragraph behind it', () => {
    expect(result(run('insert-table'), doc(h1('a|')))).toEqual(doc(h1('a'), withCaret, p()).toJSON())
    expect(result(run('insert-table'), doc(p('a|'), p('b')))).toEqual(doc(p('a'), withCaret, p('b')).toJSON())
  })

  it('comes between the parts of a text', () => {
    expect(result(run('insert-table'), doc(ul('a|b')))).toEqual(doc(ul('a'), withCaret, ul('b')).toJSON())
  })

  it('does not come in a table', () => {
    expect(run('insert-table')(stateAt(doc(table(row('a|')))))).toBe(false)
  })

  it('is made of nodes of their own', () => {
    const { doc: document } = after(run('insert-table'), stateAt(doc(p('|'))))
    const [first] = document.children
    expect(first?.eq(empty)).toBe(true)
    const cells = first?.children.flatMap(({ children }) => children)
    expect(new Set(cells).size).toBe(9)
  })
})

/** A cell that spans two columns. */
const big = (text: string, rowspan: number): Node => td(text, { colspan: 2, rowspan })

describe('rows and columns', () => {
  it('are added beside the caret', () => {
    const before = doc(table(row('a', 'b|'), row('c', 'd')))
    expect(result(run('add-row-before'), before)).toEqual(
      doc(table(row('', ''), row('a', 'b|'), row('c', 'd'))).toJSON(),
    )
    expect(result(run('add-row-after'), before)).toEqual(
      doc(table(row('a', 'b|'), row('', ''), row('c', 'd'))).toJSON(),
    )
    expect(result(run('add-column-before'), before)).toEqual(
      doc(table(row('a', '', 'b|'), row('c', '', 'd'))).toJSON(),
    )
    expect(result(run('add-column-after'), before)).toEqual(
      doc(table(row('a', 'b|', ''), row('c', 'd', ''))).toJSON(),
    )
  })

  it('are added and deleted beside a cell that spans rows and columns', () => {
    const before = doc(table(tr(big('a', 2), td('b|')), row('c')))
    const grown = doc(table(tr(big('a', 3), td('b|')), row(''), row('c')))
    expect(result(run('add-row-after'), before)).toEqual(grown.toJSON())
    const [grownCaret, rest] = [
      doc(table(tr(big('a', 3), td('b')), row('|'), row('c'))),
      doc(table(tr(big('a', 2), td('b')), row('|c'))),
    ]
    expect(result(run('delete-row'), grownCaret)).toEqual(rest.toJSON())
    const long = doc(table(tr(big('a', 2), td('b', { rowspan: 2 }), td('c|')), row('d')))
    expect(after(run('delete-row'), stateAt(long)).doc.toJSON()).toEqual(
      doc(table(tr(big('a', 1), td('b'), td('d')))).toJSON(),
    )
  })

  it('are deleted, the last with the table', () => {
    const { doc: rest } = after(run('delete-row'), stateAt(doc(table(row('a', 'b|'), row('c', 'd')))))
    expect(rest.toJSON()).toEqual(doc(table(row('c', 'd'))).toJSON())
    const { doc: left } = after(run('delete-column'), stateAt(doc(table(row('a', 'b|'), row('c', 'd')))))
    expect(left.toJSON()).toEqual(doc(table(row('a'), row('c'))).toJSON())
    expect(result(run('delete-row'), doc(p('a'), table(row('b|')), p('c')))).toEqual(
      doc(p('a'), p('|c')).toJSON(),
    )
    expect(result(run('delete-column'), doc(table(row('b|'))))).toEqual(doc(p('|')).toJSON())
    expect(result(run('delete-table'), doc(table(row('b|', 'c'), row('d', 'e'))))).toEqual(
      doc(p('|')).toJSON(),
    )
  })

  it('move as the nodes that they are', () => {
    const before = stateAt(doc(table(row('a', 'b'), row('c', 'd|'), row('e', 'f'))))
    const rows = before.doc.firstChild?.children ?? []
    const moved = after(run('move-row-up'), before)
    expect(moved.doc.firstChild?.children).toEqual([rows[1], rows[0], rows[2]])
    expect(moved.doc.firstChild?.children[1]).toBe(rows[0])
    expect(moved.selection.$head.parent.textContent).toBe('d')
    expect(result(run('move-row-down'), doc(table(row('a', 'b|'), row('c', 'd'))))).toEqual(
      doc(table(row('c', 'd'), row('a', 'b|'))).toJSON(),
    )
    expect(result(run('move-column-left'), doc(table(row('a', 'b|'), row('c', 'd'))))).toEqual(
      doc(table(row('b|', 'a'), row('d', 'c'))).toJSON(),
    )
    expect(result(run('move-column-right'), doc(table(row('a|', 'b'), row('c', 'd'))))).toEqual(
      doc(table(row('b', 'a|'), row('d', 'c'))).toJSON(),
    )
  })

  it('do not move out of the table', () => {
    const state = stateAt(doc(table(row('a|'))))
    for (const name of ['move-row-up', 'move-row-down', 'move-column-left', 'move-column-right'] as const)
      expect(run(name)(state)).toBe(false)
  })

  it('keep together what a cell covers when they move', () => {
    expect(
      result(
        run('move-row-down'),
        doc(table(tr(td('a|', { rowspan: 2 }), td('b')), row('c'), row('d', 'e'))),
      ),
    ).toEqual(doc(table(row('d', 'e'), tr(td('a|', { rowspan: 2 }), td('b')), row('c'))).toJSON())
    expect(
      result(run('move-column-left'), doc(table(tr(td('a', { colspan: 2 }), td('b|')), row('c', 'd', 'e')))),
    ).toEqual(doc(table(tr(td('b|'), td('a', { colspan: 2 })), row('e', 'c', 'd'))).toJSON())
  })

  it('have the first row as one of headings', () => {
    const before = doc(table(row('a', 'b'), row('c|', 'd')))
    const headed = doc(table(tr(th('a'), th('b')), row('c|', 'd')))
    expect(result(run('toggle-header-row'), before)).toEqual(headed.toJSON())
    expect(result(run('toggle-header-row'), headed)).toEqual(before.toJSON())
  })

  it('are not added beyond what a table can have', () => {
    const wide = table(
      ...Array.from({ length: 100 }, () => tr(...Array.from({ length: 100 }, () => td('a')))),
    )
    const state = EditorState.create({ doc: doc(wide), selection: TextSelection.create(doc(wide), 4) })
    for (const name of ['add-row-after', 'add-column-before'] as const) expect(run(name)(state)).toBe(false)
  })
})

describe('cells', () => {
  const square = doc(table(row('a', 'b'), row('c', 'd')))

  it('are merged with all that they hold, and split', () => {
    const merged = after(run('merge-cells'), cellsSelected(square, 'a', 'c'))
    expect(merged.doc.toJSON()).toEqual(
      doc(table(tr(td([p('a'), p('c')], { rowspan: 2 }), td('b')), row('d'))).toJSON(),
    )
    expect(after(run('split-cell'), merged).doc.firstChild?.childCount).toBe(2)
    expect(run('split-cell')(cellsSelected(square, 'a', 'a'))).toBe(false)
    expect(run('merge-cells')(stateAt(doc(table(row('a|')))))).toBe(false)
  })

  it('are mended by the command that needs it, if they fill no rectangle', () => {
    const ragged = doc(table(row('a|', 'b'), row('c')))
    expect(result(run('add-row-after'), ragged)).toEqual(
      doc(table(row('a|', 'b'), row('', ''), row('c', ''))).toJSON(),
    )
  })

  it('are left by Tab, and behind the last one comes a row', () => {
    expect(result(goToCell(1), doc(table(row('a|', 'b'))))).toEqual(doc(table(row('a', '|b|'))).toJSON())
    expect(result(goToCell(-1), doc(table(row('a', 'b|'))))).toEqual(doc(table(row('|a|', 'b'))).toJSON())
    expect(result(goToCell(1), doc(table(row('a', 'b|')), p()))).toEqual(
      doc(table(row('a', 'b'), row('|', '')), p()).toJSON(),
    )
    expect(goToCell(1)(stateAt(doc(p('a|'))))).toBe(false)
  })

  it('are emptied by Backspace and Delete', () => {
    for (const key of [backspace, deleteForward]) {
      expect(after(key, cellsSelected(square, 'a', 'b')).doc.toJSON()).toEqual(
        doc(table(row('', ''), row('c', 'd'))).toJSON(),
      )
    }
  })

  it('have their paragraphs and text changed when they are selected', () => {
    const state = cellsSelected(square, 'a', 'c')
    expect(after(setStyle('heading1'), state).doc.toJSON()).toEqual(
      doc(table(tr(td([h1('a')]), td('b')), tr(td([h1('c')]), td('d')))).toJSON(),
    )
    expect(after(toggleMark(schema.marks.bold), state).doc.toJSON()).toEqual(
      doc(table(row('<b>a</b>', 'b'), row('<b>c</b>', 'd'))).toJSON(),
    )
    expect(after(toggleList('bullet'), state).doc.textContent).toBe('abcd')
  })

  it('get no one address, and have the caret in the last one after Enter', () => {
    const state = cellsSelected(square, 'a', 'b')
    expect(canLink(state)).toBe(false)
    expect(setLink('example.org')(state)).toBe(false)
    expect(after(enterCell, state).selection.$head.parent.textContent).toBe('b')
    expect(splitParagraph(state)).toBe(false)
  })
})

describe('paragraphs in selected cells', () => {
  it('become code, a block in each cell, from whichever end they are selected', () => {
    const cells = doc(table(tr(td([p('a'), p('b')]), td('c'))))
    const wanted = doc(table(tr(td([code('a\nb')]), td([code('c')]))))
    for (const [from, to] of [
      ['ab', 'c'],
      ['c', 'ab'],
    ] as const)
      expect(after(toggleCodeBlock, cellsSelected(cells, from, to)).doc.toJSON()).toEqual(wanted.toJSON())
  })
})

describe('a caret in a cell', () => {
  it('splits and joins the paragraphs of the cell', () => {
    expect(result(splitParagraph, doc(table(row('a|b'))))).toEqual(
      doc(table(tr(td([p('a'), p('|b')])))).toJSON(),
    )
    expect(result(backspace, doc(table(tr(td([p('a'), p('|b')])))))).toEqual(doc(table(row('a|b'))).toJSON())
  })

  it('stays in it at its start and end', () => {
    expect(backspace(stateAt(doc(p('a'), table(row('b', '|c')))))).toBe(false)
    expect(deleteForward(stateAt(doc(table(row('b|', 'c')), p('a'))))).toBe(false)
  })
})

describe('a caret beside a table', () => {
  it('goes into it by Backspace behind it and Delete before it', () => {
    expect(result(backspace, doc(table(row('a', 'b')), p('|c')))).toEqual(
      doc(table(row('a', 'b|')), p('c')).toJSON(),
    )
    expect(result(deleteForward, doc(p('c|'), table(row('a', 'b'))))).toEqual(
      doc(p('c'), table(row('|a', 'b'))).toJSON(),
    )
  })

  it('takes an empty paragraph away unless it is needed to write there', () => {
    expect(result(backspace, doc(table(row('a')), p('|'), p('b')))).toEqual(
      doc(table(row('a|')), p('b')).toJSON(),
    )
    expect(result(backspace, doc(table(row('a')), p('|'), rule()))).toEqual(
      doc(table(row('a|')), p(), rule()).toJSON(),
    )
    expect(result(deleteForward, doc(p('b'), p('|'), table(row('a'))))).toEqual(
      doc(p('b'), table(row('|a'))).toJSON(),
    )
  })
})

describe('a selection over the border of a table', () => {
  it('deletes the table with the text', () => {
    const square = table(row('b', 'c'), row('d', 'e|'))
    expect(result(backspace, doc(p('a|x'), square, p('f')))).toEqual(doc(p('a|'), p('f')).toJSON())
    expect(result(backspace, doc(table(row('|b', 'c')), h1('x|f')))).toEqual(doc(h1('|f')).toJSON())
    expect(result(backspace, doc(table(row('|b')), p('x'), table(row('c|'))))).toEqual(doc(p('|')).toJSON())
  })
})
