import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { importDocument, IMPORT_SOURCES } from '../../import/index.ts'
import { schema } from '../../schema/schema.ts'
import { readTextDocument, seed, textOf, writeTextDocument } from '../../text-form/index.ts'
import { doc, h1, h2, ol, p, quote, rule, task, done, ul } from '../language.ts'
import { codeBlock, fixture, image, inWords, table, td, th } from './import-language.ts'

describe('a document of y-prosemirror', () => {
  const minutes = doc(
    h1('Minutes'),
    p(
      'A <b>bold</b> and <b><i>slanted</i></b> word, <code>code</code>, <a href="https://example.org/">a link</a>\nnext line',
    ),
    p('one both two'),
    quote('Quoted'),
    h2('Quoted heading'),
    ul('first'),
    p('still first', { indent: 1 }),
    ol('numbered', { indent: 1 }),
    ul('second'),
    codeBlock(null, 'let a = 1\nlet b'),
    rule(),
    schema.node('paragraph', null, [
      schema.text('see '),
      schema.node('inline_image', { src: 'https://example.org/a.png', alt: 'A' }),
      schema.text(' here'),
    ]),
    table(
      [th({ colwidth: [100] }, p('Name')), th({ colwidth: [50] }, p('Age'))],
      [td({ colspan: 2, colwidth: [100, 50] }, p('Ada'), ul('in a cell'))],
    ),
    p(),
  )

  it('keeps its text and structure, and says what it has no counterpart for', () => {
    expect(inWords(importDocument(fixture('y-prosemirror.bin'), 'y-prosemirror'))).toEqual({
      blocks: minutes.toJSON().content,
      losses: [
        'comment ×4: dropped, its text is kept',
        'blockquote around a heading ×1: dropped',
        'start of ordered_list ×1: numbered from 1',
      ],
    })
  })

  it("is read in Yjs's second encoding too", () => {
    const { document } = importDocument(fixture('y-prosemirror.v2.bin'), 'y-prosemirror')
    expect(document.toJSON()).toEqual(minutes.toJSON())
  })
})

it("a document of Tiptap's keeps its text and structure, and says what it has no counterpart for", () => {
  expect(inWords(importDocument(fixture('tiptap.bin'), 'tiptap'))).toEqual({
    blocks: doc(
      h2('Plan', { align: 'center' }),
      p(
        'Read <b><u>this</u></b> and <i><s>that</s></i> or <code>code</code> <a href="https://example.org/x">here</a>\nred lit asks @Ada',
      ),
      ul('one'),
      ul('one a', { indent: 1 }),
      ol('three'),
      ol('four'),
      done('done'),
      task('open'),
      done('below', { indent: 1 }),
      quote('Said'),
      quote('quoted item', { list: 'bullet' }),
      codeBlock('js', 'a()\nb()'),
      rule(),
      image({ src: 'https://example.org/i.png', alt: 'I', width: 320 }),
      table([th({}, p('H1')), th({}, p('H2'))], [td({}, p('c1')), td({}, p('c2'))]),
      p('The end', { align: 'right' }),
    ).toJSON().content,
    losses: [
      'textStyle ×1: dropped, its text is kept',
      'highlight ×1: dropped, its text is kept',
      'mention ×1: kept as text',
      'start of orderedList ×1: numbered from 1',
      'title of image ×1: dropped',
    ],
  })
})

it("a document of BlockNote's keeps its text and structure, and says what it has no counterpart for", () => {
  expect(inWords(importDocument(fixture('blocknote.bin'), 'blocknote'))).toEqual({
    blocks: doc(
      h1('Trip', { align: 'center' }),
      p(
        '<b><i>Bold</i></b> red <a href="https://example.org/">site</a><code> end</code>\n<code>new line</code>',
      ),
      ul('pack'),
      ul('socks', { indent: 1 }),
      p('under pack', { indent: 1 }),
      ol('go'),
      ol('return'),
      done('tickets'),
      ul('more'),
      p('hidden', { indent: 1 }),
      quote('Be bold'),
      codeBlock('javascript', 'let a'),
      rule(),
      image({ src: 'https://example.org/p.png', alt: 'p.png', width: 200 }, 'The sea'),
      p('<a href="https://example.org/plan.pdf">plan.pdf</a>'),
      table([th({}, p('Day')), th({}, p('Place'))], [td({}, p('1')), td({}, p('Rome'))]),
      p('Bye', { align: 'right' }),
    ).toJSON().content,
    losses: [
      'textColor ×1: dropped, its text is kept',
      'toggleListItem ×1: kept as a bullet',
      'file ×1: kept as a link',
      'backgroundColor of paragraph ×1: dropped',
    ],
  })
})

it.each(IMPORT_SOURCES)('a document of %s is the same after it was written as a text', (source) => {
  const { document } = importDocument(fixture(`${source}.bin`), source)
  const stored = new Y.Doc()
  seed(stored)
  writeTextDocument(textOf(stored), document)
  expect(readTextDocument(textOf(stored), schema).toJSON()).toEqual(document.toJSON())
})
