// @vitest-environment jsdom
import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Node } from 'prosemirror-model'
import { describe, expect, it } from 'vitest'
import { documentFromHtml, documentToHtml, schema } from '../index.ts'
import { arbitraryDocument } from './arbitrary-document.ts'
import {
  code,
  doc,
  done,
  figure,
  h1,
  h2,
  math,
  ol,
  p,
  pageBreak,
  quote,
  rule,
  subtitle,
  table,
  task,
  td,
  th,
  title,
  tr,
  ul,
} from './language.ts'

/** What the HTML is read as, in a form that failed comparisons show well. */
function read(html: string): unknown {
  return documentFromHtml(parse(html)).toJSON()
}

function parse(html: string): HTMLElement {
  return new DOMParser().parseFromString(html, 'text/html').body
}

describe('HTML form', () => {
  it('reads back every document that it writes', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        expect(read(documentToHtml(document))).toEqual(document.toJSON())
      }),
      { numRuns: 200 },
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

  it('writes code and formulas with their lines, and the language', () => {
    expect(documentToHtml(doc(code('if (a) {\n  b()\n}', 'js'), code('\na\n'), code(), math('x^2')))).toBe(
      '<pre><code class="language-js">if (a) {\n  b()\n}</code></pre><pre><code>\na\n\n</code></pre>' +
        '<pre><code></code></pre><pre data-math><code class="language-math">x^2</code></pre>',
    )
  })

  it('writes images with their captions, and in lines', () => {
    const html = documentToHtml(
      doc(
        figure('a.png', 'A <b>cat</b>', { alt: 'Cat', width: 300, height: 200, align: 'center' }),
        figure('b.png'),
        p('see <img c.png>'),
      ),
    )
    expect(html).toBe(
      '<figure style="text-align: center"><img src="https://example.org/a.png" alt="Cat" width="300" height="200">' +
        '<figcaption>A <strong>cat</strong></figcaption></figure>' +
        '<figure><img src="https://example.org/b.png" alt></figure>' +
        '<p>see <img src="https://example.org/c.png" alt></p>',
    )
  })

  it('writes page breaks so that they break pages elsewhere too', () => {
    expect(documentToHtml(doc(p('a'), pageBreak()))).toBe(
      '<p>a</p><hr data-page-break style="page-break-after: always">',
    )
  })

  it('writes tables with head, spans and widths', () => {
    const html = documentToHtml(
      doc(
        table(tr(th('a', { colwidth: [40] }), th('b')), tr(td([ul('c')], { colspan: 2, colwidth: [40, 0] }))),
      ),
    )
    expect(html).toBe(
      '<table><colgroup><col style="width: 40px"><col></colgroup><thead><tr><th><p>a</p></th><th><p>b</p></th></tr></thead>' +
        '<tbody><tr><td colspan="2"><ul><li>c</li></ul></td></tr></tbody></table>',
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
  it('gives up on tables that are larger than a table can be, and keeps their text', () => {
    const row = `<tr>${'<td>a</td>'.repeat(101)}</tr>`
    expect(JSON.stringify(read(`<table>${row.repeat(100)}</table>`))).not.toContain('table')
    const spans = '<tr><td rowspan=1000 colspan=1000>a</td></tr>'.repeat(1000)
    expect(documentFromHtml(parse(`<table>${spans}</table>`)).childCount).toBe(1000)
  })

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
    ['preformatted text', '<pre>a\n  b\n</pre>', doc(code('a\n  b'))],
    [
      'code with a language',
      '<pre><code class="hljs language-c++">a  b\n\tc\n</code></pre><pre lang="js">d</pre>',
      doc(code('a  b\n\tc', 'c++'), code('d', 'js')),
    ],
    [
      'code whose lines are elements',
      '<pre><div>a</div><div><br></div><div><span>b</span> <b>c</b></div>d<br>e</pre>',
      doc(code('a\n\nb <b>c</b>\nd\ne')),
    ],
    [
      'code in items',
      '<ul><li><pre>a</pre></li><li>b<pre>c</pre></li></ul>',
      doc(code('a'), ul('b'), code('c')),
    ],
    [
      'images in lines',
      '<p>a <img src="https://example.org/1.png"> b</p><p><img src="https://example.org/2.png"></p>' +
        '<a href="https://example.org"><img src="https://example.org/3.png"></a>',
      doc(p('a <img 1.png> b'), p('<img 2.png>'), p('<a href="https://example.org"><img 3.png></a>')),
    ],
    [
      'figures',
      '<figure style="text-align:right"><div><img src="https://example.org/1.png" alt=" Cat " width="300" style="height:75pt"></div>' +
        '<figcaption><p>a <i>b</i></p>c</figcaption></figure>',
      doc(figure('1.png', 'a <i>b</i>\nc', { alt: 'Cat', width: 300, height: 100, align: 'right' })),
    ],
    [
      'figures of something else',
      '<figure><pre>a</pre><figcaption>b</figcaption></figure>' +
        '<figure><img src="https://example.org/1.png"><img src="https://example.org/2.png"></figure>',
      doc(code('a'), p('b'), p('<img 1.png><img 2.png>')),
    ],
    [
      'images that cannot be loaded as places with what is read instead',
      '<p><img src="javascript:alert(1)" alt="a"><img src="data:image/png;base64,AAAA" alt="b"></p>' +
        '<figure><img src="file:///C:/c.png"></figure>',
      doc(
        schema.node('paragraph', null, [
          schema.node('inline_image', { alt: 'a' }),
          schema.node('inline_image', { alt: 'b' }),
        ]),
        schema.node('image'),
      ),
    ],
    ['dots that count readers', 'a<img src="https://example.org/" width="1" height="1">', doc(p('a'))],
    [
      "Google Docs', Word's and other page breaks",
      'a<hr style="page-break-before:always;display:none;">' +
        '<p>b</p><br clear="all" style="mso-special-character:line-break;page-break-before:always">' +
        '<h1 style="page-break-before:always">c</h1><hr class="pagebreak"><div style="break-after:page">d</div>',
      doc(p('a'), pageBreak(), p('b'), pageBreak(), pageBreak(), h1('c'), pageBreak(), p('d'), pageBreak()),
    ],
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
    [
      'tables with what is in their cells',
      '<p>a</p><table><tr><th>b</th><td><h1>c</h1><ul><li><b>d</b></li></ul></td></tr></table>',
      doc(p('a'), table(tr(th('b'), td([h1('c'), ul('<b>d</b>')])))),
    ],
    [
      'the parts of tables',
      '<table><caption>a</caption><thead><tr><th>b</th></tr></thead><tfoot><tr><td></td></tr></tfoot></table>',
      doc(p('a'), table(tr(th('b')), tr(td()))),
    ],
    [
      'cells that cover several places',
      '<table><tr><td colspan=2>a</td><td rowspan=0>b</td></tr><tr><td>c</td><td>d</td></tr></table>',
      doc(table(tr(td('a', { colspan: 2 }), td('b', { rowspan: 2 })), tr(td('c'), td('d')))),
    ],
    [
      'rows that are too short, and rows of nothing',
      '<table><tr><td>a</td></tr><tr></tr><tr style="display: none"><td>x</td></tr><tr><td>b</td><td>c</td></tr></table>',
      doc(table(tr(td('a'), td()), tr(td('b'), td('c')))),
    ],
    [
      'absurd spans',
      '<table><tr><td colspan=99999 rowspan=99999>a</td></tr><tr><td>b</td><td colspan="-1">c</td></tr></table>',
      doc(table(tr(td('a', { colspan: 2, rowspan: 2 }), td(), td()), tr(td('b'), td('c')))),
    ],
    [
      'the widths of columns',
      '<table><col width=100><tr><td>a</td><td style="width: 60pt">b</td><td width="50%">c</td></tr></table>',
      doc(table(tr(td('a', { colwidth: [100] }), td('b', { colwidth: [80] }), td('c')))),
    ],
    [
      'tables within tables, cell by cell',
      '<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>',
      doc(table(tr(td([p('a'), p('b')])))),
    ],
    ['tables without cells', '<table><tr></tr></table><p>a</p>', doc(p('a'))],
    [
      'how the text of a row or table looks',
      '<b><table><tr style="text-align: center"><td>a</td></tr></table></b>',
      doc(table(tr(td([p('<b>a</b>', { align: 'center' })])))),
    ],
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

describe.skipIf(!existsSync(`${CLIPBOARD}/word-table-tablecellproperties.html`))(
  'reading what Word puts on the clipboard',
  () => {
    it('keeps a table with its text and merged cells', () => {
      const html = readFileSync(`${CLIPBOARD}/word-table-tablecellproperties.html`, 'utf8')
      const blocks = documentFromHtml(parse(html)).children.filter(({ type }) => type.name === 'table')
      expect(blocks).toHaveLength(1)
    })
  },
)

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
