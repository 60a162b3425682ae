import { describe, expect, it } from 'vitest'
import { documentNameProblem } from '../../../protocol/index.ts'
import { nameProblemInWords } from '../../app/name-problem.ts'
import { addressProblem, documentNameOf, documentUrl } from '../../app/pages.ts'
import { randomName } from '../../app/random-name.ts'
import { forgetDocuments, recentDocuments, rememberDocument } from '../../app/recent-documents.ts'
import { createTextStore, type TextStore } from '../../app/text-store.ts'
import { rememberVisitorColor, rememberVisitorName, visitorColor, visitorName } from '../../app/visitor.ts'
import { cleanName } from '../../collaboration/person-name.ts'

describe('the name of a new document', () => {
  it('can be read out, and is legal', () => {
    const name = randomName((bytes) => new Uint8Array(bytes).fill(255))
    expect(name).toMatch(/^[a-z]+-[a-z]+-[\da-z]{6}$/)
    expect(documentNameProblem(name)).toBeNull()
  })

  it('is another one for other random bytes', () => {
    const names = [0, 1, 77, 200].map((byte) => randomName((bytes) => new Uint8Array(bytes).fill(byte)))
    expect(new Set(names).size).toBe(4)
  })
})

describe('a name that cannot be', () => {
  it.each([
    ['', /needs a name/],
    ['a//b', /two slashes in a row/],
    ['/a', /begin or end with a slash/],
    [' a', /begin or end with a space/],
    ['a/../b', /cannot be “.” or “..”/],
    ['ä'.repeat(101), /200 letters at most/],
    ['a\u0000b', /control characters/],
  ])('%j is refused in plain words', (name, words) => {
    expect(nameProblemInWords(name)).toMatch(words)
  })

  it('is one that the protocol refuses', () => {
    expect(nameProblemInWords('team/größe 1')).toBeNull()
  })
})

describe('the visitor’s colour', () => {
  it('is the first one, but not for who is named by the address', () => {
    const values = new Map<string, string>()
    const store: TextStore = {
      get: (key) => values.get(key) ?? null,
      set: (key, text) => void values.set(key, text),
    }
    rememberVisitorColor('#1a66c9', '?name=Eve', store)
    expect(visitorColor('', store)).toBeNull()
    rememberVisitorColor('#1a66c9', '', store)
    rememberVisitorColor('#b3261e', '', store)
    expect(visitorColor('', store)).toBe('#1a66c9')
    expect(visitorColor('?name=Eve', store)).toBeNull()
  })
})

describe('the pages’ addresses', () => {
  it('say what is wrong with them', () => {
    const base = 'http://localhost:1234/'
    expect(addressProblem(base, `${base}d/a//b`)).toMatch(/two slashes/)
    expect(addressProblem(base, `${base}d/%25E0%zz`)).toMatch(/damaged/)
    expect(addressProblem(base, `${base}d/`)).toMatch(/needs a name/)
  })

  it('carry any legal name below any base path', () => {
    for (const base of ['http://localhost:1234/', 'https://example.org/docs/']) {
      for (const name of ['notes', 'team/meeting notes', '100 % sûr?#', '日本語']) {
        expect(documentNameOf(base, documentUrl(base, name).href)).toBe(name)
      }
    }
  })

  it('carry no document where the name is illegal, or the page another', () => {
    expect(documentNameOf('http://localhost/', 'http://localhost/d/')).toBeNull()
    expect(documentNameOf('http://localhost/', 'http://localhost/d/a//b')).toBeNull()
    expect(documentNameOf('http://localhost/x/', 'http://localhost/d/a')).toBeNull()
  })

  it('leave the query to the page', () => {
    expect(documentNameOf('http://localhost/', 'http://localhost/d/notes?name=Alice#top')).toBe('notes')
  })
})

/** Forgets everything when the page is left. */
function remembering(): TextStore {
  const values = new Map<string, string>()
  return createTextStore(() => ({
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => values.set(key, value),
  }))
}

const forbidden = createTextStore(() => {
  throw new DOMException('The operation is insecure.', 'SecurityError')
})

describe('the visitor’s name', () => {
  it('is the one in the address, else the remembered one', () => {
    const store = remembering()
    expect(visitorName('', store)).toBeNull()
    rememberVisitorName('Bob', store)
    expect(visitorName('', store)).toBe('Bob')
    expect(visitorName('?name=Alice', store)).toBe('Alice')
    expect(visitorName('', store)).toBe('Bob')
    expect(visitorName('?name=%20', store)).toBe('Bob')
  })

  it('does without a store', () => {
    rememberVisitorName('Bob', forbidden)
    expect(visitorName('', forbidden)).toBeNull()
    expect(visitorName('?name=Alice', forbidden)).toBe('Alice')
  })

  it('is one line of bounded length', () => {
    expect(cleanName('  Ada\n\tLovelace ')).toBe('Ada Lovelace')
    expect(cleanName('🙂'.repeat(100))).toBe('🙂'.repeat(64))
    expect(cleanName(' \u202e\ud800')).toBeNull()
  })
})

describe('the documents opened on this device', () => {
  it('are listed once each, the latest first', () => {
    const store = remembering()
    for (const name of ['a', 'b', 'a', 'c']) rememberDocument(name, store)
    expect(recentDocuments(store)).toEqual(['c', 'a', 'b'])
  })

  it('are a few, and can be forgotten', () => {
    const store = remembering()
    for (let i = 0; i < 20; i++) rememberDocument(`document-${i}`, store)
    expect(recentDocuments(store)).toHaveLength(8)
    expect(recentDocuments(store)[0]).toBe('document-19')
    forgetDocuments(store)
    expect(recentDocuments(store)).toEqual([])
  })

  it('are none where the store holds something else, or nothing', () => {
    const store = remembering()
    for (const text of ['{', '7', '[7, "", "a//b"]']) {
      store.set('codraft.recent-documents', text)
      expect(recentDocuments(store)).toEqual([])
    }
    rememberDocument('a', forbidden)
    expect(recentDocuments(forbidden)).toEqual([])
  })
})
