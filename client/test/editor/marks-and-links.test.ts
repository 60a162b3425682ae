import { AllSelection, EditorState } from 'prosemirror-state'
import { describe, expect, it } from 'vitest'
import { schema } from '../../../document/index.ts'
import { doc, h1, p, ul } from '../../../document/test/language.ts'
import { addressFrom, addressInText } from '../../editor/links/link-address.ts'
import { canLink, linkAt, removeLink, setLink } from '../../editor/links/link-commands.ts'
import { followedLinkTarget, followLinkTarget, trackLinkTarget } from '../../editor/links/link-target.ts'
import { clearFormatting, isMarkActive, toggleMark } from '../../editor/mark-commands.ts'
import { after, result, stateAt } from './selection-language.ts'

const { bold } = schema.marks

describe('marks', () => {
  it('are set on all of the selection if any of it lacks them', () => {
    expect(result(toggleMark(bold), doc(p('<b>a</b>|b'), ul('c|d')))).toEqual(
      doc(p('<b>a|b</b>'), ul('<b>c|</b>d')).toJSON(),
    )
    const half = stateAt(doc(p('|<b>a</b>b|')))
    expect(after(toggleMark(bold), half).doc.toJSON()).toEqual(doc(p('<b>ab</b>')).toJSON())
  })

  it('are taken off if all of the selection has them', () => {
    const state = after(toggleMark(bold), stateAt(doc(p('|<b>a</b>|'))))
    expect(state.doc.toJSON()).toEqual(doc(p('a')).toJSON())
  })

  it('at a caret are for what is typed next', () => {
    const state = after(toggleMark(bold), stateAt(doc(p('a|'))))
    expect(isMarkActive(state, bold)).toBe(true)
    expect(state.apply(state.tr.insertText('b')).doc.toJSON()).toEqual(doc(p('a<b>b</b>')).toJSON())
  })

  it('are active only where all of the selection has them', () => {
    expect(isMarkActive(stateAt(doc(p('<b>|a|</b>'))), bold)).toBe(true)
    expect(isMarkActive(stateAt(doc(p('<b>|a</b>b|'))), bold)).toBe(false)
  })
})

describe('clearing the formatting', () => {
  it('takes off marks and alignment, and keeps links, styles and lists', () => {
    const text = '|<b>a</b><a href="https://a.example"><i>b</i></a>c|'
    const state = stateAt(doc(h1(text, { list: 'bullet', align: 'center' })))
    expect(after(clearFormatting, state).doc.toJSON()).toEqual(
      doc(h1('a<a href="https://a.example">b</a>c', { list: 'bullet' })).toJSON(),
    )
  })

  it('at a caret makes plain what is typed next', () => {
    const state = after(clearFormatting, stateAt(doc(p('<b>a|b</b>'))))
    expect(state.apply(state.tr.insertText('x')).doc.toJSON()).toEqual(doc(p('<b>a</b>x<b>b</b>')).toJSON())
  })
})

describe('links', () => {
  const linked = '<a href="https://a.example">one <b>two</b></a>'

  it('can be made of everything that is selected', () => {
    const state = stateAt(doc(p('one'), p('two')))
    const all = state.apply(state.tr.setSelection(new AllSelection(state.doc)))
    expect(canLink(all)).toBe(true)
    expect(after(setLink('https://a.example'), all).doc.toJSON()).toEqual(
      doc(p('<a href="https://a.example">one</a>'), p('<a href="https://a.example">two</a>')).toJSON(),
    )
    const empty = stateAt(doc(p('')))
    expect(canLink(empty.apply(empty.tr.setSelection(new AllSelection(empty.doc))))).toBe(false)
  })

  it('need text, of which a line break alone is none', () => {
    expect(canLink(stateAt(doc(p('a|\n|b'))))).toBe(false)
    expect(canLink(stateAt(doc(p('a|\nb|'))))).toBe(true)
    expect(canLink(stateAt(doc(p('a|'), p('|b'))))).toBe(false)
  })

  it('are found at the caret inside and at both ends', () => {
    const found = { href: 'https://a.example', from: 3, to: 10, text: 'one two' }
    for (const text of [`x |${linked}`, `x ${linked}|`, `x ${linked.replace('ne', 'n|e')}`]) {
      expect(linkAt(stateAt(doc(p(text))))).toEqual(found)
    }
    expect(linkAt(stateAt(doc(p(`|x ${linked}`))))).toBe(null)
  })

  it('are set on the selection', () => {
    const state = after(setLink('example.org'), stateAt(doc(p('a |b| c'))))
    expect(state.doc.toJSON()).toEqual(doc(p('a <a href="https://example.org">b</a> c')).toJSON())
  })

  it('change as a whole at a caret', () => {
    const state = after(setLink('https://b.example'), stateAt(doc(p(linked.replace('ne', 'n|e')))))
    expect(state.doc.toJSON()).toEqual(doc(p('<a href="https://b.example">one <b>two</b></a>')).toJSON())
  })

  it('are written out where there is no text for them, and end there', () => {
    const state = after(setLink('example.org'), stateAt(doc(p('a|'))))
    expect(state.apply(state.tr.insertText('b')).doc.toJSON()).toEqual(
      doc(p('a<a href="https://example.org">example.org</a>b')).toJSON(),
    )
  })

  it('end where the caret stands then', () => {
    const state = after(setLink('example.org'), stateAt(doc(p('hello |world|'))))
    expect(state.apply(state.tr.insertText('!')).doc.toJSON()).toEqual(
      doc(p('hello <a href="https://example.org">world</a>!')).toJSON(),
    )
  })

  it('are made of the word that the caret is in the middle of', () => {
    const state = after(setLink('example.org'), stateAt(doc(p('ein größ|erer Satz'))))
    expect(state.doc.toJSON()).toEqual(doc(p('ein <a href="https://example.org">größerer</a> Satz')).toJSON())
  })

  it('come to where their text is by then', () => {
    const before = EditorState.create({ doc: doc(p('hello world')), plugins: [trackLinkTarget()] })
    const state = before.apply(followLinkTarget(before.tr, { from: 7, to: 12, href: '' }))
    const moved = state.apply(state.tr.insertText('oh, ', 1))
    const target = followedLinkTarget(moved)
    expect(target).toEqual({ from: 11, to: 16, href: '' })
    expect(after(setLink('example.org', target ?? undefined), moved).doc.toJSON()).toEqual(
      doc(p('oh, hello <a href="https://example.org">world</a>')).toJSON(),
    )
  })

  it('are removed as a whole', () => {
    for (const text of [linked.replace('ne', 'n|e'), linked.replace('ne', '|n|e')]) {
      expect(after(removeLink, stateAt(doc(p(text)))).doc.toJSON()).toEqual(doc(p('one <b>two</b>')).toJSON())
    }
    expect(removeLink(stateAt(doc(p('a|'))))).toBe(false)
  })

  it('are refused for addresses that run code', () => {
    const state = stateAt(doc(p('|a|')))
    expect(setLink('javascript:alert(1)')(state, () => expect.unreachable())).toBe(false)
  })
})

describe('addresses as people type them', () => {
  it.each([
    ['example.org', 'https://example.org'],
    [' www.example.org/a?b#c ', 'https://www.example.org/a?b#c'],
    ['localhost:3000/x', 'https://localhost:3000/x'],
    ['example.org:8080', 'https://example.org:8080'],
    ['HTTP://example.org', 'HTTP://example.org'],
    ['ada@example.org', 'mailto:ada@example.org'],
    ['mailto:ada@example.org', 'mailto:ada@example.org'],
    ['tel:+49123', 'tel:+49123'],
    ['//example.org', 'https://example.org'],
  ])('%s means %s', (typed, address) => {
    expect(addressFrom(typed)).toBe(address)
  })

  it.each([
    '',
    'word',
    'two words.org',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc',
    'http://',
    '/a/b',
    '#c',
  ])('%s is none', (typed) => {
    expect(addressFrom(typed)).toBe(null)
  })

  it('are seen in text only where it says so', () => {
    expect(addressInText('https://example.org\n')).toBe('https://example.org')
    expect(addressInText('readme.md')).toBe(null)
    expect(addressInText('see https://example.org')).toBe(null)
  })
})
