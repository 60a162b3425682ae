import fc from 'fast-check'
import type { Node } from 'prosemirror-model'
import { ALIGNMENTS, LIST_KINDS, MAX_INDENT, PARAGRAPH_STYLES, schema } from '../index.ts'
import { doc } from './language.ts'

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

/** Any document of at least one block, as writers can make it. */
export const arbitraryDocument: fc.Arbitrary<Node> = fc
  .array(fc.oneof({ weight: 9, arbitrary: paragraph }, code, math, image, leaf), {
    minLength: 1,
    maxLength: 8,
  })
  .map((blocks) => doc(...blocks))
