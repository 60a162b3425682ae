import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../schema/schema.ts'
import { readTextDocument, textOf } from '../../text-form/index.ts'
import { doc, h1, p, rule } from '../language.ts'
import { arbitraryGarbage, writeGarbage } from './garbage.ts'

/** A text made of strings and of markers with these entries. */
function textWith(...parts: readonly (string | Readonly<Record<string, unknown>>)[]): Y.Text {
  const text = textOf(new Y.Doc())
  for (const part of parts) {
    if (typeof part === 'string') text.insert(text.length, part)
    else text.insertEmbed(text.length, new Y.Map(Object.entries(part)))
  }
  return text
}

function read(text: Y.Text): unknown {
  const updates: Uint8Array[] = []
  text.doc?.on('update', (update: Uint8Array) => updates.push(update))
  const document = readTextDocument(text, schema)
  document.check()
  expect(updates).toEqual([])
  return document.toJSON()
}

describe('reading a text', () => {
  it('draws a block from each marker to the next', () => {
    const text = textWith({ style: 'heading1' }, 'Title', {}, 'Text', { kind: 'rule' }, {}, '')
    expect(read(text)).toEqual(doc(h1('Title'), p('Text'), rule(), p()).toJSON())
  })

  it('draws text before the first marker as a paragraph', () => {
    expect(read(textWith('stray', {}, 'x'))).toEqual(doc(p('stray'), p('x')).toJSON())
    expect(read(textWith())).toEqual(doc(p()).toJSON())
  })

  it('draws text behind a rule as a paragraph', () => {
    expect(read(textWith({ kind: 'rule' }, 'stray'))).toEqual(doc(rule(), p('stray')).toJSON())
  })

  it('draws marks, those of one kind that overlap too', () => {
    const text = textWith({}, 'one two')
    text.format(1, 3, { bold: true, link: { href: 'https://example.org' } })
    text.format(5, 3, { italic: true, 'comment:1': true, unknown: { x: 1 } })
    expect(read(text)).toEqual(doc(p('<a href="https://example.org"><b>one</b></a> <i>two</i>')).toJSON())
  })

  it('reads what it does not know as a paragraph with all its text', () => {
    expect(read(textWith({ kind: 'carousel', speed: 9, style: 'heading1' }, 'x'))).toEqual(
      doc(h1('x')).toJSON(),
    )
    expect(read(textWith({ kind: 7 }, 'x'))).toEqual(doc(p('x')).toJSON())
  })

  it('reads shared types and NaN in the place of attributes as the default', () => {
    const text = textWith({ style: Number.NaN, list: new Uint8Array(3) }, 'x')
    expect(read(text)).toEqual(doc(p('x')).toJSON())
    const nested = textWith({}, 'x')
    const [marker] = nested.toDelta().map(({ insert }: { readonly insert: unknown }) => insert)
    marker.set('style', new Y.Map())
    expect(read(nested)).toEqual(doc(p('x')).toJSON())
  })

  it('reads what is nested too deep as absent', () => {
    const depth = 20_000
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
    const text = textWith({ style: deep }, 'x')
    text.format(1, 1, { bold: true, link: { href: deep }, unknown: deep })
    text.insertEmbed(2, { kind: 'image', src: deep })
    expect(readTextDocument(text, schema).textContent).toBe('x')
  })
})

it('shows all the text of whatever anybody wrote, and writes nothing', () => {
  fc.assert(
    fc.property(fc.array(arbitraryGarbage, { maxLength: 20 }), (parts) => {
      const garbage = new Y.Doc()
      for (const part of parts) writeGarbage(garbage, part)
      const copy = new Y.Doc()
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(garbage))
      read(textOf(copy))
      expect(readTextDocument(textOf(copy), schema).textContent).toBe(textOf(copy).toJSON())
    }),
    { numRuns: 500 },
  )
})
