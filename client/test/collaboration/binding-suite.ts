import type { Node, Schema } from 'prosemirror-model'
import { AllSelection, Plugin, Selection } from 'prosemirror-state'
import { Decoration, DecorationSet, type NodeViewConstructor } from 'prosemirror-view'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { originOf } from '../../collaboration/change-origin.ts'
import { Peer, exchange, type BindingForm } from './peers.ts'

function failing(message: string): never {
  throw new Error(message)
}

/**
 * What every binding does, whatever the document's form; to be called within a `describe`. The schema has the node `paragraph` with an attribute `align`,
 * `heading`, and the marks `strong`, `em`, `code`, `link` and `comment`; a new document of the form shows one empty paragraph.
 */
export function describeBinding(form: BindingForm, schema: Schema): void {
  const peers: Peer[] = []

  function join(other?: Peer, plugins: readonly Plugin[] = []): Peer {
    const peer = new Peer(form, other && Y.encodeStateAsUpdate(other.doc), { plugins: () => plugins })
    peers.push(peer)
    return peer
  }

  function paragraph(...content: readonly (string | Node)[]): Node {
    return schema.node(
      'paragraph',
      null,
      content.map((part) => (typeof part === 'string' ? schema.text(part) : part)),
    )
  }

  function marked(text: string, mark: string, attrs?: Record<string, unknown>): Node {
    return schema.text(text, [schema.mark(mark, attrs)])
  }

  function expectEqual(...all: readonly Peer[]): void {
    for (const peer of all) {
      expect(peer.state.doc.toJSON()).toEqual(all[0]?.state.doc.toJSON())
      expect(peer.state.doc.toJSON()).toEqual(form.read(peer.doc).toJSON())
    }
  }

  let alice: Peer
  let bob: Peer

  beforeEach(() => {
    alice = write(join(), paragraph('one two three'), paragraph('four'))
    bob = join(alice)
    alice.transactions.length = 0
    alice.sent = 0
  })

  afterEach(() => {
    for (const peer of peers.splice(0)) peer.close()
  })

  describe('a new document', () => {
    it('shows an empty paragraph and writes nothing', () => {
      const carol = join()
      expect(carol.state.doc.childCount).toBe(1)
      expect(carol.state.doc.firstChild?.isTextblock).toBe(true)
      carol.select(1)
      expect(carol.sent).toBe(0)
      expect(carol.binding.canUndo()).toBe(false)
    })

    it('keeps the text of both who write first', () => {
      const [carol, dave] = [join(), join()]
      carol.select(1).type('carol')
      dave.select(1).type('dave')
      exchange(carol, dave)
      expectEqual(carol, dave)
      expect(carol.text.replace('|', '')).toMatch(/^(caroldave|davecarol)$/)
    })
  })

  describe('a failure', () => {
    it('of a plugin that is told first loses nothing that the editor shows', () => {
      let fails = false
      const plugin = new Plugin({ view: () => ({ update: () => void (fails && failing('plugin')) }) })
      const carol = join(alice, [plugin]).select(4)
      fails = true
      expect(() => carol.type('!')).toThrow('plugin')
      fails = false
      expect(carol.text).toBe('one! two three|four')
      expectEqual(carol)
      carol.type('?')
      expectEqual(carol)
    })

    it('of a plugin at what others did leaves that shown, and nothing is taken back', () => {
      let fails = false
      const carol = join(alice, [new Plugin({ appendTransaction: () => (fails ? failing('plugin') : null) })])
      bob.select(14).type('!')
      fails = true
      expect(() => carol.receive(bob)).toThrow('plugin')
      fails = false
      expectEqual(carol, bob)
      carol.select(1).type('?')
      exchange(carol, bob)
      expectEqual(carol, bob)
      expect(bob.text).toBe('?one two three!|four')
    })

    it('amid writing leaves the editor with what has been written', () => {
      let items = 0
      // oxlint-disable-next-line typescript/unbound-method -- called for each item below
      const { integrate } = Y.Item.prototype
      vi.spyOn(Y.Item.prototype, 'integrate').mockImplementation(function (this: Y.Item, ...args) {
        if (++items === 2) failing('half way')
        integrate.apply(this, args)
      })
      expect(() => alice.dispatch((tr) => tr.insertText('!', 19).insertText('?', 4))).toThrow('half way')
      vi.restoreAllMocks()
      expectEqual(alice)
      alice.select(1).type('x')
      exchange(alice, bob)
      expectEqual(alice, bob)
      expect(bob.text).toMatch(/^xone/)
    })
  })

  describe('editing', () => {
    it('merges what two people write into one paragraph', () => {
      alice.select(4).type(' and a half')
      bob.select(14).type('!')
      exchange(alice, bob)
      expectEqual(alice, bob)
      expect(alice.text).toBe('one and a half two three!|four')
    })

    it('leaves alone what lies between two changes of one transaction', () => {
      alice.dispatch((tr) => tr.insertText('3', 9, 14).insertText('1', 1, 4))
      bob.select(6).type('-')
      exchange(alice, bob)
      expectEqual(alice, bob)
      expect(alice.text).toBe('1 t-wo 3|four')
    })

    it('merges typing with a change of the paragraph', () => {
      alice.dispatch((tr) => tr.setNodeAttribute(0, 'align', 'right'))
      bob.select(14).type('!')
      exchange(alice, bob)
      expectEqual(alice, bob)
      expect(alice.state.doc.firstChild?.attrs['align']).toBe('right')
      expect(alice.text).toBe('one two three!|four')
    })

    it.each([
      ['strong', undefined, 'code', undefined],
      ['strong', undefined, 'em', undefined],
      ['link', { href: 'a' }, 'link', { href: 'b' }],
      ['link', { href: 'a' }, 'strong', undefined],
      ['comment', { id: 1 }, 'comment', { id: 2 }],
    ])('replaces %s %o by %s %o in one transaction', (from, fromAttrs, to, toAttrs) => {
      write(alice, paragraph('x', marked('word', from, fromAttrs), 'y'))
      exchange(alice, bob)
      alice.dispatch((tr) =>
        tr.removeMark(2, 6, schema.mark(from, fromAttrs)).addMark(2, 6, schema.mark(to, toAttrs)),
      )
      exchange(alice, bob)
      expectEqual(alice, bob)
      expect(bob.state.doc.firstChild?.child(1).marks).toEqual([schema.mark(to, toAttrs)])
    })

    it('keeps overlapping marks of one type apart', () => {
      alice.dispatch((tr) => tr.addMark(1, 6, schema.mark('comment', { id: 1 })))
      bob.dispatch((tr) => tr.addMark(4, 9, schema.mark('comment', { id: 2 })))
      exchange(alice, bob)
      expectEqual(alice, bob)
      expect(alice.state.doc.rangeHasMark(4, 6, schema.mark('comment', { id: 1 }))).toBe(true)
      expect(alice.state.doc.rangeHasMark(4, 6, schema.mark('comment', { id: 2 }))).toBe(true)
    })

    it('lets no plugin answer to what others did', () => {
      const shouter = new Plugin({
        appendTransaction: (_trs, _before, state) =>
          state.doc.textContent.includes('!!!') ? null : state.tr.insertText('!!!', 1),
      })
      const carol = join(alice, [shouter])
      bob.select(1).type('a ')
      exchange(alice, bob, carol)
      expect(carol.sent).toBe(0)
      expectEqual(alice, bob, carol)
    })
  })

  describe('an idle editor', () => {
    it('sends nothing, whatever others do', () => {
      alice
        .select(5)
        .type('x')
        .dispatch((tr) => tr.split(6))
      exchange(alice, bob)
      alice.dispatch((tr) => tr.join(tr.doc.firstChild?.nodeSize ?? 0))
      alice.dispatch((tr) => tr.addMark(1, 9, schema.mark('strong')))
      exchange(alice, bob)
      alice.binding.undo()
      exchange(alice, bob)
      expectEqual(alice, bob)
      expect(bob.sent).toBe(0)
    })

    it('sends nothing when others begin the same paragraph at once', () => {
      write(alice, paragraph())
      exchange(alice, bob)
      const carol = join(alice)
      alice.select(1).type('alice')
      bob.select(1).type('bob')
      const sent = [alice.sent, bob.sent]
      exchange(alice, bob, carol)
      exchange(alice, bob, carol)
      expectEqual(alice, bob, carol)
      expect([alice.sent, bob.sent]).toEqual(sent)
      expect(carol.sent).toBe(0)
      expect(carol.text).toHaveLength('alicebob'.length)
      alice.type('!')
      bob.type('?')
      exchange(alice, bob, carol)
      expectEqual(alice, bob, carol)
      expect(carol.text).toHaveLength('alicebob!?'.length)
    })
  })

  describe('a change by others', () => {
    it('moves a caret behind it and leaves one before it', () => {
      alice.select(8)
      bob.select(1).type('zero ')
      exchange(alice, bob)
      expect(alice.state.selection.head).toBe(13)
      bob.select(19).type(' more')
      exchange(alice, bob)
      expect(alice.state.selection.head).toBe(13)
    })

    it('that is typed at the caret does not push it', () => {
      alice.select(14)
      bob.select(14).type('!')
      exchange(alice, bob)
      expect(alice.state.selection.head).toBe(14)
    })

    it('beside a selection does not make it larger', () => {
      alice.select(5, 8)
      bob.select(5).type('<')
      bob.select(9).type('>')
      exchange(alice, bob)
      const { from, to } = alice.state.selection
      expect(alice.state.doc.textBetween(from, to)).toBe('two')
    })

    it('of marks or attributes does not move the caret in it', () => {
      alice.select(8)
      bob.dispatch((tr) => tr.addMark(1, 14, schema.mark('strong')).setNodeAttribute(0, 'align', 'center'))
      exchange(alice, bob)
      expect(alice.state.selection.head).toBe(8)
      expectEqual(alice, bob)
    })

    it('leaves decorations elsewhere in place', () => {
      const decorations = new Plugin<DecorationSet>({
        state: {
          init: (_config, { doc }) => DecorationSet.create(doc, [Decoration.inline(5, 8, { class: 'two' })]),
          apply: (tr, set) => set.map(tr.mapping, tr.doc),
        },
      })
      const carol = join(alice, [decorations])
      alice.select(1).type('zero ')
      alice.select(alice.state.doc.content.size - 1).type('!')
      alice.dispatch((tr) => tr.addMark(1, 12, schema.mark('em')).setNodeAttribute(0, 'align', 'center'))
      exchange(alice, carol)
      expectEqual(alice, carol)
      const left = decorations.getState(carol.state)?.find() ?? []
      expect(left.map(({ from, to }) => carol.state.doc.textBetween(from, to))).toEqual(['two'])
    })

    it('leaves the elements and the views of what it does not touch', () => {
      const made: string[] = []
      const gone: string[] = []
      const watched: NodeViewConstructor = (node) => {
        const dom = document.createElement('p')
        const text = node.textContent
        made.push(text)
        return { dom, contentDOM: dom, destroy: () => gone.push(text) }
      }
      const carol = new Peer(form, Y.encodeStateAsUpdate(alice.doc), {
        props: { nodeViews: { paragraph: watched } },
      })
      peers.push(carol)
      const [first, second] = carol.view.dom.children
      made.length = 0
      alice.select(5).type('x')
      alice.dispatch((tr) => tr.addMark(1, 4, schema.mark('strong')))
      exchange(alice, carol)
      expectEqual(alice, carol)
      expect(carol.view.dom.firstElementChild).toBe(first)
      expect(carol.view.dom.lastElementChild).toBe(second)
      expect(gone).toEqual([])
      alice.dispatch((tr) => tr.split(5))
      alice.dispatch((tr) => tr.insert(0, paragraph('before')))
      exchange(alice, carol)
      expectEqual(alice, carol)
      expect(carol.view.dom.children).toHaveLength(4)
      expect(carol.view.dom.lastElementChild).toBe(second)
      expect(gone).toEqual([])
      expect(made).toHaveLength(2)
    })

    it('leaves the caret in the text node where the browser has it', () => {
      document.body.append(alice.view.dom)
      alice.view.focus()
      alice.select(17)
      const { anchorNode, anchorOffset } = alice.view.dom.ownerDocument.getSelection() ?? {}
      expect(anchorNode?.textContent).toBe('four')
      bob.select(4).type('!')
      bob.dispatch((tr) => tr.insert(0, paragraph('before')))
      exchange(alice, bob)
      const now = alice.view.dom.ownerDocument.getSelection()
      expect(now?.anchorNode).toBe(anchorNode)
      expect(now?.anchorOffset).toBe(anchorOffset)
    })

    it('leaves what was toggled at the caret', () => {
      alice.select(14).dispatch((tr) => tr.addStoredMark(schema.mark('strong')))
      bob.select(1).type('zero ')
      exchange(alice, bob)
      alice.type('!')
      exchange(alice, bob)
      expect(bob.state.doc.firstChild?.lastChild?.marks).toEqual([schema.mark('strong')])
      expectEqual(alice, bob)
    })

    it('does not scroll, and says where it comes from', () => {
      alice.select(1).type('x')
      exchange(alice, bob)
      expect(bob.transactions.some((tr) => tr.scrolledIntoView)).toBe(false)
      expect(bob.transactions.map(originOf)).toEqual(['remote'])
      expect(alice.transactions.every((tr) => originOf(tr) === 'local')).toBe(true)
    })
  })

  describe('undo', () => {
    it("takes back one's own, nobody else's", () => {
      alice.select(4).typeAnew(' half')
      bob.select(1).type('zero ')
      exchange(alice, bob)
      expect(alice.binding.undo()).toBe(true)
      exchange(alice, bob)
      expectEqual(alice, bob)
      expect(alice.text).toBe('zero one two three|four')
      expect(alice.binding.redo()).toBe(true)
      expect(alice.text).toBe('zero one half two three|four')
    })

    it('takes back what replaced everything by something longer', () => {
      const before = alice.state.doc.toJSON() as unknown
      alice.binding.stopCapturing()
      alice.dispatch((tr) => tr.setSelection(new AllSelection(tr.doc)))
      alice.dispatch((tr) => {
        tr.replaceWith(0, tr.doc.content.size, [paragraph('much longer than before'), paragraph('end')])
        return tr.setSelection(Selection.atEnd(tr.doc))
      })
      exchange(alice, bob)
      expectEqual(alice, bob)
      expect(alice.binding.undo()).toBe(true)
      expect(alice.state.doc.toJSON()).toEqual(before)
    })

    it('leaves others their redo, also in a paragraph that is taken back', () => {
      alice.binding.stopCapturing()
      alice.select(14).dispatch((tr) => tr.split(14))
      exchange(alice, bob)
      bob.select(16).typeAnew('BOB')
      exchange(alice, bob)
      bob.binding.undo()
      exchange(alice, bob)
      alice.binding.undo()
      exchange(alice, bob)
      expect(bob.binding.redo()).toBe(true)
      exchange(alice, bob)
      expectEqual(alice, bob)
      expect(alice.text).toContain('BOB')
    })

    it("has nothing to do after others' changes only", () => {
      alice.select(1).type('x')
      exchange(alice, bob)
      expect(bob.binding.canUndo()).toBe(false)
      expect(bob.binding.undo()).toBe(false)
      expect(bob.binding.redo()).toBe(false)
    })

    it('brings the selection back and scrolls to it', () => {
      alice.binding.stopCapturing()
      alice.select(5, 8).dispatch((tr) => tr.deleteSelection())
      alice.select(1)
      bob.select(1).type('zero ')
      exchange(alice, bob)
      alice.transactions.length = 0
      alice.binding.undo()
      expect(alice.text).toBe('zero one two three|four')
      const { from, to } = alice.state.selection
      expect(alice.state.doc.textBetween(from, to)).toBe('two')
      expect(alice.transactions.map((tr) => tr.scrolledIntoView)).toEqual([true])
    })

    it('goes step by step', () => {
      alice.select(14).typeAnew(' a').typeAnew(' b')
      alice.binding.undo()
      expect(alice.text).toBe('one two three a|four')
      alice.binding.undo()
      expect(alice.text).toBe('one two three|four')
    })

    it('takes typing and deleting in one go as one step each', () => {
      alice.select(14)
      const type = (): Peer => alice.type('x')
      const typeWithMark = (): Peer =>
        alice.dispatch((tr) => tr.addStoredMark(schema.mark('strong')).insertText('x'))
      const backspace = (): Peer =>
        alice.dispatch((tr) => tr.delete(tr.selection.from - 1, tr.selection.from))
      const deleteForward = (): Peer => alice.dispatch((tr) => tr.delete(3, 4))
      expect(undoTakes(alice, type, type, type)).toBe(3)
      expect(undoTakes(alice, type, typeWithMark, type)).toBe(3)
      expect(undoTakes(alice, type, type, backspace, type)).toBe(4)
      expect(undoTakes(alice, backspace, backspace)).toBe(2)
      expect(undoTakes(alice, deleteForward, deleteForward)).toBe(2)
    })

    it('keeps typing in one step while others type elsewhere', () => {
      alice.select(14)
      const type = (): Peer => alice.type('x')
      const bobTypes = (): void => {
        bob.select(1).type('z')
        exchange(alice, bob)
      }
      alice.binding.stopCapturing()
      for (const change of [type, bobTypes, type]) change()
      alice.binding.undo()
      expect(alice.text).toBe('zone two three|four')
    })

    it('takes a command, a paste, and typing elsewhere as steps of their own', () => {
      const type = (): Peer => alice.type('x')
      alice.select(14)
      expect(
        undoTakes(alice, type, () => alice.dispatch((tr) => tr.setNodeAttribute(0, 'align', 'right'))),
      ).toBe(1)
      expect(
        undoTakes(alice, type, () => alice.dispatch((tr) => tr.addMark(1, 4, schema.mark('strong')))),
      ).toBe(1)
      expect(
        undoTakes(alice, () => alice.dispatch((tr) => tr.setNodeAttribute(0, 'align', 'left')), type),
      ).toBe(1)
      expect(undoTakes(alice, type, () => alice.dispatch((tr) => tr.split(tr.selection.from)))).toBe(1)
      expect(
        undoTakes(alice, type, () =>
          alice.dispatch((tr) =>
            tr.replaceSelectionWith(schema.text('pasted')).setMeta('uiEvent', 'paste').setMeta('paste', true),
          ),
        ),
      ).toBe(1)
      expect(undoTakes(alice, type, () => alice.select(2), type)).toBe(1)
      expect(undoTakes(alice, type, () => alice.dispatch((tr) => tr.insertText('...', 1, 3)))).toBe(1)
    })

    it("keeps what somebody wrote into one's new paragraph", () => {
      alice.binding.stopCapturing()
      alice.dispatch((tr) => tr.insert(tr.doc.content.size, paragraph('mine')))
      exchange(alice, bob)
      bob.select(bob.state.doc.content.size - 1).type(' theirs')
      exchange(alice, bob)
      alice.binding.undo()
      exchange(alice, bob)
      expectEqual(alice, bob)
      expect(alice.text).toBe('one two three|four| theirs')
    })

    it('survives a reconfiguration of the plugins', () => {
      alice.select(14).typeAnew('!')
      alice.view.updateState(alice.state.reconfigure({ plugins: [...alice.state.plugins] }))
      alice.typeAnew('?')
      alice.binding.undo()
      alice.binding.undo()
      expect(alice.text).toBe('one two three|four')
    })

    it('leaves out what is not to be undone', () => {
      alice.select(14).typeAnew('!')
      alice.dispatch((tr) => tr.insertText('#', 1).setMeta('addToHistory', false))
      alice.binding.undo()
      expect(alice.text).toBe('#one two three|four')
    })
  })

  describe('an anchor', () => {
    it('finds its position again', () => {
      const { doc } = alice.state
      doc.descendants((node, start) => {
        if (!node.isTextblock) return true
        for (let pos = start + 1; pos <= start + 1 + node.content.size; pos++) {
          const anchor: unknown = JSON.parse(JSON.stringify(alice.binding.anchorAt(pos, alice.state)))
          expect(alice.binding.positionOf(anchor, alice.state)).toBe(pos)
          expect(bob.binding.positionOf(anchor, bob.state)).toBe(pos)
        }
        return false
      })
    })

    it('stays with its text while others write', () => {
      const anchor = alice.binding.anchorAt(8, alice.state)
      bob
        .select(1)
        .type('zero ')
        .dispatch((tr) => tr.split(6))
      exchange(alice, bob)
      const position = alice.binding.positionOf(anchor, alice.state) ?? 0
      expect(alice.state.doc.resolve(position).nodeBefore?.text).toMatch(/two$/)
    })

    it.each([
      null,
      undefined,
      0,
      'x',
      [],
      {},
      { tname: 'elsewhere' },
      { tname: 7 },
      { type: { client: 1, clock: 1 } },
      { item: { client: -1, clock: 0.5 } },
      { item: 'x' },
      { type: null, item: { client: 2 ** 60, clock: 0 } },
      { item: { client: 7, clock: 7 }, assoc: 'x' },
    ])('that is %j is none', (garbage) => {
      const names = [...alice.doc.share.keys()]
      expect(alice.binding.positionOf(garbage, alice.state)).toBeNull()
      expect([...alice.doc.share.keys()]).toEqual(names)
    })
  })

  describe('after close', () => {
    it('neither reads nor writes', () => {
      alice.binding.close()
      alice.binding.close()
      alice.dispatch((tr) => tr.insertText('x', 1))
      bob.select(1).type('y')
      exchange(alice, bob)
      expect(alice.text).toBe('one two three|four')
      expect(bob.text).toBe('yone two three|four')
      expect(alice.view.editable).toBe(false)
      expect(alice.binding.undo()).toBe(false)
    })
  })
}

function write(peer: Peer, ...blocks: readonly Node[]): Peer {
  return peer.dispatch((tr) => tr.replaceWith(0, tr.doc.content.size, blocks))
}

/** Changes one after another, without a pause; how many of them the first undo takes back. */
function undoTakes(peer: Peer, ...changes: readonly (() => unknown)[]): number {
  peer.binding.stopCapturing()
  const before = changes.map((change) => {
    const { doc } = peer.state
    change()
    return doc
  })
  peer.binding.undo()
  return changes.length - before.findLastIndex((doc) => doc.eq(peer.state.doc))
}
