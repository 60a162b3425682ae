import fc from 'fast-check'
import type { Node } from 'prosemirror-model'
import { ALIGNMENTS, LIST_KINDS, MAX_INDENT, PARAGRAPH_STYLES, schema } from '../index.ts'
import { doc, table, td, th, tr } from './language.ts'

/** Texts with all that HTML treats specially: runs of white space, line breaks, what must be escaped. */
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'é', '😀', ' ', ' ', '\n', '\t', '\u00a0', '<', '&', '"', '#'),
  minLength: 1,
  maxLength: 8,
})

const marks = fc
  .subarray(['bold', 'italic', 'underline', 'strike', 'code'])
  .chain((names) =>
    fc
      .option(fc.constantFrom('https://example.org/?a=1&b="2"', 'mailto:ada@example.org', 'tel:+4912345'))
      .map((href) => [
        ...(href === null ? [] : [schema.mark('link', { href })]),
        ...names.map((name) => schema.mark(name)),
      ]),
  )

const imageAttributes = fc.record({
  src: fc.option(fc.constantFrom('https://example.org/a.png?b=1&c="2"', 'http://localhost/d')),
  alt: fc.option(fc.constantFrom('a cat', '"<&')),
  width: fc.option(fc.integer({ min: 2, max: 10_000 })),
  height: fc.option(fc.integer({ min: 2, max: 10_000 })),
})

const run = fc.tuple(text, marks).map(([content, set]) => schema.text(content, set))
// Without marks: y-prosemirror's tree has no place for them.
const inlineImage = imageAttributes.map((attributes) => schema.node('inline_image', attributes))

const inline = fc.array(fc.oneof({ weight: 6, arbitrary: run }, inlineImage), { maxLength: 4 })

const paragraph = fc
  .record({
    style: fc.oneof({ weight: 3, arbitrary: fc.constant('normal') }, fc.constantFrom(...PARAGRAPH_STYLES)),
    list: fc.option(fc.constantFrom(...LIST_KINDS), { freq: 2 }),
    checked: fc.boolean(),
    indent: fc.oneof(fc.constantFrom(0, 0, 1, 2), fc.nat(MAX_INDENT)),
    align: fc.option(fc.constantFrom(...ALIGNMENTS), { freq: 1 }),
  })
  .map((attributes) => ({ ...attributes, checked: attributes.checked && attributes.list === 'task' }))
  .chain((attributes) => inline.map((content) => schema.node('paragraph', attributes, content)))

const code = fc
  .tuple(fc.constantFrom(null, 'js', 'c++'), inline)
  .map(([language, content]) => schema.node('code_block', { language }, content))
const math = inline.map((content) => schema.node('math_block', null, content))
const image = fc
  .tuple(imageAttributes, fc.constantFrom(null, 'left', 'center', 'right'), inline)
  .map(([attributes, align, caption]) => schema.node('image', { ...attributes, align }, caption))
const leaf = fc.constantFrom(schema.node('rule'), schema.node('page_break'))

const block = fc.oneof({ weight: 9, arbitrary: paragraph }, code, math, image, leaf)

/** Tables in which cells are merged, each at most once, and columns have widths. */
const arbitraryTable = fc
  .record({
    height: fc.integer({ min: 1, max: 3 }),
    width: fc.integer({ min: 1, max: 3 }),
    merge: fc.record({ row: fc.nat(2), column: fc.nat(2), rowspan: fc.nat(2), colspan: fc.nat(2) }),
    headings: fc.boolean(),
    widths: fc.array(fc.constantFrom(0, 0, 1, 80), { minLength: 3, maxLength: 3 }),
  })
  .chain(({ height, width, merge, headings, widths }) =>
    fc
      .array(fc.array(block, { minLength: 1, maxLength: 2 }), { minLength: 9, maxLength: 9 })
      .map((contents) => {
        const [top, left] = [merge.row % height, merge.column % width]
        const rowspan = Math.min(merge.rowspan + 1, height - top)
        const colspan = Math.min(merge.colspan + 1, width - left)
        const isMerged = (r: number, c: number) =>
          r >= top && r < top + rowspan && c >= left && c < left + colspan
        const cellAt = (r: number, c: number): Node[] => {
          const isCorner = r === top && c === left
          if (isMerged(r, c) && !isCorner) return []
          const span = isCorner ? colspan : 1
          const own = widths.slice(c, c + span)
          const attributes = {
            ...(isCorner && { rowspan, colspan }),
            ...(own.some((each) => each > 0) && { colwidth: own }),
          }
          return [(headings && r === 0 ? th : td)(contents[r * 3 + c], attributes)]
        }
        const rows = Array.from({ length: height }, (_, r) =>
          tr(...Array.from({ length: width }, (__, c) => cellAt(r, c)).flat()),
        )
        return table(...rows)
      }),
  )

/** Any document of at least one block, as writers can make it. */
export const arbitraryDocument: fc.Arbitrary<Node> = fc
  .array(fc.oneof({ weight: 7, arbitrary: block }, { weight: 1, arbitrary: arbitraryTable }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((blocks) => doc(...blocks))
