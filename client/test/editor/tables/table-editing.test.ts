// @vitest-environment jsdom
import type { Node } from 'prosemirror-model'
import { EditorState, NodeSelection, TextSelection } from 'prosemirror-state'
import { CellSelection } from 'prosemirror-tables'
import { EditorView } from 'prosemirror-view'
import { afterEach, describe, expect, it } from 'vitest'
import { doc, h1, p, rule, table, td, th, tr, ul } from '../../../../document/test/language.ts'
import { createActions, createEditorPlugins, createEditorProps } from '../../../editor/index.ts'
import { stateAt } from '../selection-language.ts'

const views: EditorView[] = []
afterEach(() => {
  for (const view of views.splice(0)) {
    view.dom.parentElement?.remove()
    view.destroy()
  }
})

const history = { undo: () => false, redo: () => false, canUndo: () => false, canRedo: () => false }

/** An editor in the page, as the app makes it. */
function open(document_: Node): EditorView {
  const { doc: content, selection } = stateAt(document_)
  const actions = createActions({ history, editLink: () => {}, editImage: () => {} })
  const plugins = createEditorPlugins({ actions, history, placeholder: () => '' })
  const view = new EditorView(document.body.appendChild(document.createElement('div')), {
    ...createEditorProps({ label: () => 'Document' }),
    state: EditorState.create({ doc: content, selection, plugins: [...plugins] }),
  })
  view.endOfTextblock = () => true
  views.push(view)
  return view
}

const row = (...texts: readonly string[]): Node => tr(...texts.map((text) => td(text)))

/** Selects the cells from one text to another. */
function selectCells(view: EditorView, from: string, to: string): void {
  const { state } = view
  const cells = [from, to].map((text) => {
    let found = -1
    state.doc.descendants((node, pos) => {
      if (node.type.spec['tableRole'] === 'cell' && node.textContent === text) found = pos
    })
    return found
  })
  view.dispatch(state.tr.setSelection(CellSelection.create(state.doc, cells[0] ?? 0, cells[1])))
}

function clipboardOf(view: EditorView, event: 'copy' | 'cut'): Map<string, string> {
  const held = new Map<string, string>()
  const clipboardData = {
    clearData: () => held.clear(),
    setData: (form: string, data: string) => held.set(form, data),
    getData: () => '',
  }
  view.dom.dispatchEvent(Object.assign(new Event(event, { cancelable: true }), { clipboardData }))
  return held
}

function paste(view: EditorView, held: ReadonlyMap<string, string>): void {
  const clipboardData = { getData: (form: string) => held.get(form) ?? '' }
  view.dom.dispatchEvent(Object.assign(new Event('paste', { cancelable: true }), { clipboardData }))
}

function pasteHtml(view: EditorView, html: string): void {
  paste(view, new Map([['text/html', html]]))
}

function press(view: EditorView, key: string): boolean {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
  view.dom.dispatchEvent(event)
  return event.defaultPrevented
}

describe('a table in the view', () => {
  it('is a table to assistive technology, with columns as wide as they are', () => {
    const view = open(doc(table(tr(th('a|', { colwidth: [120] }), th('b')), row('c', 'd'))))
    expect(view.dom.querySelectorAll('table > tbody > tr')).toHaveLength(2)
    expect(view.dom.querySelectorAll('th')).toHaveLength(2)
    const widths = () => [...view.dom.querySelectorAll('col')].map(({ style }) => style.width)
    expect(widths()).toEqual(['120px', ''])
    const element = view.dom.querySelector('table')
    view.dispatch(view.state.tr.setNodeAttribute(2, 'colwidth', [90]))
    expect(widths()).toEqual(['90px', ''])
    expect(view.dom.querySelector('table')).toBe(element)
  })

  it('is shown and can be edited where its rows are of unequal length', () => {
    const ragged = doc(table(tr(td('a', { rowspan: 5 }), td('b|')), row(), row('c', 'd', 'e')), p())
    const view = open(ragged)
    for (const key of ['ArrowLeft', 'ArrowDown', 'Delete', 'Tab']) press(view, key)
    view.dispatch(view.state.tr.insertText('x'))
    view.state.doc.check()
    expect(view.state.doc.textContent).toContain('x')
  })
})

describe('a selection of text', () => {
  it('from cell to cell is one of cells', () => {
    const view = open(doc(table(row('|a', 'b|'), row('c', 'd'))))
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 4, 9)))
    expect(view.state.selection).toBeInstanceOf(CellSelection)
    expect(view.dom.querySelectorAll('.selectedCell')).toHaveLength(2)
  })

  it('takes the place of one of a row that has no cells of its own', () => {
    const view = open(doc(table(tr(td('a|', { rowspan: 2 })), row()), p('b')))
    const { doc: document_ } = view.state
    const pos = 1 + (document_.nodeAt(1)?.nodeSize ?? 0)
    expect(document_.nodeAt(pos)?.childCount).toBe(0)
    view.dispatch(view.state.tr.setSelection(NodeSelection.create(document_, pos)))
    expect(view.state.selection).toBeInstanceOf(TextSelection)
    expect(view.state.selection.$head.parent.textContent).toBe('b')
  })

  it('that comes into a table has all of it, until it goes back', () => {
    const view = open(doc(p('a|'), table(row('b', 'c')), p('d')))
    const { doc: document_ } = view.state
    const extend = (head: number) =>
      view.dispatch(view.state.tr.setSelection(TextSelection.create(document_, 2, head)))
    extend(7)
    expect(view.state.selection.$head.parent.textContent).toBe('c')
    extend(view.state.selection.head - 1)
    expect(view.state.selection.empty).toBe(true)
  })

  it('that has a table is replaced with it by what is typed', () => {
    const view = open(doc(p('a|x'), table(row('b', 'c|')), p('d')))
    const { from, to } = view.state.selection
    const typed = () => view.state.tr.insertText('y')
    expect(view.someProp('handleTextInput', (handle) => handle(view, from, to, 'y', typed))).toBe(true)
    expect(view.state.doc.toJSON()).toEqual(doc(p('ay'), p('d')).toJSON())
  })

  it('that has a table is cut with it', () => {
    const view = open(doc(p('a|x'), table(row('b', 'c|')), p('d')))
    const held = clipboardOf(view, 'cut')
    expect(held.get('text/html')).toContain('<td')
    expect(held.get('text/plain')).toBe('x\nb\tc')
    expect(view.state.doc.toJSON()).toEqual(doc(p('a'), p('d')).toJSON())
  })
})

describe('the clipboard', () => {
  it('gets cells as a table, and text from within a cell as text', () => {
    const view = open(doc(table(row('a', 'b'), row('c', 'd|')), p()))
    selectCells(view, 'a', 'c')
    const cells = clipboardOf(view, 'copy')
    expect(cells.get('text/plain')).toBe('a\nc')
    expect(cells.get('text/html')).toMatch(/^<table/)
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 4, 5)))
    const text = clipboardOf(view, 'copy')
    expect(text.get('text/plain')).toBe('a')
    view.dispatch(view.state.tr.setSelection(TextSelection.atEnd(view.state.doc)))
    paste(view, text)
    expect(view.state.doc.lastChild?.toJSON()).toEqual(p('a').toJSON())
    paste(view, cells)
    expect(view.state.doc.lastChild?.toJSON()).toEqual(table(row('a'), row('c')).toJSON())
  })

  it('fills the cells from the caret on, and adds those that are missing', () => {
    const view = open(doc(table(row('a', 'b'), row('c', 'd|'))))
    pasteHtml(view, '<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>')
    expect(view.state.doc.toJSON()).toEqual(
      doc(table(row('a', 'b', ''), row('c', '1', '2'), row('', '3', '4'))).toJSON(),
    )
  })

  it('is pasted as a whole where fewer cells are selected, and again and again where there are more', () => {
    const view = open(doc(table(row('a', 'b', 'c'), row('d', 'e', 'f|'))))
    selectCells(view, 'b', 'b')
    pasteHtml(view, '<table><tr><td>1</td><td>2</td></tr></table>')
    expect(view.state.doc.toJSON()).toEqual(doc(table(row('a', '1', '2'), row('d', 'e', 'f'))).toJSON())
    selectCells(view, 'a', 'f')
    pasteHtml(view, '<table><tr><td>x</td><td>y</td></tr></table>')
    expect(view.state.doc.toJSON()).toEqual(doc(table(row('x', 'y', 'x'), row('x', 'y', 'x'))).toJSON())
  })

  it('divides merged cells that stick out of what is pasted over', () => {
    const rows = (c: string) => [tr(td('a', { rowspan: 2, colspan: 2 }), td('b')), row(c), row('d', 'e', 'f')]
    const view = open(doc(table(...rows('c|'))))
    selectCells(view, 'e', 'e')
    pasteHtml(view, '<table><tr><td>1</td><td rowspan="2">2</td></tr><tr><td>3</td></tr></table>')
    expect(view.state.doc.toJSON()).toEqual(
      doc(
        table(...rows('c').slice(0, 2), tr(td('d'), td('1'), td('2', { rowspan: 2 })), row('', '3')),
      ).toJSON(),
    )
    const other = open(doc(table(...rows('c|'))))
    selectCells(other, 'c', 'f')
    pasteHtml(other, 'x')
    expect(other.state.doc.toJSON()).toEqual(
      doc(table(tr(td('a', { rowspan: 2, colspan: 2 }), td('b')), row('x'), row('d', 'e', 'x'))).toJSON(),
    )
    const corner = open(
      doc(table(row('a', 'b', 'c'), tr(td('d'), td('e|', { rowspan: 2, colspan: 2 })), row('g'))),
    )
    selectCells(corner, 'a', 'a')
    pasteHtml(corner, '<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>')
    expect(corner.state.doc.toJSON()).toEqual(
      doc(table(row('1', '2', 'c'), row('3', '4', ''), tr(td('g'), td('', { colspan: 2 })))).toJSON(),
    )
  })

  it('puts what is no table into a cell, and tables only by what they hold', () => {
    const view = open(doc(table(row('|', 'b'))))
    pasteHtml(view, '<h1>x</h1><ul><li>y</li></ul>')
    expect(view.state.doc.toJSON()).toEqual(doc(table(tr(td([h1('x'), ul('y')]), td('b')))).toJSON())
    pasteHtml(view, '<p>1</p><table><tr><td>2</td><td>3</td></tr><tr><td>4</td></tr></table>')
    expect(view.state.doc.textContent).toBe('xy1234b')
    view.state.doc.check()
  })

  it('takes the place of a table that is selected with other text, in one step for undo', () => {
    const view = open(doc(p('one |two'), table(row('a|', 'b')), p('three')))
    const steps: EditorState[] = []
    view.setProps({
      dispatchTransaction: (transaction) => {
        const state = view.state.apply(transaction)
        if (transaction.docChanged) steps.push(state)
        view.updateState(state)
      },
    })
    pasteHtml(view, '<p>x</p>')
    expect(view.state.doc.toJSON()).toEqual(doc(p('one x'), p('three')).toJSON())
    expect(steps).toHaveLength(1)
  })

  it('gives an empty document exactly its blocks', () => {
    const view = open(doc(p('|')))
    pasteHtml(view, '<p>a</p><table><tr><td>b</td></tr></table>')
    expect(view.state.doc.toJSON()).toEqual(doc(p('a'), table(row('b'))).toJSON())
  })
})

describe('keys', () => {
  it('lead out of a table to where text can be begun', () => {
    const view = open(doc(table(row('a', 'b'), row('c|', 'd'))))
    expect(press(view, 'ArrowDown')).toBe(true)
    expect(press(view, 'Enter')).toBe(true)
    expect(view.state.doc.toJSON()).toEqual(doc(table(row('a', 'b'), row('c', 'd')), p()).toJSON())
    const above = open(doc(rule(), table(row('a', 'b|'))))
    press(above, 'ArrowUp')
    above.dispatch(above.state.tr.insertText('x'))
    expect(above.state.doc.toJSON()).toEqual(doc(rule(), p('x'), table(row('a', 'b'))).toJSON())
  })

  it('go from cell to cell by Tab, and change the indent by Ctrl+]', () => {
    const view = open(doc(table(row('a|', 'b'))))
    expect(press(view, 'Tab')).toBe(true)
    expect(view.state.selection.$head.parent.textContent).toBe('b')
    expect(view.state.doc.toJSON()).toEqual(doc(table(row('a', 'b'))).toJSON())
  })

  it('select the whole document from within a cell', () => {
    const view = open(doc(p('x'), table(row('a|', 'b'))))
    const event = new KeyboardEvent('keydown', { key: 'a', ctrlKey: true, bubbles: true, cancelable: true })
    view.dom.dispatchEvent(event)
    expect(view.state.selection.to).toBe(view.state.doc.content.size)
  })
})
