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

const inline = fc.array(
  fc.tuple(text, marks).map(([content, set]) => schema.text(content, set)),
  {
    maxLength: 4,
  },
)

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

/** Any document of at least one block, as writers can make it. */
export const arbitraryDocument: fc.Arbitrary<Node> = fc
  .array(fc.oneof({ weight: 9, arbitrary: paragraph }, fc.constant(schema.node('rule'))), {
    minLength: 1,
    maxLength: 8,
  })
  .map((blocks) => doc(...blocks))
