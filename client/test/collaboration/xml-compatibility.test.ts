// @vitest-environment jsdom
import { EditorState } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { initProseMirrorDoc, prosemirrorToYXmlFragment, ySyncPlugin } from 'y-prosemirror'
import * as Y from 'yjs'
import { IncompatibleDocumentError } from '../../collaboration/binding.ts'
import { Peer, exchange } from './peers.ts'
import { testSchema } from './test-schema.ts'
import { fragmentOf, xmlForm } from './xml-form.ts'

function paragraphs(...texts: readonly string[]): Y.XmlElement[] {
  return texts.map((text) => {
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(text)])
    return paragraph
  })
}

function element(name: string, ...children: (Y.XmlElement | Y.XmlText)[]): Y.XmlElement {
  const made = new Y.XmlElement(name)
  made.insert(0, children)
  return made
}

/** A change that the test schema does not allow, by its name. */
const incompatible: Readonly<Record<string, (fragment: Y.XmlFragment) => void>> = {
  'an unknown node': (fragment) => fragment.insert(1, [element('callout', new Y.XmlText('x'))]),
  'an unknown node within a known one': (fragment) =>
    fragment.insert(1, [element('quote', ...paragraphs('a'), element('callout'))]),
  'a known node where it cannot be': (fragment) =>
    fragment.insert(1, [element('paragraph', element('quote'))]),
  'an unknown mark': (fragment) => textOf(fragment).format(1, 2, { highlight: {} }),
  'an embedded object': (fragment) => textOf(fragment).insertEmbed(1, { image: 'x' }),
  'text outside of a paragraph': (fragment) => fragment.insert(1, [new Y.XmlText('x')]),
  'a mark without what it needs': (fragment) => textOf(fragment).format(1, 2, { link: {} }),
}

function textOf(fragment: Y.XmlFragment): Y.XmlText {
  const first = fragment.get(0)
  const text: unknown = first instanceof Y.XmlElement ? first.get(0) : null
  if (!(text instanceof Y.XmlText)) throw new TypeError('The first paragraph has no text')
  return text
}

describe('a document that the schema does not know', () => {
  describe.each(Object.entries(incompatible))('with %s', (_name, spoil) => {
    let remote: Y.Doc

    beforeEach(() => {
      remote = new Y.Doc()
      fragmentOf(remote).insert(0, paragraphs('one', 'two'))
    })

    it('is not bound, and not changed', () => {
      spoil(fragmentOf(remote))
      const before = Y.encodeStateAsUpdate(remote)
      expect(() => new Peer(xmlForm, before)).toThrow(IncompatibleDocumentError)
      expect(() => xmlForm.bind(remote, () => undefined)).toThrow(IncompatibleDocumentError)
      expect(Y.encodeStateAsUpdate(remote)).toEqual(before)
    })

    it('is let go of when it becomes one, and not changed', () => {
      const alice = new Peer(xmlForm, Y.encodeStateAsUpdate(remote))
      onTestFinished(() => alice.close())
      spoil(fragmentOf(remote))
      Y.applyUpdate(alice.doc, Y.encodeStateAsUpdate(remote), 'network')
      alice.dispatch((tr) => tr.insertText('x', 1))
      alice.binding.undo()
      expect(alice.problems).toHaveLength(1)
      expect(alice.problems[0]).toBeInstanceOf(IncompatibleDocumentError)
      expect(alice.view.editable).toBe(false)
      expect(alice.sent).toBe(0)
      expect(alice.text).toBe('one|two')
      expect(Y.encodeStateAsUpdate(alice.doc)).toEqual(Y.encodeStateAsUpdate(remote))
    })
  })
})

describe('a document that the schema can make sense of', () => {
  it('keeps attributes that the schema does not know', () => {
    const remote = new Y.Doc()
    const fragment = fragmentOf(remote)
    fragment.insert(0, paragraphs('one'))
    const [paragraph] = fragment.toArray()
    if (!(paragraph instanceof Y.XmlElement)) throw new TypeError('There is no paragraph')
    paragraph.setAttribute('future', 'x')
    const alice = new Peer(xmlForm, Y.encodeStateAsUpdate(remote))
    onTestFinished(() => alice.close())
    alice.dispatch((tr) => tr.insertText('!', 4).setNodeAttribute(0, 'align', 'right'))
    expect(fragmentOf(alice.doc).toJSON()).toBe('<paragraph align="right" future="x">one!</paragraph>')
  })

  it('shows the default of an attribute whose value is none, and leaves the value', () => {
    const remote = new Y.Doc()
    const heading = element('heading', new Y.XmlText('one'))
    heading.setAttribute('level', '<script>')
    fragmentOf(remote).insert(0, [heading])
    const alice = new Peer(xmlForm, Y.encodeStateAsUpdate(remote))
    onTestFinished(() => alice.close())
    expect(alice.state.doc.firstChild?.attrs['level']).toBe(1)
    alice.dispatch((tr) => tr.insertText('!', 4))
    expect(fragmentOf(alice.doc).toJSON()).toContain('level="<script>"')
  })

  it('shows what the schema requires and nobody has written, without writing it', () => {
    const remote = new Y.Doc()
    fragmentOf(remote).insert(0, [element('quote')])
    const alice = new Peer(xmlForm, Y.encodeStateAsUpdate(remote))
    onTestFinished(() => alice.close())
    expect(alice.state.doc.toString()).toBe('doc(quote(paragraph))')
    alice.select(2)
    expect(alice.sent).toBe(0)
    alice.type('x')
    expect(fragmentOf(alice.doc).toJSON()).toBe('<quote><paragraph>x</paragraph></quote>')
  })

  it('shows of two marks that exclude each other the one that both ranks name', () => {
    const [alice, bob] = [new Peer(xmlForm), new Peer(xmlForm)]
    onTestFinished(() => [alice, bob].forEach((peer) => peer.close()))
    alice.select(1).type('word')
    exchange(alice, bob)
    alice.dispatch((tr) => tr.addMark(1, 5, testSchema.mark('strong')))
    bob.dispatch((tr) => tr.addMark(1, 5, testSchema.mark('code')))
    exchange(alice, bob)
    const sent = [alice.sent, bob.sent]
    expect(alice.state.doc.toString()).toBe('doc(paragraph(code("word")))')
    expect(bob.state.doc.toString()).toBe('doc(paragraph(code("word")))')
    alice.dispatch((tr) => tr.removeMark(1, 5))
    exchange(alice, bob)
    expect(bob.state.doc.toString()).toBe('doc(paragraph("word"))')
    expect(bob.sent).toBe(sent[1])
  })
})

describe('with a stock y-prosemirror editor', () => {
  let stock: { readonly doc: Y.Doc; readonly view: EditorView }
  let alice: Peer

  beforeEach(() => {
    const doc = new Y.Doc()
    const content = testSchema.node('doc', null, [
      testSchema.node('paragraph', null, [testSchema.text('one two three')]),
      testSchema.node('heading', { level: 2 }, [testSchema.text('four')]),
    ])
    prosemirrorToYXmlFragment(content, fragmentOf(doc))
    const initial = initProseMirrorDoc(fragmentOf(doc), testSchema)
    stock = {
      doc,
      view: new EditorView(null, {
        state: EditorState.create({
          doc: initial.doc,
          plugins: [ySyncPlugin(fragmentOf(doc), { mapping: initial.mapping })],
        }),
      }),
    }
    alice = new Peer(xmlForm, Y.encodeStateAsUpdate(doc))
  })

  afterEach(() => {
    stock.view.destroy()
    alice.close()
  })

  function sync(): void {
    for (let round = 0; round < 2; round++) {
      Y.applyUpdate(alice.doc, Y.encodeStateAsUpdate(stock.doc), 'network')
      Y.applyUpdate(stock.doc, Y.encodeStateAsUpdate(alice.doc), 'network')
    }
  }

  it('edits the same document', () => {
    stock.view.dispatch(stock.view.state.tr.insertText('zero ', 1))
    alice.dispatch((tr) => tr.addMark(5, 8, testSchema.mark('link', { href: 'x' })))
    alice.dispatch((tr) => tr.split(9))
    sync()
    stock.view.dispatch(stock.view.state.tr.addMark(1, 5, testSchema.mark('comment', { id: 7 })))
    alice.dispatch((tr) => tr.insert(tr.doc.content.size, testSchema.node('rule')))
    sync()
    expect(alice.state.doc.toJSON()).toEqual(stock.view.state.doc.toJSON())
    expect(alice.state.doc.toString()).toBe(
      'doc(paragraph(comment("zero"), " one ", link("two"), " "), paragraph("three"), heading("four"), rule)',
    )
  })

  it('names overlapping marks as it does', () => {
    const mark = testSchema.mark('comment', { id: 7 })
    stock.view.dispatch(stock.view.state.tr.addMark(1, 4, mark))
    alice.dispatch((tr) => tr.addMark(5, 8, mark))
    sync()
    const text = textOf(fragmentOf(alice.doc))
    const names = text.toDelta().flatMap(({ attributes = {} }) => Object.keys(attributes))
    expect(names).toHaveLength(2)
    expect(new Set(names).size).toBe(1)
  })
})
