// @vitest-environment jsdom
import { DOMSerializer, type Node } from 'prosemirror-model'
import { describe, expect, it } from 'vitest'
import { documentToHtml, documentToText, emptyDocument, schema } from '../index.ts'
import { code, doc, figure, math, p, pageBreak, rule, title, ul } from './language.ts'

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

  it('draws code, formulas, images, rules and page breaks as what they are', () => {
    const cat = figure('cat.png', 'A cat', { alt: 'Cat', width: 300, align: 'center' })
    expect(draw(doc(code('a', 'js'), math('x'), cat, p('<img b.png>'), rule(), pageBreak()))).toBe(
      '<pre dir="ltr"><code class="language-js" spellcheck="false">a</code></pre>' +
        '<pre dir="ltr" data-math=""><code class="language-math" spellcheck="false">x</code></pre>' +
        '<figure style="text-align: center;"><img src="https://example.org/cat.png" alt="Cat" width="300" referrerpolicy="no-referrer">' +
        '<figcaption dir="auto">A cat</figcaption></figure>' +
        '<p dir="auto" data-style="normal" data-indent="0"><img src="https://example.org/b.png" alt="" referrerpolicy="no-referrer"></p>' +
        '<hr><hr data-page-break="" aria-label="Page break">',
    )
  })

  it.each<[string, Record<string, unknown>]>([
    ['code', { language: 'x" onclick="alert(1)' }],
    ['code', { language: ['js'] }],
    ['image', { src: 'javascript:alert(1)', alt: { x: 1 }, width: '100%', height: -1, align: 'justify' }],
    ['image', { src: 'data:image/svg+xml,<svg onload="alert(1)"/>', width: 1e9, height: Number.NaN }],
    ['image', { src: ['https://example.org/a.png'], alt: 7 }],
    ['inline_image', { src: 'file:///etc/passwd', alt: null, width: true }],
  ])('draws nothing of attributes of a %s that it does not understand: %j', (name, attributes) => {
    const node = schema.node(name === 'code' ? 'code_block' : name, attributes)
    const block = node.isInline ? schema.node('paragraph', null, [node]) : node
    const drawn = draw(doc(block)) + documentToHtml(doc(block)) + documentToText(doc(block))
    expect(drawn).not.toMatch(/src|language-|onclick|onload|width|height| style=|object/)
  })

  it('draws an image that cannot be loaded as a place with what is read instead', () => {
    expect(draw(doc(schema.node('image', { src: 'javascript:x', alt: 'Cat' })))).toContain(
      '<span class="codraft-no-image" role="img" aria-label="Cat"></span>',
    )
  })

  it('never draws an address that could run code', () => {
    const linked = doc(p('<a href="javascript:alert(1)">a</a>'))
    expect(draw(linked)).toContain('<a>a</a>')
    expect(documentToHtml(linked)).toBe('<p><span>a</span></p>')
  })
})
