// @vitest-environment jsdom
import { DOMSerializer, type Node } from 'prosemirror-model'
import { describe, expect, it } from 'vitest'
import { documentToHtml, documentToText, emptyDocument, schema } from '../index.ts'
import { doc, p, title, ul } from './language.ts'

function draw(node: Node): string {
  const holder = document.createElement('div')
  holder.append(DOMSerializer.fromSchema(schema).serializeFragment(node.content, { document }))
  return holder.innerHTML
}

describe('the schema', () => {
  it('draws one element for each block', () => {
    expect(draw(doc(ul('a', { indent: 2, align: 'center' }), title('b')))).toBe(
      '<p dir="auto" data-style="normal" data-indent="2" data-list="bullet" style="text-align: center;">a</p>' +
        '<p dir="auto" data-style="title" data-indent="0" role="heading" aria-level="1">b</p>',
    )
  })

  it('accepts a document without blocks', () => {
    expect(() => doc().check()).not.toThrow()
    expect(documentToHtml(doc())).toBe('')
  })

  it('starts with one empty paragraph', () => {
    expect(emptyDocument.eq(doc(p()))).toBe(true)
  })

  it('draws attributes that it does not know as the nearest that it knows', () => {
    const strange = { style: 'heading9', list: 'roman', checked: 'yes', indent: 1e9, align: { x: 1 } }
    const document = doc(schema.node('paragraph', strange, [schema.text('a')]))
    expect(draw(document)).toBe('<p dir="auto" data-style="normal" data-indent="8" data-list="bullet">a</p>')
    expect(documentToText(document)).toBe(`${'  '.repeat(8)}- a`)
    expect(documentToHtml(document)).toContain('<li>a</li>')
  })

  it('never draws an address that could run code', () => {
    const linked = doc(p('<a href="javascript:alert(1)">a</a>'))
    expect(draw(linked)).toContain('<a>a</a>')
    expect(documentToHtml(linked)).toBe('<p><span>a</span></p>')
  })
})
