import { describe, expect, it } from 'vitest'
import { documentNameProblem } from '../../../protocol/index.ts'
import { documentNameOf, documentUrl } from '../../app/pages.ts'
import { randomName } from '../../app/random-name.ts'
import { cleanName, rememberVisitorName, visitorName, type NameStore } from '../../app/visitor.ts'

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

describe('the pages’ addresses', () => {
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

const remembering = (): NameStore => {
  const values = new Map<string, string>()
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => values.set(key, value) }
}
const forbidden: NameStore = {
  getItem() {
    throw new DOMException('forbidden', 'SecurityError')
  },
  setItem() {
    throw new DOMException('full', 'QuotaExceededError')
  },
}

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
    for (const store of [null, forbidden]) {
      rememberVisitorName('Bob', store)
      expect(visitorName('', store)).toBeNull()
      expect(visitorName('?name=Alice', store)).toBe('Alice')
    }
  })

  it('is one line of bounded length', () => {
    expect(cleanName('  Ada\n\tLovelace ')).toBe('Ada Lovelace')
    expect(cleanName('🙂'.repeat(100))).toBe('🙂'.repeat(60))
    expect(cleanName(null)).toBeNull()
  })
})
