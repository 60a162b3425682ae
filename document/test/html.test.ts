// @vitest-environment jsdom
import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Node } from 'prosemirror-model'
import { describe, expect, it } from 'vitest'
import { documentFromHtml, documentToHtml } from '../index.ts'
import { arbitraryDocument } from './arbitrary-document.ts'
import { doc, done, h1, h2, ol, p, quote, rule, subtitle, task, title, ul } from './language.ts'

/** What the HTML is read as, in a form that failed comparisons show well. */
function read(html: string): unknown {
  return documentFromHtml(new DOMParser().parseFromString(html, 'text/html').body).toJSON()
}

describe('HTML form', () => {
  it('reads back every document that it writes', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        expect(read(documentToHtml(document))).toEqual(document.toJSON())
      }),
      { numRuns: 500 },
    )
  })

  it('reads back items with blanks over other paragraphs (seeds 1584437777, 1903519263)', () => {
    const link = '<a href="https://example.org">a</a>'
    const document = doc(ol(' '), p('', { indent: 1 }), ol(` ${link}`), p('', { indent: 1 }))
    expect(read(documentToHtml(document))).toEqual(document.toJSON())
  })

  it('writes styles as the elements that mean them', () => {
    const html = documentToHtml(doc(title('T'), subtitle('S'), h1('A'), h2('B'), p('C'), rule(), p()))
    expect(html).toBe(
      '<p data-style="title">T</p><p data-style="subtitle">S</p><h1>A</h1><h2>B</h2><p>C</p><hr><p><br></p>',
    )
  })

  it('nests list items by their level', () => {
    const html = documentToHtml(
      doc(ul('a'), ol('b', { indent: 1 }), ol('c', { indent: 1 }), ul('d'), ol('e'), p('f')),
    )
    expect(html).toBe('<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul><ol><li>e</li></ol><p>f</p>')
  })

  it('holds an item that skips levels in items without markers', () => {
    expect(documentToHtml(doc(ul('a'), ol('b', { indent: 2 })))).toBe(
      '<ul><li>a<ul><li style="list-style-type: none"><ol><li>b</li></ol></li></ul></li></ul>',
    )
  })

  it('writes paragraphs indented under an item into the item, so that numbers go on', () => {
    expect(documentToHtml(doc(ol('a'), p('more', { indent: 1 }), ol('b')))).toBe(
      '<ol><li>a<p>more</p></li><li>b</li></ol>',
    )
  })

  it('writes tasks with checkboxes', () => {
    expect(documentToHtml(doc(done('a'), task('b')))).toBe(
      '<ul data-list="task"><li><input type="checkbox" checked disabled>a</li><li><input type="checkbox" disabled>b</li></ul>',
    )
  })

  it('joins neighbouring quotes', () => {
    expect(documentToHtml(doc(quote('a'), quote('b', { align: 'right' }), p('c')))).toBe(
      '<blockquote><p>a</p><p style="text-align: right">b</p></blockquote><p>c</p>',
    )
  })

  it('escapes texts and addresses', () => {
    expect(documentToHtml(doc(p('1 < 2 & "3" <a href="https://example.org/?a&b">x</a>')))).toBe(
      '<p>1 &lt; 2 &amp; &quot;3&quot; <a href="https://example.org/?a&amp;b">x</a></p>',
    )
  })

  it('keeps white space that HTML would collapse', () => {
    expect(documentToHtml(doc(p('a  b\nc\n')))).toBe('<p style="white-space: pre-wrap">a  b<br>c<br><br></p>')
  })
})

describe('reading HTML of other programs', () => {
  const cases: [string, string, Node][] = [
    [
      'paragraphs, divisions and loose text',
      '<p>a</p><div>b<p>c</p>d</div>e',
      doc(p('a'), p('b'), p('c'), p('d'), p('e')),
    ],
    ['nothing', '<div></div>', doc(p())],
    [
      'indented source',
      '<p>\n  a\n  <b> b </b> c\n</p>\n<ul>\n  <li>\n    d\n  </li>\n</ul>',
      doc(p('a <b>b </b>c'), ul('d')),
    ],
    ['preformatted text', '<pre>a\n  b\n</pre>', doc(p('<code>a\n  b</code>'))],
    ['line breaks', '<p>a <br> b<br></p><p><br></p>', doc(p('a\nb'), p())],
    [
      'nested lists',
      '<ul><li>a<ol><li><p>b</p></li></ol></li><li>c</li></ul>',
      doc(ul('a'), ol('b', { indent: 1 }), ul('c')),
    ],
    [
      'lists directly in lists',
      '<ul><li>a</li><ul><li>b</li></ul></ul>',
      doc(ul('a'), ul('b', { indent: 1 })),
    ],
    ['items outside lists', '<li>a</li>', doc(ul('a'))],
    [
      'items of several paragraphs',
      '<ol><li><p>a</p><p>b</p></li><li>c</li></ol>',
      doc(ol('a'), p('b', { indent: 1 }), ol('c')),
    ],
    [
      'empty items',
      '<ul><li></li><li><br><ul><li>a</li></ul></li></ul>',
      doc(ul(), ul(), ul('a', { indent: 1 })),
    ],
    ['headings in items', '<ul><li><h2>a</h2></li></ul>', doc(h2('a', { list: 'bullet' }))],
    [
      'checkboxes',
      '<ul><li><label><input type="checkbox" checked> a</label></li><li><p><input type=checkbox>b</p></li></ul>',
      doc(done('a'), task('b')),
    ],
    [
      'Google Docs checklists',
      '<ul><li role="checkbox" aria-checked="true"><p>a</p></li></ul>',
      doc(done('a')),
    ],
    ['quotes', '<blockquote><p>a</p>b</blockquote>', doc(quote('a'), quote('b'))],
    [
      'alignment',
      '<div style="text-align: CENTER"><p>a</p><p align="right">b</p></div>',
      doc(p('a', { align: 'center' }), p('b', { align: 'right' })),
    ],
    [
      'margins',
      '<p style="margin-left: 36pt">a</p><p style="margin-left:96px">b</p>',
      doc(p('a', { indent: 1 }), p('b', { indent: 2 })),
    ],
    ['tables, cell by cell', '<table><tr><td>a</td><td>b</td></tr></table>', doc(p('a'), p('b'))],
    [
      'tags of marks',
      '<b>a</b><em>b</em><ins>c</ins><del>d</del><kbd>e</kbd>',
      doc(p('<b>a</b><i>b</i><u>c</u><s>d</s><code>e</code>')),
    ],
    [
      'styles of marks',
      '<span style="font-weight:700">a</span><span style="font-style:italic;text-decoration:underline line-through">b</span>',
      doc(p('<b>a</b><i><u><s>b</s></u></i>')),
    ],
    [
      'bold taken back',
      '<b style="font-weight:normal"><p>a</p><p><b>b</b></p></b>',
      doc(p('a'), p('<b>b</b>')),
    ],
    [
      'links around blocks',
      '<a href="https://a.example"><p>a</p></a>',
      doc(p('<a href="https://a.example">a</a>')),
    ],
    [
      'links that run code',
      '<a href="javascript:alert(1)">a</a><a href=" java\nscript:x">b</a><a href="/c">c</a>',
      doc(p('abc')),
    ],
    [
      'what is not text',
      '<script>x</script><style>x</style><template>x</template><p hidden>x</p><p style="display:none">x</p>' +
        '<svg><style>x</style><text>x</text></svg><math><mi>x</mi></math><noembed>x</noembed>' +
        '<datalist><option>x</option></datalist><p>a</p><p hidden="until-found">b</p>',
      doc(p('a'), p('b')),
    ],
    [
      "the editor's own elements",
      '<p data-style="title">a</p><h1 data-style="heading1" data-list="task" data-checked="true" data-indent="2">b</h1>',
      doc(title('a'), h1('b', { list: 'task', checked: true, indent: 2 })),
    ],
  ]
  it.each(cases)('understands %s', (_, html, expected) => {
    expect(read(html)).toEqual(expected.toJSON())
  })
})

const CLIPBOARD =
  process.env['CODRAFT_CLIPBOARD_SAMPLES'] ?? join(import.meta.dirname, '../../../shared/data/clipboard')
const sample = (name: string) => read(readFileSync(`${CLIPBOARD}/google-docs-${name}.html`, 'utf8'))

describe.skipIf(!existsSync(`${CLIPBOARD}/google-docs-lists-mixed-list.html`))(
  'reading what Google Docs puts on the clipboard (CODRAFT_CLIPBOARD_SAMPLES names the folder of samples)',
  () => {
    it('keeps the levels and kinds of a mixed list', () => {
      expect(sample('lists-mixed-list')).toEqual(
        doc(
          ol('1'),
          ul('A', { indent: 1 }),
          ol('1', { indent: 2 }),
          ol('2'),
          ol('3'),
          ul('A', { indent: 1 }),
          ul('B', { indent: 1 }),
          ul('A'),
          ol('1', { indent: 1 }),
          ol('2', { indent: 1 }),
        ).toJSON(),
      )
    })

    it('makes nothing bold', () => {
      expect(sample('bold-wrapper-simple-text')).toEqual(doc(p('Hello world')).toJSON())
    })

    it('keeps empty paragraphs', () => {
      expect(sample('br-paragraph-simple-paragraphs')).toEqual(doc(p(), h1('A'), p(), p('B'), p()).toJSON())
    })
  },
)
