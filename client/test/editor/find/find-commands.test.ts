import type { Node } from 'prosemirror-model'
import { EditorState, TextSelection, type Command } from 'prosemirror-state'
import { describe, expect, it } from 'vitest'
import { doc, h1, p, ul } from '../../../../document/test/language.ts'
import {
  findNext,
  findPrevious,
  replaceAllMatches,
  replaceMatch,
} from '../../../editor/find/find-commands.ts'
import { find, findState, lookFor, replaceBy } from '../../../editor/find/find-plugin.ts'
import type { FindOptions } from '../../../editor/find/finder.ts'

/** Somebody who looks for something in a document, from its start on. */
class Finding {
  state: EditorState
  /** How many transactions changed the document. */
  changes = 0

  constructor(document: Node, text: string, ways: Partial<FindOptions> = {}) {
    this.state = EditorState.create({ doc: document, plugins: [find()] })
    const options = { text, matchCase: false, wholeWord: false, isExpression: false, ...ways }
    this.state = this.state.apply(lookFor(this.state.tr, options, 0))
  }

  get count(): string {
    const { current, matches } = findState(this.state)
    return `${current + 1} of ${matches.length}`
  }

  get selected(): string {
    const { from, to } = this.state.selection
    return this.state.doc.textBetween(from, to)
  }

  run(command: Command): this {
    command(this.state, (tr) => {
      if (tr.docChanged) this.changes++
      this.state = this.state.apply(tr)
    })
    return this
  }

  replace(command: Command, replacement: string): this {
    this.state = this.state.apply(replaceBy(this.state.tr, replacement))
    return this.run(command)
  }

  insert(text: string, pos: number): this {
    this.state = this.state.apply(this.state.tr.insertText(text, pos))
    return this
  }
}

const text = doc(h1('one'), p('two <b>One</b>'), ul('three one'))

describe('finding', () => {
  it('goes from match to match, and round', () => {
    const finding = new Finding(text, 'one')
    expect(finding.count).toBe('1 of 3')
    expect(finding.run(findNext).count).toBe('2 of 3')
    expect(finding.selected).toBe('One')
    expect(finding.run(findNext).run(findNext).count).toBe('1 of 3')
    expect(finding.run(findPrevious).count).toBe('3 of 3')
  })

  it('begins where one is', () => {
    const finding = new Finding(text, '')
    finding.state = finding.state.apply(lookFor(finding.state.tr, { ...optionsOf(finding), text: 'one' }, 8))
    expect(finding.count).toBe('2 of 3')
  })

  it('goes on while others edit', () => {
    const finding = new Finding(text, 'one').run(findNext)
    finding.insert('one ', 1)
    expect(finding.count).toBe('3 of 4')
    expect(finding.selected).toBe('One')
    finding.insert('x', finding.state.selection.from + 1)
    expect(finding.count).toBe('3 of 3')
  })

  it('tells what is wrong, and finds again when it is put right', () => {
    const finding = new Finding(text, '(', { isExpression: true })
    expect(findState(finding.state).problem).toMatch(/^This is no regular expression/)
    expect(finding.run(findNext).count).toBe('0 of 0')
    finding.state = finding.state.apply(lookFor(finding.state.tr, { ...optionsOf(finding), text: 'o' }, 0))
    expect(findState(finding.state).problem).toBeNull()
    expect(finding.count).toBe('1 of 4')
  })

  it('does not try again what takes too long, until something else is looked for', () => {
    const finding = new Finding(doc(p('a'.repeat(100_000))), '(a?){500}b', { isExpression: true })
    expect(findState(finding.state)).toMatchObject({
      finder: null,
      problem: expect.stringMatching(/simpler/),
    })
    finding.insert('x', 1)
    expect(findState(finding.state)).toMatchObject({
      finder: null,
      problem: expect.stringMatching(/simpler/),
    })
    finding.state = finding.state.apply(lookFor(finding.state.tr, { ...optionsOf(finding), text: 'x' }, 0))
    expect(finding.count).toBe('1 of 1')
  })

  it('leaves nothing when it ends', () => {
    const finding = new Finding(text, 'one')
    finding.state = finding.state.apply(lookFor(finding.state.tr, null, 0))
    expect(findState(finding.state)).toMatchObject({ options: null, matches: [], current: -1 })
  })

  it('searches only what has changed', () => {
    const paragraphs = Array.from({ length: 4000 }, (_, i) => p(`paragraph ${i} of many`))
    const finding = new Finding(doc(...paragraphs), 'many')
    const before = findState(finding.state).matches
    finding.insert('many ', 1)
    const after = findState(finding.state).matches
    expect(after).toHaveLength(4001)
    expect(after[2]?.found).toBe(before[1]?.found)
  })
})

describe('replacing', () => {
  it('replaces one after the other, each with the marks that it has', () => {
    const finding = new Finding(text, 'one').replace(replaceMatch, '1')
    expect(finding.state.doc.toJSON()).toEqual(doc(h1('1'), p('two <b>One</b>'), ul('three one')).toJSON())
    expect(finding.count).toBe('1 of 2')
    expect(finding.selected).toBe('One')
    finding.run(replaceMatch)
    expect(finding.state.doc.toJSON()).toEqual(doc(h1('1'), p('two <b>1</b>'), ul('three one')).toJSON())
    expect(finding.run(replaceMatch).count).toBe('0 of 0')
  })

  it('does not find again what it has written', () => {
    const finding = new Finding(doc(p('aa')), 'a').replace(replaceMatch, 'aa')
    expect(finding.state.doc.textContent).toBe('aaa')
    expect(finding.count).toBe('3 of 3')
  })

  it('replaces all in one step that touches nothing else', () => {
    const finding = new Finding(text, '(o)ne', { isExpression: true }).replace(replaceAllMatches, '$1$1')
    expect(finding.state.doc.toJSON()).toEqual(doc(h1('oo'), p('two <b>OO</b>'), ul('three oo')).toJSON())
    expect(finding.changes).toBe(1)
    expect(finding.count).toBe('0 of 0')
  })

  it('deletes what is replaced by nothing', () => {
    const finding = new Finding(text, 'one').replace(replaceAllMatches, '')
    expect(finding.state.doc.toJSON()).toEqual(doc(h1(), p('two '), ul('three ')).toJSON())
  })

  it('keeps the caret beside what is replaced', () => {
    const finding = new Finding(doc(p('one two one')), 'one')
    finding.state = finding.state.apply(
      finding.state.tr.setSelection(TextSelection.create(finding.state.doc, 6)),
    )
    finding.replace(replaceAllMatches, 'three')
    expect(finding.state.selection.head).toBe(8)
  })
})

function optionsOf({ state }: Finding): FindOptions {
  const { options } = findState(state)
  if (options === null) throw new RangeError('Nothing is looked for')
  return options
}
