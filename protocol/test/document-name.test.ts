import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeDocumentName,
  documentNameProblem,
  encodeDocumentName,
  MAX_DOCUMENT_NAME_BYTES,
} from '../index.ts'

describe('a document name', () => {
  test.each(['a', 'Notes 2026', 'team/minutes', 'größe', '会议', '100%', 'a?b#c', "o'clock", '👩‍👩‍👧'])(
    '%j is legal',
    (name) => {
      expect(documentNameProblem(name)).toBeNull()
    },
  )

  test.each([
    ['', 'is empty'],
    [' a', 'begins or ends with white space'],
    ['a\n', 'contains a control character'],
    ['a\u0000b', 'contains a control character'],
    ['\ud800', 'half a surrogate pair'],
    ['/a', 'segment'],
    ['a//b', 'segment'],
    ['a/../b', 'segment'],
    ['.', 'segment'],
    ['e\u0301', 'normal form C'],
    ['ü'.repeat(101), '202 bytes'],
  ])('%j is refused, since it %s', (name, why) => {
    expect(documentNameProblem(name)).toContain(why)
    expect(() => encodeDocumentName(name)).toThrow(RangeError)
  })

  test('may have exactly the longest length', () => {
    expect(documentNameProblem('a'.repeat(MAX_DOCUMENT_NAME_BYTES))).toBeNull()
    expect(documentNameProblem('a'.repeat(MAX_DOCUMENT_NAME_BYTES + 1))).not.toBeNull()
  })

  test('comes back from the path of a URL', () => {
    const names = fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .filter((name) => documentNameProblem(name) === null)
    fc.assert(
      fc.property(names, (name) => {
        const { pathname } = new URL(`http://host/collab/${encodeDocumentName(name)}`)
        expect(decodeDocumentName(pathname.slice('/collab/'.length))).toBe(name)
      }),
    )
  })

  test('is the same with its slash encoded or plain', () => {
    expect(decodeDocumentName('a%2Fb')).toBe(decodeDocumentName('a/b'))
  })

  test.each(['%', '%ff', '', 'a%00b', 'a/%2e%2e/b'])('is not read from the path %j', (path) => {
    expect(decodeDocumentName(path)).toBeNull()
  })
})
