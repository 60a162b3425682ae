import { describe, expect, it } from 'vitest'
import { schema } from '../../schema/schema.ts'
import { doc, h1, ol, p, quote, task, ul } from '../language.ts'
import { a, codeBlock, image, imported, marked, n, table, td, th } from './import-language.ts'

const cell = (text: string, attributes = {}) => a('tableCell', attributes, n('paragraph', text))
const head = (text: string) => n('tableHeader', n('paragraph', text))

describe('lists', () => {
  it('are flattened, and what comes behind the first paragraph of an item stands under it', () => {
    const items = n(
      'bullet_list',
      n(
        'list_item',
        n('paragraph', 'a'),
        n('paragraph', 'more of a'),
        n('ordered_list', n('list_item', n('paragraph', 'b'))),
      ),
      n('list_item', n('heading', 'c')),
    )
    expect(imported('y-prosemirror', items)).toEqual({
      blocks: doc(
        ul('a'),
        p('more of a', { indent: 1 }),
        ol('b', { indent: 1 }),
        ul('c', { style: 'heading1' }),
      ).toJSON().content,
      losses: [],
    })
  })

  it('have an item also where it is empty, and where it begins with what has no bullet', () => {
    const list = n(
      'bulletList',
      n('listItem'),
      n('listItem', n('codeBlock', 'x'), n('paragraph', 'y')),
      n('listItem', n('bulletList', n('listItem', n('paragraph', 'z')))),
    )
    expect(imported('tiptap', list)).toEqual({
      blocks: doc(ul(), codeBlock(null, 'x'), p('y', { indent: 1 }), ul('z', { indent: 1 })).toJSON().content,
      losses: ['bullet or number of codeBlock ×1: dropped', 'indent of codeBlock ×1: dropped'],
    })
  })

  it('are as deep as ours at most', () => {
    let list = n('bulletList', n('listItem', n('paragraph', 'deep')))
    for (let i = 0; i < 10; i++) list = n('bulletList', n('listItem', n('paragraph', 'x'), list))
    const { blocks, losses } = imported('tiptap', list)
    expect(blocks.at(-1)).toEqual(ul('deep', { indent: 8 }).toJSON())
    expect(losses).toEqual(['indent deeper than 9 levels ×2: kept at the deepest'])
  })

  it('begin with 1, and number on behind another', () => {
    const from3 = a('orderedList', { start: 3 }, n('listItem', n('paragraph', 'c')))
    expect(imported('tiptap', from3, n('orderedList', n('listItem', n('paragraph', 'a')))).losses).toEqual([
      'start of orderedList ×1: numbered from 1',
      'orderedList right behind another ×1: numbered on',
    ])
  })
})

it('quotes are a style of their paragraphs, which headings do not have', () => {
  const content = [n('paragraph', 'a'), n('heading', 'b'), n('codeBlock', 'c')]
  expect(imported('tiptap', n('blockquote', ...content))).toEqual({
    blocks: doc(quote('a'), h1('b'), codeBlock(null, 'c')).toJSON().content,
    losses: ['blockquote around a heading ×1: dropped', 'blockquote around codeBlock ×1: dropped'],
  })
})

describe('what nobody here has heard of', () => {
  it('leaves its text: as paragraphs, or without what was around it', () => {
    const callouts = [n('callout', 'one'), n('callout', 'two'), n('callout', n('b', 'three'))]
    const columns = n('columns', n('column', n('heading', 'left')), n('column', n('paragraph', 'right')))
    expect(imported('tiptap', ...callouts, columns)).toEqual({
      blocks: doc(p('one'), p('two'), p('three'), h1('left'), p('right')).toJSON().content,
      losses: [
        'callout ×2: kept as paragraphs',
        'b ×1: kept as paragraphs',
        'callout ×1: taken apart, its content is kept',
        'column ×2: taken apart, its content is kept',
        'columns ×1: taken apart, its content is kept',
      ],
    })
  })

  it('is left out where it has no text, and linked where it has an address', () => {
    const nodes = [
      n('chart'),
      a('iframe', { src: 'https://example.org/v' }),
      n('paragraph', 'a ', n('sticker'), n('chip', 'b'), a('field', { label: 'c' })),
    ]
    expect(imported('tiptap', ...nodes)).toEqual({
      blocks: doc(p('<a href="https://example.org/v">https://example.org/v</a>'), p('a bc')).toJSON().content,
      losses: [
        'chart ×1: left out',
        'iframe ×1: kept as a link',
        'sticker ×1: left out',
        'chip ×1: kept as text',
        'field ×1: kept as text',
      ],
    })
  })

  it('is not found among what every object has', () => {
    expect(imported('tiptap', n('constructor', 'a'), n('toString', 'b')).blocks).toHaveLength(2)
  })
})

describe('marks', () => {
  it('that cannot be kept leave their text', () => {
    const text = marked('x', { link: { href: '/inside' }, superscript: {}, bold: {} })
    expect(imported('tiptap', n('paragraph', text))).toEqual({
      blocks: doc(p('<b>x</b>')).toJSON().content,
      losses: [
        'link to such an address ×1: dropped, its text is kept',
        'superscript ×1: dropped, its text is kept',
      ],
    })
  })

  it('that overlap others of their name are kept once', () => {
    const links = { 'link--AAAAAAAA': { href: 'https://a.org' }, 'link--BBBBBBBB': { href: 'https://b.org' } }
    expect(imported('y-prosemirror', n('paragraph', marked('x', links)))).toEqual({
      blocks: doc(p('<a href="https://a.org">x</a>')).toJSON().content,
      losses: ['link within another ×1: dropped, its text is kept'],
    })
  })
})

describe('images', () => {
  it('in a line stay there, and their text where they are at no web address', () => {
    const inline = n('paragraph', 'a', a('image', { src: 'https://e.org/a.png', alt: 'A' }), 'b')
    const data = [a('image', { src: 'data:image/png;base64,AA', alt: 'Logo' }), a('image', { src: 'blob:x' })]
    const { blocks, losses } = imported('tiptap', inline, ...data)
    const inlineImage = schema.node('inline_image', { src: 'https://e.org/a.png', alt: 'A' })
    expect(blocks).toEqual([
      schema.node('paragraph', null, [schema.text('a'), inlineImage, schema.text('b')]).toJSON(),
      p('Logo').toJSON(),
    ])
    expect(losses).toEqual([
      'image that is at no web address ×1: kept as text',
      'image that is at no web address ×1: left out',
    ])
  })

  it("of BlockNote's have captions, and other files are links", () => {
    const props = {
      url: 'https://e.org/a.png',
      name: 'a.png',
      caption: 'A',
      previewWidth: 120.4,
      textAlignment: 'center',
    }
    const video = a('video', { url: 'https://e.org/v.mp4', name: '', caption: 'V' })
    expect(imported('blocknote', n('blockContainer', a('image', props)), n('blockContainer', video))).toEqual(
      {
        blocks: doc(
          image({ src: 'https://e.org/a.png', alt: 'a.png', width: 120, align: 'center' }, 'A'),
          p('<a href="https://e.org/v.mp4">V</a>'),
        ).toJSON().content,
        losses: ['video ×1: kept as a link'],
      },
    )
  })
})

describe('tables', () => {
  it('are rectangles, whatever their cells say', () => {
    const rows = [
      n('tableRow', cell('a', { rowspan: 9 }), cell('b', { colspan: -1 })),
      n('tableRow', cell('c', { colspan: '2' }), cell('d')),
    ]
    expect(imported('tiptap', n('table', ...rows)).blocks).toEqual([
      table(
        [td({ rowspan: 2 }, p('a')), td({}, p('b')), td({}, p()), td({}, p())],
        [td({ colspan: 2 }, p('c')), td({}, p('d'))],
      ).toJSON(),
    ])
  })

  it('have headings in whole rows and columns', () => {
    const ofColumn = n('table', n('tableRow', head('a'), cell('b')), n('tableRow', head('c'), cell('d')))
    expect(imported('tiptap', ofColumn)).toEqual({
      blocks: [table([th({}, p('a')), td({}, p('b'))], [th({}, p('c')), td({}, p('d'))]).toJSON()],
      losses: [],
    })
    const single = n('table', n('tableRow', head('a'), cell('b')), n('tableRow', cell('c'), cell('d')))
    expect(imported('tiptap', single)).toEqual({
      blocks: [table([td({}, p('a')), td({}, p('b'))], [td({}, p('c')), td({}, p('d'))]).toJSON()],
      losses: ['heading of a single cell ×1: dropped'],
    })
  })

  it('in tables, too large ones, and captions leave their text', () => {
    const inner = n('table', n('tableRow', cell('in 1'), cell('in 2')))
    const outer = n(
      'table',
      n('caption', 'Caption'),
      n('tableRow', n('tableCell', n('paragraph', 'out'), inner)),
    )
    expect(imported('tiptap', outer)).toEqual({
      blocks: doc(p('Caption'), table([td({}, p('out'), p('in 1'), p('in 2'))])).toJSON().content,
      losses: ['caption ×1: kept as paragraphs', 'table in a table ×1: kept as paragraphs'],
    })
    const large = n('table', ...Array.from({ length: 101 }, () => n('tableRow', cell('x', { colspan: 100 }))))
    expect(imported('tiptap', large).blocks).toHaveLength(101)
    expect(imported('tiptap', n('table', n('tableRow')))).toEqual({
      blocks: [],
      losses: ['table that is empty or too large ×1: kept as paragraphs'],
    })
  })

  it("of BlockNote's align the text in their cells", () => {
    const right = a('tableCell', { textAlignment: 'right' }, n('tableParagraph', 'x'))
    expect(imported('blocknote', n('table', n('tableRow', right))).blocks).toEqual([
      table([td({}, p('x', { align: 'right' }))]).toJSON(),
    ])
  })
})

it("BlockNote's blocks stand under those that they are nested in", () => {
  const nested = n(
    'blockGroup',
    n('blockContainer', n('paragraph', 'b'), n('blockGroup', n('blockContainer', n('checkListItem', 'c')))),
  )
  const top = n(
    'blockGroup',
    n('blockContainer', n('paragraph', 'a'), nested),
    n('blockContainer', n('pageBreak')),
  )
  expect(imported('blocknote', top).blocks).toEqual(
    doc(p('a'), p('b', { indent: 1 }), task('c', { indent: 2 }), schema.node('page_break')).toJSON().content,
  )
})
