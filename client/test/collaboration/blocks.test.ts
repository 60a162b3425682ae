// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { code, doc, figure, h1, math, p, pageBreak, rule } from '../../../document/test/language.ts'
import { textOf } from '../../../document/text-form/index.ts'
import { toggleCodeBlock } from '../../editor/code-commands.ts'
import { setStyle } from '../../editor/paragraph-commands.ts'
import { exchange, Peer } from './peers.ts'
import { textForm } from './text-form.ts'
import { xmlFormOf } from './xml-form.ts'

/** What somebody changes in the shared document by doing something: the keys of entries, null for content. */
function changedBy(peer: Peer, act: () => unknown): (string | null)[] {
  const changed: (string | null)[] = []
  const onTransaction = (yTransaction: Y.Transaction): void => {
    for (const keys of yTransaction.changed.values()) changed.push(...keys)
  }
  peer.doc.on('afterTransaction', onTransaction)
  act()
  peer.doc.off('afterTransaction', onTransaction)
  return changed
}

describe.each([
  ['text', textForm(schema)],
  ['tree', xmlFormOf(schema)],
])('in the form of a %s', (_, form) => {
  it('all blocks, and images in lines, come to others as they are', () => {
    const [alice, bob] = [new Peer(form), new Peer(form)]
    const blocks = doc(
      p('a<img 1.png>b'),
      code('if\n  <b>a</b>', 'js'),
      math('x^2'),
      figure('2.png', 'A <i>cat</i>', { alt: 'Cat', width: 300, align: 'center' }),
      rule(),
      pageBreak(),
      p('end'),
    )
    alice.dispatch((tr) => tr.replaceWith(0, tr.doc.content.size, blocks.content))
    exchange(alice, bob)
    for (const someone of [alice, bob]) {
      expect(someone.state.doc.toJSON()).toEqual(blocks.toJSON())
      expect(form.read(someone.doc).toJSON()).toEqual(blocks.toJSON())
      someone.close()
    }
  })

  it.each<Record<string, unknown>>([
    { src: 'javascript:alert(1)', alt: { x: 1 }, width: 'wide', height: -1, align: 'justify' },
    { src: ['https://example.org/a.png'], alt: 7, width: 1e300, language: { x: 1 } },
    { src: null, alt: true, height: [], align: 3, language: 'a"b' },
  ])('attributes of others that mean nothing are shown as none, and left alone: %j', (attributes) => {
    const [alice, bob] = [new Peer(form), new Peer(form)]
    const { src, alt, width, height, align, language } = attributes
    alice.dispatch((tr) =>
      tr.replaceWith(0, tr.doc.content.size, [
        schema.node('image', { src, alt, width, height, align }, schema.text('cat')),
        schema.node('code_block', { language }, schema.text('code')),
        schema.node('paragraph', null, [
          schema.node('inline_image', { src, alt, width, height }),
          schema.text('a'),
        ]),
      ]),
    )
    const before = bob.sent
    exchange(alice, bob)
    expect(bob.state.doc.textContent).toBe('catcodea')
    expect(bob.problems).toEqual([])
    expect(bob.sent).toBe(before)
    bob.select(1).type('a ')
    exchange(alice, bob)
    expect(alice.state.doc.textContent).toBe('a catcodea')
    expect(alice.state.doc.firstChild?.attrs['src']).toEqual(src)
    for (const someone of [alice, bob]) someone.close()
  })
})

describe('in the form of a text', () => {
  const form = textForm(schema)

  it('a paragraph becomes code, and a heading, by one entry each, and nothing of its text is written', () => {
    const alice = new Peer(form)
    alice.dispatch((tr) =>
      tr.replaceWith(0, tr.doc.content.size, doc(p('a'), h1('some <b>text</b>'), p('b')).content),
    )
    alice.select(5)
    expect(changedBy(alice, () => alice.run(toggleCodeBlock))).toEqual(['kind'])
    expect(alice.state.doc.toJSON()).toEqual(doc(p('a'), code('some <b>text</b>'), p('b')).toJSON())
    // The style that it had is still there.
    expect(changedBy(alice, () => alice.run(setStyle('heading1')))).toEqual(['kind'])
    expect(alice.state.doc.toJSON()).toEqual(doc(p('a'), h1('some <b>text</b>'), p('b')).toJSON())
    alice.close()
  })

  it('what others type in paragraphs while they become one block of code stays', () => {
    const alice = new Peer(form)
    alice.dispatch((tr) => tr.replaceWith(0, tr.doc.content.size, doc(p('one'), p('two')).content))
    const bob = new Peer(form, Y.encodeStateAsUpdate(alice.doc))
    bob.select(4).type('!').select(8).type('-')
    alice.select(1, 8)
    alice.run(toggleCodeBlock)
    exchange(alice, bob)
    expect(alice.state.doc.toJSON()).toEqual(doc(code('one!\nt-wo')).toJSON())
    expect(bob.state.doc.toJSON()).toEqual(alice.state.doc.toJSON())
    for (const someone of [alice, bob]) someone.close()
  })

  it('an image in a line is what the form says it is', () => {
    const alice = new Peer(form)
    alice.select(1).dispatch((tr) => tr.replaceSelectionWith(doc(p('<img 1.png>')).child(0).child(0), false))
    expect(textOf(alice.doc).toDelta()).toContainEqual({
      insert: { kind: 'image', src: 'https://example.org/1.png', alt: null, width: null, height: null },
    })
    alice.close()
  })
})
