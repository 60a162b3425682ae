// @vitest-environment jsdom
import * as fc from 'fast-check'
import type { Node } from 'prosemirror-model'
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { doc, h1, p, rule, table, td, tr } from '../../../document/test/language.ts'
import { readTextDocument, textOf } from '../../../document/text-form/index.ts'
import { splitParagraph } from '../../editor/enter.ts'
import { createTextBinding } from '../../collaboration/text-binding.ts'
import { exchange, Peer, type BindingForm } from './peers.ts'

/** Without a seed: the text has no marker until somebody writes one. */
const unseeded: BindingForm = {
  bind: (yDoc) => createTextBinding({ text: textOf(yDoc), schema }),
  read: (yDoc) => readTextDocument(textOf(yDoc), schema),
}

const peers: Peer[] = []

function join(): Peer {
  const peer = new Peer(unseeded)
  peers.push(peer)
  return peer
}

/** What everybody's editor shows, and what a fresh reading shows. */
function shown(peer: Peer): Node[] {
  const other = join()
  exchange(peer, other)
  return [peer, other].flatMap(({ state, doc: yDoc }) => [state.doc, unseeded.read(yDoc)])
}

function everywhere(document: Node): Node[] {
  return Array.from({ length: 4 }, () => document)
}

afterEach(() => {
  for (const peer of peers.splice(0)) peer.close()
})

const blocks = fc.array(fc.constantFrom(p(), p('x'), h1(), h1('y'), rule()), { minLength: 1, maxLength: 4 })

describe('a text without a marker', () => {
  it('holds whatever takes the place of all', () => {
    fc.assert(
      fc.property(fc.array(blocks, { minLength: 1, maxLength: 3 }), (documents) => {
        const peer = join()
        for (const content of documents) {
          peer.dispatch((change) => change.replaceWith(0, change.doc.content.size, content))
          expect(shown(peer)).toEqual(everywhere(doc(...content)))
        }
      }),
    )
  })

  it('keeps an empty paragraph in front of one that is inserted', () => {
    const peer = join()
    peer.dispatch((change) => change.insert(2, h1('behind')))
    expect(shown(peer)).toEqual(everywhere(doc(p(), h1('behind'))))
  })

  it('keeps the empty paragraph that it is split off', () => {
    const peer = join()
    peer.select(1).type('one')
    peer.select(1).run(splitParagraph)
    expect(shown(peer)).toEqual(everywhere(doc(p(), p('one'))))
  })

  it('keeps its empty paragraph when all of it is deleted and another follows', () => {
    const peer = join()
    textOf(peer.doc).insert(0, 'one')
    textOf(peer.doc).insertEmbed(3, new Y.Map())
    textOf(peer.doc).insert(4, 'two')
    peer.dispatch((change) => change.delete(1, 4))
    expect(shown(peer)).toEqual(everywhere(doc(p(), p('two'))))
  })
})

describe('a state that an embedder gives the view', () => {
  it.each([
    ['with an empty paragraph first', doc(p(), p('x'))],
    ['with empty paragraphs only', doc(p(), p())],
    ['with a cell that begins so', doc(table(tr(td([p(), h1('x')]), td([p(), p()]))))],
  ])('is written %s', (_name, document) => {
    const peer = join()
    const { state, view } = peer
    view.updateState(state.apply(state.tr.replaceWith(0, state.doc.content.size, document.content)))
    expect(shown(peer)).toEqual(everywhere(document))
  })
})

describe('a cell of a new table', () => {
  it('holds whatever is in it, an empty paragraph first too', () => {
    fc.assert(
      fc.property(blocks, blocks, (one, two) => {
        const peer = join()
        const content = doc(table(tr(td(one), td(two))))
        peer.dispatch((change) => change.replaceWith(0, change.doc.content.size, content.content))
        expect(shown(peer)).toEqual(everywhere(content))
      }),
    )
  })

  it('holds what is pasted into it while it has no text', () => {
    fc.assert(
      fc.property(blocks, (content) => {
        const peer = join()
        peer.dispatch((change) => change.replaceWith(0, change.doc.content.size, table(tr(td(), td()))))
        peer.dispatch((change) => change.replaceWith(3, 5, content))
        expect(shown(peer)).toEqual(everywhere(doc(table(tr(td(content), td())))))
      }),
    )
  })
})

describe('text behind a rule, which a merge has left there', () => {
  it.each([
    ['two blocks', [h1('@'), p('@')]],
    ['a block', [p('@')]],
    ['a rule between two', [h1('a'), rule(), p('b')]],
    ['a rule and a block', [rule(), p('c')]],
    ['two rules', [rule(), rule()]],
  ])('goes when all is replaced by %s', (_, content) => {
    const peer = join()
    for (const text of ['', 'stray']) {
      const length = textOf(peer.doc).length
      textOf(peer.doc).insertEmbed(length, new Y.Map([['kind', 'rule']]))
      textOf(peer.doc).insert(length + 1, text)
    }
    peer.dispatch((change) => change.replaceWith(0, change.doc.content.size, content))
    expect(shown(peer)).toEqual(everywhere(doc(...content)))
  })
})
