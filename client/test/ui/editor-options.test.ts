import { describe, expect, it } from 'vitest'
import { checkUser, resolveOptions, type EditorOptions } from '../../editor-options.ts'

const origin = 'https://example.org'
const resolve = (options: Record<string, unknown>) =>
  resolveOptions({ document: 'notes', ...options } satisfies EditorOptions, origin)

describe('the options of an editor', () => {
  it('have defaults, but for the document', () => {
    expect(resolveOptions({ document: 'notes' }, origin)).toEqual({
      serverUrl: 'https://example.org',
      documentName: 'notes',
      user: {},
      form: 'text',
      chrome: 'full',
      theme: 'auto',
      label: 'Document',
      placeholder: '',
      autofocus: false,
    })
  })

  it('take a server with or without a base path', () => {
    expect(resolve({ server: 'http://localhost:1234/' }).serverUrl).toBe('http://localhost:1234')
    expect(resolve({ server: new URL('https://example.org/x/') }).serverUrl).toBe('https://example.org/x')
  })

  it('are refused with the value in the message', () => {
    expect(() => resolve({ server: '/x' })).toThrow(
      new TypeError('The option server is "/x", not an absolute URL'),
    )
    expect(() => resolve({ server: 'ftp://example.org' })).toThrow(RangeError)
    expect(() => resolve({ server: 'https://example.org/?a' })).toThrow(/no query/)
    expect(() => resolve({ document: '' })).toThrow(new RangeError('The document name "" is empty'))
    expect(() => resolve({ document: 7 })).toThrow(new TypeError('The option document is 7, not a string'))
    expect(() => resolve({ theme: 'blue' })).toThrow(
      new RangeError('The option theme is "blue", not one of auto, light, dark'),
    )
    expect(() => resolve({ form: 'html' })).toThrow(RangeError)
    expect(() => resolve({ chrome: true })).toThrow(TypeError)
    expect(() => resolve({ autofocus: 'yes' })).toThrow(TypeError)
    expect(() => resolve({ user: 'Alice' })).toThrow(TypeError)
  })

  it('let no colour into a style that is none', () => {
    expect(checkUser({ name: 'Alice', color: '#A0b1c2' })).toEqual({ name: 'Alice', color: '#A0b1c2' })
    expect(() => checkUser({ color: 'red;background:url(x)' })).toThrow(RangeError)
  })
})
