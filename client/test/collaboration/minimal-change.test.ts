import * as fc from 'fast-check'
import type { Node } from 'prosemirror-model'
import { EditorState } from 'prosemirror-state'
import { AttrStep, AddMarkStep, RemoveMarkStep } from 'prosemirror-transform'
import { describe, expect, it } from 'vitest'
import { changeTo } from '../../collaboration/minimal-change.ts'
import { textDiff } from '../../collaboration/text-diff.ts'
import { testSchema as schema } from './test-schema.ts'

const marks = fc.subarray([schema.mark('strong'), schema.mark('em'), schema.mark('comment', { id: 1 })])
const inline: fc.Arbitrary<Node> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom('a', 'aa', 'b c', '😀'), marks).map(([t, m]) => schema.text(t, m)),
  },
  { weight: 1, arbitrary: fc.constantFrom('x', 'y').map((src) => schema.node('image', { src })) },
)
const textblock: fc.Arbitrary<Node> = fc
  .tuple(
    fc.constantFrom<[string, Record<string, unknown>]>(
      ['paragraph', { align: null }],
      ['paragraph', { align: 'right' }],
      ['heading', { level: 1 }],
      ['heading', { level: 2 }],
    ),
    fc.array(inline, { maxLength: 4 }),
  )
  .map(([[name, attrs], content]) => schema.node(name, attrs, content))
const block: fc.Arbitrary<Node> = fc.oneof(
  { weight: 5, arbitrary: textblock },
  { weight: 1, arbitrary: fc.constant(schema.node('rule')) },
  {
    weight: 2,
    arbitrary: fc
      .array(textblock, { minLength: 1, maxLength: 3 })
      .map((content) => schema.node('quote', null, content)),
  },
)
const document = fc.array(block, { maxLength: 5 }).map((content) => schema.node('doc', null, content))

function paragraph(text: string, align: string | null = null): Node {
  return schema.node('paragraph', { align }, text === '' ? [] : [schema.text(text)])
}

/** 300 paragraphs. */
function numbered(align: string | null): Node[] {
  return Array.from({ length: 300 }, (_, i) => paragraph(`${i}`, align))
}

describe('the change from one document to another', () => {
  it('arrives at it, whatever the two are', () => {
    fc.assert(
      fc.property(document, document, (from, to) => {
        const { doc } = changeTo(EditorState.create({ doc: from }), to)
        expect(doc.toJSON()).toEqual(to.toJSON())
      }),
      { numRuns: 1_000 },
    )
  })

  it('is nothing where they are equal', () => {
    const doc = schema.node('doc', null, [paragraph('a')])
    expect(changeTo(EditorState.create({ doc }), schema.node('doc', null, [paragraph('a')])).steps).toEqual(
      [],
    )
  })

  it('of attributes and marks replaces no text', () => {
    const from = schema.node('doc', null, [
      schema.node('paragraph', null, [schema.text('one', [schema.mark('em')]), schema.text(' two')]),
    ])
    const to = schema.node('doc', null, [
      schema.node('paragraph', { align: 'right' }, [
        schema.text('one '),
        schema.text('two', [schema.mark('strong')]),
      ]),
    ])
    const { steps } = changeTo(EditorState.create({ doc: from }), to)
    expect(steps.map(({ constructor }) => constructor)).toEqual([AttrStep, RemoveMarkStep, AddMarkStep])
  })

  it('in several places leaves what lies between them', () => {
    const from = schema.node('doc', null, [paragraph('one'), paragraph('two'), paragraph('three four five')])
    const to = schema.node('doc', null, [paragraph('!one'), paragraph('two'), paragraph('3 four 5')])
    const { mapping } = changeTo(EditorState.create({ doc: from }), to)
    const between = [
      ...Array.from({ length: 5 }, (_, i) => 6 + i),
      ...Array.from({ length: 5 }, (_, i) => 17 + i),
    ]
    expect(between.filter((position) => mapping.mapResult(position).deleted)).toEqual([])
  })

  it('of very many neighbours is one step', () => {
    const state = EditorState.create({ doc: schema.node('doc', null, numbered(null)) })
    const tr = changeTo(state, schema.node('doc', null, numbered('right')))
    expect(tr.steps).toHaveLength(1)
    expect(tr.doc.lastChild?.attrs['align']).toBe('right')
  })
})

describe('the difference of two texts', () => {
  it('makes the one of the other', () => {
    const text = fc
      .array(fc.constantFrom('one', 'two', ' ', 'a', '😀', '-'), { maxLength: 12 })
      .map((t) => t.join(''))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const made = textDiff(before, after).reduceRight(
          (now, { index, remove, insert }) => now.slice(0, index) + insert + now.slice(index + remove),
          before,
        )
        expect(made).toBe(after)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is as many changes as there are places', () => {
    expect(textDiff('one two three', '1 two 3')).toEqual([
      { index: 0, remove: 3, insert: '1' },
      { index: 8, remove: 5, insert: '3' },
    ])
    expect(textDiff('aa', 'aaa')).toEqual([{ index: 2, remove: 0, insert: 'a' }])
    expect(textDiff('same', 'same')).toEqual([])
  })
})
