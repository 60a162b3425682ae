// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { createEditor } from '../../create-editor.ts'

describe('making an editor', () => {
  it('refuses wrong options before it touches the page', () => {
    const before = document.documentElement.outerHTML
    expect(() => createEditor(document.body, { document: 'a//b' })).toThrow(RangeError)
    expect(() => createEditor(document.body, { document: 'a', server: 'ws://example.org' })).toThrow(
      RangeError,
    )
    expect(document.documentElement.outerHTML).toBe(before)
  })

  it('needs an element', () => {
    const missing = document.getElementById('missing')
    // As a page without type checks would call it.
    expect(() => Reflect.apply(createEditor, undefined, [missing, { document: 'a' }])).toThrow(
      new TypeError('createEditor needs an HTML element, not null'),
    )
  })
})
