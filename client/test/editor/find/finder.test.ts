import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Effort } from '../../../editor/find/effort.ts'
import { FindProblem } from '../../../editor/find/find-problem.ts'
import { createFinder, type FindOptions } from '../../../editor/find/finder.ts'

function finder(text: string, ways: Partial<FindOptions> = {}) {
  return createFinder({ text, matchCase: false, wholeWord: false, isExpression: false, ...ways })
}

/** What is found in a text, as it stands there. */
function found(wanted: string, text: string, ways: Partial<FindOptions> = {}): string[] {
  return finder(wanted, ways)
    .findIn(text, new Effort())
    .map(({ from, to }) => text.slice(from, to))
}

function foundBy(expression: string, text: string, ways: Partial<FindOptions> = {}): string[] {
  return found(expression, text, { isExpression: true, ...ways })
}

function replaced(wanted: string, replacement: string, text: string, isExpression = true): string {
  const ours = finder(wanted, { isExpression })
  let result = text
  for (const match of ours.findIn(text, new Effort()).toReversed())
    result = result.slice(0, match.from) + ours.replacementOf(match, replacement) + result.slice(match.to)
  return result
}

describe('looking for a text', () => {
  it('finds it wherever it stands, in any case', () => {
    expect(found('an', 'An ant and Pan')).toEqual(['An', 'an', 'an', 'an'])
    expect(found('straße', 'STRAßE')).toEqual(['STRAßE'])
    expect(found('x', 'İİİx')).toEqual(['x'])
  })

  it('finds it in its own case only, and as a whole word only, if that is asked for', () => {
    expect(found('an', 'An ant an', { matchCase: true })).toEqual(['an', 'an'])
    expect(found('an', 'An ant, an', { wholeWord: true })).toEqual(['An', 'an'])
    expect(found('é', 'été é', { wholeWord: true })).toEqual(['é'])
    expect(found('1', '10 1', { wholeWord: true })).toEqual(['1'])
  })

  it('takes no character for anything else than itself', () => {
    const signs = String.raw`\^$.*+?()[]{}|/`
    expect(found(signs, `a${signs}b`)).toEqual([signs])
    expect(found('.', 'a.b')).toEqual(['.'])
    expect(replaced('a', '$&$1', 'a', false)).toBe('$&$1')
  })

  it('finds nothing for nothing', () => {
    expect(found('', 'abc')).toEqual([])
    expect(foundBy('', 'abc')).toEqual([])
    expect(foundBy('x*', 'abc')).toEqual([])
  })
})

describe('looking for an expression', () => {
  it.each([
    [String.raw`\d+`, 'a1 bc23', ['1', '23']],
    ['[a-c]x', 'ax bx dx', ['ax', 'bx']],
    ['^a|b$', 'ab\nab', ['a', 'b', 'a', 'b']],
    ['.*', 'one\ntwo', ['one', 'two']],
    ['a{2,3}', 'a aa aaaa', ['aa', 'aaa']],
    ['a{2}', 'aaaaa', ['aa', 'aa']],
    ['<.+?>', '<b>x</b>', ['<b>', '</b>']],
    [String.raw`\bcat\b`, 'cat concat cat', ['cat', 'cat']],
    [String.raw`\p{Lu}\w*`, 'one Two', ['one', 'Two']],
    ['😀.', '😀😀a', ['😀😀']],
    ['[^a]', 'a😀b', ['😀', 'b']],
    ['.', '😀', ['😀']],
    ['(?:ab)+', 'ababab', ['ababab']],
  ])('%s in %j', (expression, text, expected) => {
    expect(foundBy(expression, text)).toEqual(expected)
  })

  it('puts groups into what replaces it', () => {
    expect(replaced(String.raw`(\w+) (\w+)`, '$2 $1', 'one two')).toBe('two one')
    expect(replaced('(?<first>a)|(b)', '[$<first>$2$$$&]', 'ab')).toBe('[a$a][b$b]')
    expect(replaced('a', '$1', 'a')).toBe('$1')
  })

  it.each([
    ['(', /^This is no regular expression: unterminated group\.$/],
    ['[', /^This is no regular expression: /],
    ['(?=a)', /look ahead/],
    ['(?<!a)b', /look ahead/],
    [String.raw`(a)\1`, /refer to a group/],
    [String.raw`(?<x>a)\k<x>`, /refer to a group/],
    ['(a{900}){900}', /too long/],
  ])('says what is wrong with %s', (expression, message) => {
    expect(() => foundBy(expression, 'a')).toThrow(FindProblem)
    expect(() => foundBy(expression, 'a')).toThrow(message)
  })

  it('needs no more time for expressions over which others think for years', () => {
    const text = `${'a'.repeat(5000)}!`
    expect(foundBy('(a+)+b', text)).toEqual([])
    expect(foundBy('(a|aa)+$', text)).toEqual([])
    expect(foundBy('.*.*.*=.*', text)).toEqual([])
  })

  it('gives up where it would take long', () => {
    expect(() => foundBy('(a?){500}b', 'a'.repeat(100_000))).toThrow(/Try a simpler one/)
    expect(() => foundBy(`${'()'.repeat(400)}b`, 'a'.repeat(1000))).toThrow(/Try a simpler one/)
  })

  it('repeats nothing without counting', () => {
    expect(foundBy('a(?:){999999999999}b', 'ab')).toEqual(['ab'])
  })

  it('refuses what is nested too deep', () => {
    expect(() => foundBy(`${'('.repeat(5000)}a${')'.repeat(5000)}`, 'a')).toThrow(FindProblem)
  })

  it('finds what JavaScript finds', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '(a)',
      '(a|b)',
      'a*',
      'b+',
      '(ab)?',
      'a{1,2}',
      '(?:a|)',
      'b*?',
      '^',
      '$',
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(part, fc.constantFrom('', '|')), { minLength: 1, maxLength: 6 }),
        fc.array(fc.constantFrom('a', 'b', 'c', '\n'), { maxLength: 12 }),
        (parts, letters) => {
          const source = parts.map((two) => two.join('')).join('')
          const text = letters.join('')
          const expected = Array.from(text.matchAll(new RegExp(source, 'gimu')), ([all]) => all)
          expect(foundBy(source, text)).toEqual(expected.filter((all) => all !== ''))
        },
      ),
      { numRuns: 2000 },
    )
  })
})
