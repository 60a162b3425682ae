import { Fragment, Slice, type Node } from 'prosemirror-model'
import { NodeSelection, type Command } from 'prosemirror-state'
import { describe, expect, it } from 'vitest'
import {
  code,
  doc,
  figure,
  h1,
  math,
  ol,
  p,
  pageBreak,
  quote,
  rule,
  ul,
} from '../../../document/test/language.ts'
import { isAlignActive, setAlign } from '../../editor/align-commands.ts'
import { indentLines, isCodeSelected, leaveCode, toggleCodeBlock } from '../../editor/code-commands.ts'
import { backspace, deleteForward } from '../../editor/delete.ts'
import { breakLine, enter } from '../../editor/enter.ts'
import { imageAddressFrom, imageAt, setImage } from '../../editor/image-commands.ts'
import { insertBlock } from '../../editor/insert-block.ts'
import { isStyleActive, setStyle, toggleList, toggleQuote } from '../../editor/paragraph-commands.ts'
import { replaceSelected } from '../../editor/clipboard/paste.ts'
import { after, result, stateAt } from './selection-language.ts'

const insertRule = insertBlock(rule)

/** What a command makes of a document in which a block is selected, by its index. */
function resultOnBlock(command: Command, document: Node, index: number): unknown {
  const state = stateAt(document)
  let pos = 0
  for (let i = 0; i < index; i++) pos += document.child(i).nodeSize
  return after(command, state.apply(state.tr.setSelection(NodeSelection.create(state.doc, pos)))).doc.toJSON()
}

const pasting =
  (...blocks: Node[]): Command =>
  ({ tr }, dispatch) => {
    if (replaceSelected(tr, Slice.maxOpen(Fragment.from(blocks))) === null) return false
    dispatch?.(tr)
    return true
  }

describe('the code block', () => {
  it('is made of a paragraph, with its marks, and back', () => {
    expect(result(toggleCodeBlock, doc(h1('a <b>b|</b>')))).toEqual(doc(code('a <b>b|</b>')).toJSON())
    expect(result(toggleCodeBlock, doc(code('a\nb|', 'js')))).toEqual(doc(p('a\nb|')).toJSON())
  })

  it('is one of several paragraphs, a line each, but not across what is no text', () => {
    expect(result(toggleCodeBlock, doc(p('|a'), ul('b'), rule(), code('c', 'js'), p('d|')))).toEqual(
      doc(code('|a\nb'), rule(), code('c\nd|', 'js')).toJSON(),
    )
  })

  it('keeps images in its lines', () => {
    expect(result(toggleCodeBlock, doc(p('a<img 1.png>|')))).toEqual(doc(code('a<img 1.png>|')).toJSON())
  })

  it('becomes a paragraph of whatever style is chosen, and is no list and no quote meanwhile', () => {
    expect(result(setStyle('heading1'), doc(p('|a'), code('b'), math('c|')))).toEqual(
      doc(h1('|a'), h1('b'), h1('c|')).toJSON(),
    )
    expect(result(toggleQuote, doc(quote('|a'), code('b|')))).toEqual(doc(quote('|a'), quote('b|')).toJSON())
    expect(result(toggleList('bullet'), doc(p('|a'), code('b|')))).toEqual(doc(ul('|a'), code('b|')).toJSON())
    expect(toggleList('bullet')(stateAt(doc(code('b|'))))).toBe(false)
    expect(isStyleActive(stateAt(doc(p('|a'), code('b|'))), 'normal')).toBe(false)
    expect(isCodeSelected(stateAt(doc(p('|a'), code('b|'))))).toBe(false)
    expect(isCodeSelected(stateAt(doc(code('b|'))))).toBe(true)
  })

  it('gets a new line by Enter, indented like the one before', () => {
    expect(result(enter, doc(code('if\n  a|b')))).toEqual(doc(code('if\n  a\n  |b')).toJSON())
    expect(result(enter, doc(code('|a|')))).toEqual(doc(code('\n|')).toJSON())
    expect(result(breakLine, doc(code('a|')))).toEqual(doc(code('a\n|')).toJSON())
  })

  it('is left by Enter in an empty last line, but not while it is empty', () => {
    expect(result(enter, doc(code('a\n  |'), p('b')))).toEqual(doc(code('a'), p('|'), p('b')).toJSON())
    expect(result(enter, doc(code('a\n|\nb')))).toEqual(doc(code('a\n\n|\nb')).toJSON())
    expect(result(enter, doc(code('|')))).toEqual(doc(code('\n|')).toJSON())
  })

  it('is left by Mod+Enter anywhere', () => {
    expect(result(leaveCode, doc(code('a|b')))).toEqual(doc(code('ab'), p('|')).toJSON())
    expect(leaveCode(stateAt(doc(p('a|'))))).toBe(false)
  })

  it('indents its lines by two spaces, or a tab where there are tabs', () => {
    expect(result(indentLines(1), doc(code('a|b')))).toEqual(doc(code('a  |b')).toJSON())
    expect(result(indentLines(1), doc(code('\ta|')))).toEqual(doc(code('\ta\t|')).toJSON())
    expect(result(indentLines(1), doc(code('a|\nb\n|c')))).toEqual(doc(code('  a|\n  b\n|c')).toJSON())
    expect(result(indentLines(-1), doc(code('   a\n\tb|')))).toEqual(doc(code('   a\nb|')).toJSON())
    expect(result(indentLines(-1), doc(code('   |a\n\tb|')))).toEqual(doc(code(' |a\nb|')).toJSON())
    expect(result(indentLines(-1), doc(code('a|')))).toEqual(doc(code('a|')).toJSON())
    expect(indentLines(1)(stateAt(doc(p('|a'), code('b|'))))).toBe(false)
  })

  it('becomes a paragraph by Backspace at its start', () => {
    expect(result(backspace, doc(p('a'), code('|')))).toEqual(doc(p('a'), p('|')).toJSON())
    expect(result(backspace, doc(code('|a\nb')))).toEqual(doc(p('|a\nb')).toJSON())
  })

  it('is joined with what comes behind it, and goes if it is empty', () => {
    expect(result(backspace, doc(code('a'), p('|b')))).toEqual(doc(code('a|b')).toJSON())
    expect(result(deleteForward, doc(code('a|'), p('b')))).toEqual(doc(code('a|b')).toJSON())
    expect(result(backspace, doc(code(''), p('|b')))).toEqual(doc(p('|b')).toJSON())
  })

  it('takes what is pasted as plain text', () => {
    expect(result(pasting(h1('a'), ul('b')), doc(code('x|y')))).toEqual(doc(code('xa\n- b|y')).toJSON())
  })

  it('is pasted as a block, but a part of a line as words', () => {
    expect(result(pasting(code('a\nb')), doc(p('x|y')))).toEqual(doc(p('x'), code('a\nb'), p('|y')).toJSON())
    expect(result(pasting(code('a')), doc(p('x|y')))).toEqual(doc(p('xa|y')).toJSON())
    expect(result(pasting(code('a')), doc(p('|')))).toEqual(doc(code('a|')).toJSON())
  })
})

describe('a rule, as any block that is put in', () => {
  it('goes between the halves of a paragraph', () => {
    expect(result(insertRule, doc(ol('a|b')))).toEqual(doc(ol('a'), rule(), ol('|b')).toJSON())
    expect(result(insertRule, doc(p('a|X|b')))).toEqual(doc(p('a'), rule(), p('|b')).toJSON())
  })

  it('goes before a text at whose start the caret is', () => {
    expect(result(insertRule, doc(h1('|a')))).toEqual(doc(rule(), h1('|a')).toJSON())
    expect(result(insertRule, doc(p('|')))).toEqual(doc(rule(), p('|')).toJSON())
  })

  it('has a paragraph behind it to write on in', () => {
    expect(result(insertRule, doc(h1('a|')))).toEqual(doc(h1('a'), rule(), p('|')).toJSON())
    expect(result(insertRule, doc(h1('a|'), p('b')))).toEqual(doc(h1('a'), rule(), p('|b')).toJSON())
  })

  it('goes behind code and captions, which stay whole', () => {
    expect(result(insertRule, doc(code('a|b')))).toEqual(doc(code('ab'), rule(), p('|')).toJSON())
    expect(result(insertRule, doc(figure('1.png', 'a|b'), p('c')))).toEqual(
      doc(figure('1.png', 'ab'), rule(), p('|c')).toJSON(),
    )
  })

  it('goes behind what is selected as a whole', () => {
    expect(resultOnBlock(insertRule, doc(p('a'), pageBreak(), p('b')), 1)).toEqual(
      doc(p('a'), pageBreak(), rule(), p('b')).toJSON(),
    )
  })

  it.each([rule(), pageBreak(), figure('1.png', 'a')])('is deleted when it is selected: %s', (block) => {
    for (const command of [backspace, deleteForward]) {
      expect(resultOnBlock(command, doc(p('a'), block, p('b')), 1)).toEqual(doc(p('a'), p('b')).toJSON())
    }
  })
})

describe('an image', () => {
  const [src, alt] = ['https://example.org/1.png', 'A cat']

  it('is put in by its address', () => {
    expect(result(setImage('example.org/1.png', ' A cat '), doc(p('a|')))).toEqual(
      doc(p('a'), figure('1.png', '', { alt }), p('|')).toJSON(),
    )
  })

  it.each(['javascript:alert(1)', 'data:image/png;base64,AAAA', 'mailto:ada@example.org', 'cat.', ''])(
    'is none of %j',
    (address) => {
      expect(imageAddressFrom(address)).toBe(null)
      expect(setImage(address, '')(stateAt(doc(p('a|'))))).toBe(false)
    },
  )

  it('gets another address where it is selected, or its caption has the caret', () => {
    const changed = doc(figure('1.png', 'a', { alt, width: 300 })).toJSON()
    const command = setImage(src, alt)
    expect(resultOnBlock(command, doc(figure('0.png', 'a', { width: 300 })), 0)).toEqual(changed)
    const state = stateAt(doc(figure('0.png', 'a|', { width: 300 })))
    expect(imageAt(state)?.pos).toBe(0)
    expect(after(command, state).doc.toJSON()).toEqual(changed)
  })

  it('in a line is replaced by another one, with its marks', () => {
    const state = stateAt(doc(p('a<b><img 0.png></b>b')))
    const selected = state.apply(state.tr.setSelection(NodeSelection.create(state.doc, 2)))
    const next = after(setImage(src, ''), selected)
    expect(next.doc.toJSON()).toEqual(doc(p('a<b><img 1.png></b>b')).toJSON())
    expect(next.selection).toBeInstanceOf(NodeSelection)
  })

  it('is aligned like a paragraph, but not on both sides', () => {
    expect(result(setAlign('center'), doc(p('|a'), code('b'), figure('1.png', 'c|')))).toEqual(
      doc(p('|a', { align: 'center' }), code('b'), figure('1.png', 'c|', { align: 'center' })).toJSON(),
    )
    expect(resultOnBlock(setAlign('right'), doc(figure('1.png')), 0)).toEqual(
      doc(figure('1.png', '', { align: 'right' })).toJSON(),
    )
    expect(setAlign('justify')(stateAt(doc(figure('1.png', 'a|'))))).toBe(false)
    expect(isAlignActive(stateAt(doc(figure('1.png', 'a|', { align: 'right' }))), 'right')).toBe(true)
  })

  it('is selected by Backspace at the start of its caption, or behind it', () => {
    for (const document of [doc(figure('1.png', '|a')), doc(figure('1.png', 'a'), p('|b'))]) {
      const { selection } = after(backspace, stateAt(document))
      expect(selection instanceof NodeSelection && selection.node.type.name).toBe('image')
    }
  })

  it('keeps its caption apart from what comes behind it', () => {
    expect(result(deleteForward, doc(figure('1.png', 'a|'), p('b')))).toEqual(
      doc(figure('1.png', 'a|'), p('b')).toJSON(),
    )
    expect(result(enter, doc(figure('1.png', 'a|b')))).toEqual(doc(figure('1.png', 'a'), p('|b')).toJSON())
    expect(result(breakLine, doc(figure('1.png', 'a|b')))).toEqual(doc(figure('1.png', 'a\n|b')).toJSON())
  })

  it('takes words that are pasted into its caption, and puts blocks behind itself', () => {
    expect(result(pasting(h1('x')), doc(figure('1.png', 'a|b')))).toEqual(
      doc(figure('1.png', 'ax|b')).toJSON(),
    )
    expect(result(pasting(p('x'), p('y')), doc(figure('1.png', 'a|b'), p('c')))).toEqual(
      doc(figure('1.png', 'ab'), p('x'), p('y|'), p('c')).toJSON(),
    )
  })
})

it('what is pasted over code and captions together leaves legal blocks', () => {
  const before = doc(code('a|b', 'js'), figure('1.png', 'c|d', { align: 'right' }))
  expect(result(pasting(p('x'), p('y')), before)).toEqual(doc(code('ax', 'js'), p('y|d')).toJSON())
})
