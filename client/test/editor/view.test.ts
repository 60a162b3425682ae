// @vitest-environment jsdom
import { macBaseKeymap } from 'prosemirror-commands'
import { EditorState, TextSelection } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import type { Node } from 'prosemirror-model'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { emptyDocument } from '../../../document/index.ts'
import {
  code,
  doc,
  done,
  figure,
  h1,
  h2,
  ol,
  p,
  pageBreak,
  quote,
  rule,
  task,
  title,
  ul,
} from '../../../document/test/language.ts'
import type { ActionName } from '../../editor/action.ts'
import { contentStyles, createActions, createEditorPlugins, createEditorProps } from '../../editor/index.ts'
import { withoutStyles } from '../../editor/clipboard/clipboard.ts'
import { writingKeys } from '../../editor/keys.ts'
import { stateAt } from './selection-language.ts'

const views: EditorView[] = []
afterEach(() => {
  for (const view of views.splice(0)) {
    view.dom.parentElement?.remove()
    view.destroy()
  }
})

/** An editor in the page, as the app makes it, with what was called above it. */
function open(document_: Node) {
  const history = {
    undo: vi.fn<() => boolean>(() => true),
    redo: vi.fn<() => boolean>(() => true),
    canUndo: () => false,
    canRedo: () => true,
  }
  const editLink = vi.fn<(view: EditorView) => void>()
  const editImage = vi.fn<(view: EditorView) => void>()
  const actions = createActions({ history, editLink, editImage })
  const { doc: content, selection } = stateAt(document_)
  const plugins = createEditorPlugins({ actions, history, placeholder: () => 'Write here' })
  const state = EditorState.create({ doc: content, selection, plugins: [...plugins] })
  const view = new EditorView(document.body.appendChild(document.createElement('div')), {
    ...createEditorProps({ label: () => 'Document' }),
    state,
  })
  view.endOfTextblock = (direction) => {
    const { $head } = view.state.selection
    return direction === 'backward'
      ? $head.parentOffset === 0
      : $head.parentOffset === $head.parent.content.size
  }
  views.push(view)
  return { view, actions, history, editLink, editImage, text: () => view.state.doc.toJSON() as unknown }
}

/** Presses a key as a keyboard does: the character it gives, and the place it is in. */
function press(view: EditorView, key: string, keyCode: number, held: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent('keydown', { key, keyCode, bubbles: true, cancelable: true, ...held })
  view.dom.dispatchEvent(event)
  return event.defaultPrevented
}

/** Types a text character by character, as the view does for plain typing. */
function type(view: EditorView, text: string): void {
  for (const character of text) {
    const { from, to } = view.state.selection
    const insert = () => view.state.tr.insertText(character, from, to)
    const handled = view.someProp('handleTextInput', (handle) => handle(view, from, to, character, insert))
    if (!handled) view.dispatch(insert())
  }
}

/** Pastes as a browser does, with what the clipboard holds in each form. */
function pasteInto(view: EditorView, forms: Readonly<Record<string, string>>): void {
  const clipboardData = { getData: (form: string) => forms[form] ?? '' }
  view.dom.dispatchEvent(Object.assign(new Event('paste', { cancelable: true }), { clipboardData }))
}

describe('the view', () => {
  it('draws a document that is empty with a placeholder, until something is typed', () => {
    const { view } = open(emptyDocument)
    expect(view.dom.querySelector('[data-placeholder="Write here"]')).not.toBe(null)
    type(view, 'a')
    expect(view.dom.querySelector('[data-placeholder]')).toBe(null)
  })

  it('says what it is to assistive technology', () => {
    const { dom } = open(emptyDocument).view
    expect(dom.getAttribute('role')).toBe('textbox')
    expect(dom.getAttribute('aria-label')).toBe('Document')
  })

  it('draws links that lead into another tab, for whoever may only read', () => {
    const link = open(doc(p('<a href="https://a.example">a</a>'))).view.dom.querySelector('a')
    expect(link?.target).toBe('_blank')
    expect(link?.rel).toContain('noopener')
  })

  it('keeps the element of a paragraph when its attributes change', () => {
    const { view } = open(doc(p('a|')))
    const element = view.dom.firstElementChild
    view.dispatch(view.state.tr.setNodeAttribute(0, 'align', 'center').setNodeAttribute(0, 'list', 'ordered'))
    expect(view.dom.firstElementChild).toBe(element)
    expect(element?.getAttribute('data-list')).toBe('ordered')
    expect(element instanceof HTMLElement && getComputedStyle(element).textAlign).toBe('center')
    view.dispatch(view.state.tr.setNodeAttribute(0, 'align', null).setNodeAttribute(0, 'list', null))
    expect(element?.hasAttribute('data-list')).toBe(false)
    expect(element instanceof HTMLElement && element.style.textAlign).toBe('')
  })

  it('draws tasks with checkboxes that are no part of the text', () => {
    const { view, text } = open(doc(task('a'), p('b|')))
    const checkbox = view.dom.querySelector('input')
    expect(checkbox?.getAttribute('aria-label')).toBe('a')
    expect(view.dom.firstElementChild?.textContent).toBe('a')
    checkbox?.click()
    expect(text()).toEqual(doc(done('a'), p('b')).toJSON())
    expect(view.dom.firstElementChild?.getAttribute('data-checked')).toBe('true')
  })

  it('does not let readers check tasks', () => {
    const { view, text } = open(doc(task('a|')))
    view.setProps({ editable: () => false })
    const checkbox = view.dom.querySelector('input')
    checkbox?.click()
    expect(checkbox?.checked).toBe(false)
    expect(text()).toEqual(doc(task('a')).toJSON())
  })

  it('redraws a paragraph that becomes a task, and back', () => {
    const { view } = open(doc(p('a|')))
    view.dispatch(view.state.tr.setNodeAttribute(0, 'list', 'task'))
    expect(view.dom.querySelectorAll('input')).toHaveLength(1)
    view.dispatch(view.state.tr.setNodeAttribute(0, 'list', null))
    expect(view.dom.querySelectorAll('input')).toHaveLength(0)
  })
})

describe('images', () => {
  it('are drawn with what is read instead, and with a place for a caption that readers do not see', () => {
    const { view } = open(doc(figure('1.png', '', { alt: 'Cat' }), p('a|')))
    const picture = view.dom.querySelector('figure > img')
    expect(picture?.getAttribute('src')).toBe('https://example.org/1.png')
    expect(picture?.getAttribute('alt')).toBe('Cat')
    expect(picture?.getAttribute('referrerpolicy')).toBe('no-referrer')
    const caption = view.dom.querySelector('figcaption')
    expect(caption?.hasAttribute('data-empty')).toBe(true)
    view.dispatch(view.state.tr.insertText('b', 1))
    expect(caption?.hasAttribute('data-empty')).toBe(false)
    expect(view.dom.querySelector('figcaption')).toBe(caption)
  })

  it('keep their picture when their caption or their side changes, and get another for another address', () => {
    const { view } = open(doc(figure('1.png', 'a|')))
    const picture = view.dom.querySelector('img')
    view.dispatch(view.state.tr.insertText('b', 1).setNodeAttribute(0, 'align', 'right'))
    expect(view.dom.querySelector('img')).toBe(picture)
    expect(view.dom.querySelector('figure')?.style.textAlign).toBe('right')
    view.dispatch(view.state.tr.setNodeAttribute(0, 'src', 'https://example.org/2.png'))
    expect(view.dom.querySelector('img')?.getAttribute('src')).toBe('https://example.org/2.png')
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 7, null])('load nothing from %j', (src) => {
    const { view } = open(doc(figure('1.png', '', { src, alt: 'Cat' }), p('a|')))
    expect(view.dom.querySelector('img')).toBe(null)
    expect(view.dom.querySelector('[role="img"]')?.getAttribute('aria-label')).toBe('Cat')
  })

  it('that do not come say so by their class', () => {
    const { view } = open(doc(p('<img 1.png>a|')))
    const picture = view.dom.querySelector('img.codraft-picture')
    picture?.dispatchEvent(new Event('error'))
    expect(picture?.classList.contains('codraft-broken-image')).toBe(true)
  })
})

describe('keys', () => {
  const ctrl = { ctrlKey: true }
  const ctrlShift = { ctrlKey: true, shiftKey: true }

  it.each<[string, string, number, KeyboardEventInit, Node]>([
    ['Ctrl+B', 'b', 66, ctrl, doc(p('<b>a</b>'))],
    ['Ctrl+I', 'i', 73, ctrl, doc(p('<i>a</i>'))],
    ['Ctrl+U', 'u', 85, ctrl, doc(p('<u>a</u>'))],
    ['Alt+Shift+5', '%', 53, { altKey: true, shiftKey: true }, doc(p('<s>a</s>'))],
    ['Ctrl+Shift+X', 'X', 88, ctrlShift, doc(p('<s>a</s>'))],
    ['Ctrl+Alt+2', '2', 50, { ctrlKey: true, altKey: true }, doc(h2('a'))],
    ['Ctrl+Shift+7 on an American keyboard', '&', 55, ctrlShift, doc(ol('a'))],
    ['Ctrl+Shift+7 on a German keyboard', '/', 55, ctrlShift, doc(ol('a'))],
    ['Ctrl+Shift+7 on a French keyboard', '7', 55, ctrlShift, doc(ol('a'))],
    ['Ctrl+Shift+8', '*', 56, ctrlShift, doc(ul('a'))],
    ['Ctrl+Shift+9', '(', 57, ctrlShift, doc(task('a'))],
    ['Ctrl+Shift+B', 'B', 66, ctrlShift, doc(quote('a'))],
    ['Ctrl+Shift+E', 'E', 69, ctrlShift, doc(p('a', { align: 'center' }))],
    ['Ctrl+]', ']', 221, ctrl, doc(p('a', { indent: 1 }))],
    ['Tab', 'Tab', 9, {}, doc(p('a', { indent: 1 }))],
    ['Delete', 'Delete', 46, {}, doc(p())],
    ['Enter', 'Enter', 13, {}, doc(p(), p())],
  ])('%s', (_, key, keyCode, held, expected) => {
    const { view, text } = open(doc(p('|a|')))
    expect(press(view, key, keyCode, held)).toBe(true)
    expect(text()).toEqual(expected.toJSON())
  })

  it('Ctrl+Enter marks a task as done', () => {
    const { view, text } = open(doc(task('a|')))
    press(view, 'Enter', 13, ctrl)
    expect(text()).toEqual(doc(done('a')).toJSON())
  })

  it('Ctrl+Enter breaks the page where there is no task, and leaves code', () => {
    const { view, text } = open(doc(p('a|')))
    press(view, 'Enter', 13, ctrl)
    expect(text()).toEqual(doc(p('a'), pageBreak(), p()).toJSON())
    const coding = open(doc(code('a|b')))
    press(coding.view, 'Enter', 13, ctrl)
    expect(coding.text()).toEqual(doc(code('ab'), p()).toJSON())
  })

  it('Ctrl+Alt+` makes code, in which Tab and Shift+Tab indent the lines', () => {
    const { view, text } = open(doc(p('|a')))
    press(view, '`', 192, { ctrlKey: true, altKey: true })
    press(view, 'Tab', 9)
    expect(text()).toEqual(doc(code('  a')).toJSON())
    press(view, 'Tab', 9, { shiftKey: true })
    expect(text()).toEqual(doc(code('a')).toJSON())
  })

  it('Tab after Escape leaves code too', () => {
    const { view } = open(doc(code('a|')))
    press(view, 'Escape', 27)
    expect(press(view, 'Tab', 9)).toBe(false)
  })

  it('Ctrl+K opens the address field', () => {
    const { view, editLink } = open(doc(p('a|')))
    press(view, 'k', 75, ctrl)
    expect(editLink).toHaveBeenCalledWith(view)
  })

  it("undo and redo are the binding's, and never the browser's", () => {
    const { view, history } = open(doc(p('a|')))
    expect(press(view, 'z', 90, ctrl)).toBe(true)
    expect(history.undo).not.toHaveBeenCalled()
    press(view, 'Z', 90, ctrlShift)
    press(view, 'y', 89, ctrl)
    expect(history.redo).toHaveBeenCalledTimes(2)
    const menu = new InputEvent('beforeinput', { inputType: 'historyUndo', cancelable: true })
    view.dom.dispatchEvent(menu)
    expect(menu.defaultPrevented).toBe(true)
    expect(history.undo).toHaveBeenCalledTimes(1)
  })

  it('of a Mac for deleting do in paragraphs what Backspace and Delete do', () => {
    const { view, text } = open(doc(ul('|a')))
    view.updateState(view.state.reconfigure({ plugins: [writingKeys(macBaseKeymap)] }))
    expect(press(view, 'h', 72, ctrl)).toBe(true)
    expect(text()).toEqual(doc(p('a')).toJSON())
    for (const [key, keyCode, held] of [
      ['d', 68, ctrl],
      ['Backspace', 8, { altKey: true }],
    ] as const) {
      const all = open(doc(h1('a|')))
      press(all.view, 'a', 65, ctrl)
      all.view.updateState(all.view.state.reconfigure({ plugins: [writingKeys(macBaseKeymap)] }))
      press(all.view, key, keyCode, held)
      expect(all.text()).toEqual(doc(p()).toJSON())
    }
  })

  it('Tab passes through the text until something is done there', () => {
    const { view, text } = open(doc(p('a|')))
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab' }))
    view.dom.dispatchEvent(new FocusEvent('focus'))
    expect(press(view, 'Tab', 9)).toBe(false)
    press(view, 'a', 65)
    expect(press(view, 'Tab', 9)).toBe(true)
    expect(text()).toEqual(doc(p('a', { indent: 1 })).toJSON())
  })

  it('Tab after Escape leaves the text', () => {
    const { view } = open(doc(p('a|')))
    press(view, 'Escape', 27)
    expect(press(view, 'Tab', 9)).toBe(false)
    press(view, 'Escape', 27)
    press(view, 'Shift', 16, { shiftKey: true })
    expect(press(view, 'Tab', 9, { shiftKey: true })).toBe(false)
    press(view, 'a', 65)
    expect(press(view, 'Tab', 9)).toBe(true)
  })
})

describe('typing', () => {
  it.each<[string, Node]>([
    ['# a', doc(h1('a'))],
    ['## a', doc(h2('a'))],
    ['> a', doc(quote('a'))],
    ['- a', doc(ul('a'))],
    ['* a', doc(ul('a'))],
    ['1. a', doc(ol('a'))],
    ['[] a', doc(task('a'))],
    ['[x] a', doc(done('a'))],
    ['- [ ] a', doc(task('a'))],
    ['``` a', doc(code('a'))],
    ['```js a', doc(code('a', 'js'))],
    ['--- a', doc(rule(), p('a'))],
    ['a --- b', doc(p('a --- b'))],
    ['a # b', doc(p('a # b'))],
    ['(www.a.example/b?c). d', doc(p('(<a href="https://www.a.example/b?c">www.a.example/b?c</a>). d'))],
    ['https://a.example b', doc(p('<a href="https://a.example">https://a.example</a> b'))],
    ['readme.md b', doc(p('readme.md b'))],
    [
      '(https://a.example/A_(b)) c',
      doc(p('(<a href="https://a.example/A_(b)">https://a.example/A_(b)</a>) c')),
    ],
  ])('%s', (typed, expected) => {
    const { view, text } = open(doc(p('|')))
    type(view, typed)
    expect(text()).toEqual(expected.toJSON())
  })

  it.each<[string, Node]>([
    ['```', doc(code())],
    ['```c++', doc(code('', 'c++'))],
    ['---', doc(rule(), p())],
    ['***', doc(rule(), p())],
    ['a ---', doc(p('a ---'), p())],
  ])('%s and Enter', (typed, expected) => {
    const { view, text } = open(doc(p('|')))
    type(view, typed)
    press(view, 'Enter', 13)
    expect(text()).toEqual(expected.toJSON())
  })

  it('changes nothing by itself in code', () => {
    const { view, text } = open(doc(code('|')))
    const typed = '# - www.a.example ``` --- 1. '
    type(view, typed)
    press(view, 'Enter', 13)
    expect(text()).toEqual(doc(code(`${typed}\n`)).toJSON())
  })

  it('with an input method makes a link of an address too, when it has written the space', async () => {
    const { view, text } = open(doc(p('(|).')))
    view.dispatch(view.state.tr.insertText('https://a.example, '))
    view.dom.dispatchEvent(new CompositionEvent('compositionend'))
    const linked = '(<a href="https://a.example">https://a.example</a>, ).'
    await vi.waitFor(() => expect(text()).toEqual(doc(p(linked)).toJSON()))
  })

  it('a space after an address replaces what is selected there', () => {
    const { view, text } = open(doc(p('www.a.example|WORD| b')))
    type(view, ' ')
    const linked = '<a href="https://www.a.example">www.a.example</a>  b'
    expect(text()).toEqual(doc(p(linked)).toJSON())
    const across = open(doc(p('www.a.example|WORD'), p('WORD| b')))
    type(across.view, ' ')
    expect(across.text()).toEqual(doc(p(linked)).toJSON())
  })

  it('makes a link of an address by Enter too', () => {
    const { view, text } = open(doc(p('see www.a.example.|')))
    press(view, 'Enter', 13)
    const linked = 'see <a href="https://www.a.example">www.a.example</a>.'
    expect(text()).toEqual(doc(p(linked), p()).toJSON())
  })

  it('is written before a rule changes it, so that undo can go back to it', () => {
    const { view } = open(doc(p('#|')))
    const written: string[] = []
    view.setProps({
      dispatchTransaction: (tr) => {
        view.updateState(view.state.apply(tr))
        written.push(view.state.doc.textContent)
      },
    })
    type(view, ' ')
    expect(written).toEqual(['# ', ''])
  })

  it('is left as it was by Backspace after a rule', () => {
    const { view, text } = open(doc(p('|')))
    type(view, '- ')
    press(view, 'Backspace', 8)
    expect(text()).toEqual(doc(p('- ')).toJSON())
  })

  it('makes plain text again of a link by Backspace after it', () => {
    const { view, text } = open(doc(p('|')))
    type(view, 'www.a.example ')
    press(view, 'Backspace', 8)
    expect(text()).toEqual(doc(p('www.a.example ')).toJSON())
  })

  it('takes styles that do not end for all the rest, as browsers do', () => {
    expect(withoutStyles('<p>a</p><style>p { x: y }<p>b</p><style>')).toBe('<p>a</p>')
  })

  it('makes elements without styles, which a strict policy would report, and reads them all the same', () => {
    const html = `<style>p { x: y }</style><p title=" style='' " STYLE = 'text-align: center'>a style="" b</p>`
    expect(withoutStyles(html)).toBe(
      `<p title=" style='' " data-codraft-style = 'text-align: center'>a style="" b</p>`,
    )
    const { view, text } = open(doc(p('|')))
    pasteInto(view, { 'text/html': html })
    expect(text()).toEqual(doc(p('a style="" b', { align: 'center' })).toJSON())
  })

  it('of files changes nothing, not even what is selected', () => {
    const { view, text } = open(doc(p('|a|')))
    for (const name of ['drop', 'paste']) {
      const event = new Event(name, { cancelable: true })
      const data = { types: ['Files'], files: [{}], getData: () => '' }
      Object.assign(event, name === 'drop' ? { dataTransfer: data } : { clipboardData: data })
      view.dom.dispatchEvent(event)
      expect(event.defaultPrevented).toBe(true)
    }
    expect(text()).toEqual(doc(p('a')).toJSON())
  })

  it('begins a paragraph in a document without blocks', () => {
    const { view, text } = open(doc(p('|')))
    view.updateState(view.state.apply(view.state.tr.delete(0, 2)))
    expect(view.state.doc.childCount).toBe(0)
    view.dispatch(view.state.tr.insertText('a'))
    expect(text()).toEqual(doc(p('a')).toJSON())
  })
})

describe('pasting', () => {
  const cases: [string, Node, string, Node][] = [
    ['into an empty document', doc(p('|')), '<h1>A</h1><ul><li>b</li></ul>', doc(h1('A'), ul('b'))],
    ['of one heading into an empty document', doc(p('|')), '<h1>A</h1>', doc(h1('A'))],
    ['of rules into an empty document', doc(p('|')), '<hr><p>a</p><hr>', doc(rule(), p('a'), rule())],
    [
      'of words into an empty item',
      doc(ul('|', { indent: 1 })),
      'a <b>b</b>',
      doc(ul('a <b>b</b>', { indent: 1 })),
    ],
    ['into a text', doc(h1('a|b')), '<ul><li>c</li></ul><p>d</p>', doc(h1('ac'), h1('db'))],
    ['at the start of a text', doc(h1('|b')), '<ul><li>c</li></ul><p>d</p>', doc(ul('c'), h1('db'))],
    ['at the end of a text', doc(p('a|')), '<p>b</p><ul><li>c</li></ul>', doc(p('ab'), ul('c'))],
    ['over a selection', doc(p('a|b'), ul('c|d')), 'x', doc(p('axd'))],
    [
      'of a list after a list',
      doc(ul('a'), p('|')),
      '<ol><li>b<ol><li>c</li></ol></li></ol>',
      doc(ul('a'), ol('b'), ol('c', { indent: 1 })),
    ],
  ]
  it.each(cases)('%s', (_, before, html, expected) => {
    const { view, text } = open(before)
    pasteInto(view, { 'text/html': html })
    expect(text()).toEqual(expected.toJSON())
    type(view, '!')
    expect(view.state.doc.textContent).toContain('!')
  })

  it('gives back what was copied', () => {
    const copied = doc(
      title('|a'),
      ul('b'),
      ol('c', { indent: 1 }),
      task('d'),
      quote('  e\nf'),
      rule(),
      p('g|'),
    )
    const { view } = open(copied)
    const { dom, text } = view.serializeForClipboard(view.state.selection.content())
    expect(text).toBe('a\n- b\n  1. c\n[ ] d\n  e\nf\n---\ng')
    const other = open(doc(p('|')))
    pasteInto(other.view, { 'text/html': dom.innerHTML, 'text/plain': text })
    expect(other.text()).toEqual(view.state.doc.toJSON())
  })

  it('gives back what was copied with everything selected', () => {
    const { view } = open(doc(h1('a|'), quote('b')))
    press(view, 'a', 65, { ctrlKey: true })
    const { dom } = view.serializeForClipboard(view.state.selection.content())
    const other = open(doc(p('|')))
    pasteInto(other.view, { 'text/html': dom.innerHTML })
    expect(other.text()).toEqual(view.state.doc.toJSON())
  })

  it('copies words without the marker of their list', () => {
    const { view } = open(doc(ul('a |b| c')))
    expect(view.serializeForClipboard(view.state.selection.content()).text).toBe('b')
  })

  it('of plain text makes a paragraph of each line, of the kind that it is pasted into', () => {
    const { view, text } = open(doc(ul('|')))
    pasteInto(view, { 'text/plain': 'a\n\nb\n' })
    expect(text()).toEqual(doc(ul('a'), ul(), ul('b')).toJSON())
  })

  it('of an address over a text makes it a link', () => {
    const { view, text } = open(doc(p('a |b|')))
    pasteInto(view, { 'text/plain': 'https://example.org' })
    expect(text()).toEqual(doc(p('a <a href="https://example.org">b</a>')).toJSON())
  })
})

function selectAll() {
  const opened = open(doc(h1('a'), task('b'), rule()))
  press(opened.view, 'a', 65, { ctrlKey: true })
  return opened
}

describe('with everything selected', () => {
  it('Backspace leaves an empty paragraph', () => {
    const { view, text } = selectAll()
    press(view, 'Backspace', 8)
    expect(text()).toEqual(doc(p()).toJSON())
  })

  it('Enter leaves two', () => {
    const { view, text } = selectAll()
    press(view, 'Enter', 13)
    expect(text()).toEqual(doc(p(), p()).toJSON())
  })

  it('pasting leaves what is pasted', () => {
    const { view, text } = selectAll()
    pasteInto(view, { 'text/html': '<h2>c</h2><ul><li>d</li></ul>' })
    expect(text()).toEqual(doc(h2('c'), ul('d')).toJSON())
  })

  it('typing leaves what is typed', () => {
    const { view, text } = selectAll()
    view.dispatch(view.state.tr.insertText('c'))
    expect(text()).toEqual(doc(p('c')).toJSON())
  })
})

describe('actions', () => {
  // Complete by its type.
  const names: Readonly<Record<ActionName, true>> = {
    undo: true,
    redo: true,
    'style-normal': true,
    'style-title': true,
    'style-subtitle': true,
    'heading-1': true,
    'heading-2': true,
    'heading-3': true,
    'heading-4': true,
    'heading-5': true,
    'heading-6': true,
    quote: true,
    bold: true,
    italic: true,
    underline: true,
    strike: true,
    code: true,
    link: true,
    'remove-link': true,
    'bullet-list': true,
    'ordered-list': true,
    'task-list': true,
    'toggle-task': true,
    indent: true,
    outdent: true,
    'align-left': true,
    'align-center': true,
    'align-right': true,
    'align-justify': true,
    find: true,
    'find-and-replace': true,
    'find-next': true,
    'find-previous': true,
    replace: true,
    'replace-all': true,
    'insert-image': true,
    'code-block': true,
    'insert-rule': true,
    'insert-page-break': true,
    'move-up': true,
    'move-down': true,
    'clear-formatting': true,
    'insert-table': true,
    'add-row-before': true,
    'add-row-after': true,
    'move-row-up': true,
    'move-row-down': true,
    'delete-row': true,
    'add-column-before': true,
    'add-column-after': true,
    'move-column-left': true,
    'move-column-right': true,
    'delete-column': true,
    'merge-cells': true,
    'split-cell': true,
    'toggle-header-row': true,
    'delete-table': true,
  }
  it('are all there, once', () => {
    const { actions } = open(doc(p('|')))
    expect(actions.map((action) => action.name).toSorted()).toEqual(Object.keys(names).toSorted())
    // In a task it marks it as done, elsewhere it breaks the page.
    const keys = actions.flatMap((action) => action.keys).filter((key) => key !== 'Mod-Enter')
    expect(new Set(keys).size).toBe(keys.length)
  })

  it.each(
    open(doc(p('|')))
      .actions.filter(({ name, isActive }) => isActive && name !== 'link' && name !== 'toggle-header-row')
      .map(({ name }) => name),
  )('%s is active once it has run on a selection', (name) => {
    const { view, actions } = open(doc(title('|a|', { list: name === 'toggle-task' ? 'task' : null })))
    const action = actions.find((other) => other.name === name)
    action?.run(view.state, view.dispatch, view)
    expect(action?.isActive?.(view.state)).toBe(true)
  })
})

describe('the styles', () => {
  it('are CSS without leftovers of their making', () => {
    expect(contentStyles).not.toMatch(/undefined|NaN|\$\{/)
    const sheet = new CSSStyleSheet()
    expect(() => sheet.replaceSync(contentStyles)).not.toThrow()
  })
})

it('selections stay text selections after undoing a rule', () => {
  const { view } = open(doc(p('|')))
  type(view, '# ')
  press(view, 'Backspace', 8)
  expect(view.state.selection).toBeInstanceOf(TextSelection)
})
