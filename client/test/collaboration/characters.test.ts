// @vitest-environment jsdom
import * as fc from 'fast-check'
import { Fragment, Slice } from 'prosemirror-model'
import { ReplaceStep } from 'prosemirror-transform'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { exchange, Peer, type BindingForm } from './peers.ts'
import { testSchema } from './test-schema.ts'
import { textForm } from './text-form.ts'
import { xmlForm } from './xml-form.ts'

/** Of the environment, so that a long run needs no change of this file. */
const RUNS = Number(process.env['CODRAFT_TEXT_RUNS'] ?? 40)

const [HIGH, LOW, OTHER_LOW] = ['\ud83d', '\ude00', '\ude01']

/** A step on the text at any place, as ProseMirror makes of what a browser did: also on half a character. */
function replace(peer: Peer, from: number, to: number, text: string): void {
  const content = text === '' ? Fragment.empty : Fragment.from(testSchema.text(text))
  peer.binding.stopCapturing()
  peer.dispatch((tr) => tr.step(new ReplaceStep(from, to, new Slice(content, 0, 0))))
}

function people(form: BindingForm, text: string): [Peer, Peer] {
  const alice = new Peer(form).type(text)
  return [alice, new Peer(form, Y.encodeStateAsUpdate(alice.doc))]
}

/** Everybody shows the same, also who loads the document only now, and all of it is whole characters. */
function expectWhole(form: BindingForm, ...peers: readonly Peer[]): void {
  const loaded = new Y.Doc()
  if (peers[0]) Y.applyUpdate(loaded, Y.encodeStateAsUpdate(peers[0].doc))
  const wanted: unknown = form.read(loaded).toJSON()
  for (const { doc, state } of peers) {
    expect(state.doc.toJSON()).toEqual(form.read(doc).toJSON())
    expect(state.doc.toJSON()).toEqual(wanted)
    state.doc.descendants(({ text }) => expect(text ?? '').not.toMatch(/\p{Surrogate}/u))
  }
}

function close(...peers: readonly Peer[]): void {
  for (const peer of peers) peer.close()
}

interface Act {
  readonly kind: 'replace' | 'mark' | 'unmark' | 'split' | 'undo' | 'redo' | 'deliver'
  readonly who: number
  readonly from: number
  readonly to: number
  readonly text: string
}

const part = fc.nat(1000)

function acts(texts: readonly string[]): fc.Arbitrary<Act[]> {
  const act = fc.record({
    kind: fc.constantFrom(
      ...(['replace', 'replace', 'replace', 'mark', 'unmark', 'split', 'undo', 'redo', 'deliver'] as const),
    ),
    who: fc.nat(1),
    from: part,
    to: part,
    text: fc.constantFrom(...texts),
  })
  return fc.array(act, { minLength: 1, maxLength: 30, size: 'max' })
}

/** Places in the first paragraph that nobody has split off, at any character or within it. */
function perform(peer: Peer, other: Peer, { kind, from, to, text }: Act, isWhole: boolean): void {
  const { doc } = peer.state
  const content = doc.firstChild?.textContent ?? ''
  const at = (share: number): number => {
    const offset = Math.round((content.length * share) / 1000)
    return 1 + (isWhole && /^[\udc00-\udfff]/.test(content.slice(offset)) ? offset + 1 : offset)
  }
  const [start, end] = [at(Math.min(from, to)), at(Math.max(from, to))]
  const strong = testSchema.mark('strong')
  if (kind === 'replace') replace(peer, start, end, text)
  else if (kind === 'undo') peer.binding.undo()
  else if (kind === 'redo') peer.binding.redo()
  else if (kind === 'deliver') peer.receive(other)
  else if (kind === 'split') peer.dispatch((tr) => tr.split(start))
  else if (kind === 'mark') peer.dispatch((tr) => tr.addMark(start, end, strong))
  else peer.dispatch((tr) => tr.removeMark(start, end, strong))
}

function converging(form: BindingForm, texts: readonly string[], isWhole: boolean): fc.IProperty<[Act[]]> {
  return fc.property(acts(texts), (events) => {
    const peers = people(form, 'a😀b😀😁c')
    try {
      for (const event of events) {
        const [peer, other] = event.who === 0 ? peers : peers.toReversed()
        if (peer && other) perform(peer, other, event, isWhole)
        for (const { state, doc } of peers) expect(state.doc.toJSON()).toEqual(form.read(doc).toJSON())
      }
      exchange(...peers)
      expectWhole(form, ...peers)
      expect(isWhole && peers.some(({ text }) => text.includes('\ufffd'))).toBe(false)
    } finally {
      close(...peers)
    }
  })
}

describe.each([
  ['text', textForm(testSchema)],
  ['tree', xmlForm],
])('characters of two code units in a %s', (_name, form) => {
  it('are replaced whole where a step replaces half of one', () => {
    const [alice, bob] = people(form, 'a😀b')
    replace(alice, 3, 4, OTHER_LOW)
    expect(alice.text).toBe('a😁b')
    exchange(alice, bob)
    expectWhole(form, alice, bob)
    expect(bob.text).toBe('a😁b')
    alice.binding.undo()
    exchange(alice, bob)
    expectWhole(form, alice, bob)
    expect(bob.text).toBe('a😀b')
    close(alice, bob)
  })

  it('are put together of what two steps of one transaction write', () => {
    const [alice, bob] = people(form, 'a😀b')
    alice.dispatch((tr) => tr.insertText(OTHER_LOW, 3, 4).insertText('\ud83c', 2, 3))
    exchange(alice, bob)
    expectWhole(form, alice, bob)
    expect(bob.text).toBe('a\ud83c\ude01b')
    close(alice, bob)
  })

  it('are whole when two people replace one, each a half of it', () => {
    const [alice, bob] = people(form, 'a😀b')
    replace(alice, 3, 4, OTHER_LOW)
    replace(bob, 2, 3, '\ud83c')
    exchange(alice, bob)
    expectWhole(form, alice, bob)
    expect(bob.text).not.toContain('\ufffd')
    close(alice, bob)
  })

  it('are one replacement character each where only half is left', () => {
    const [alice, bob] = people(form, 'a😀b')
    replace(alice, 3, 4, '')
    expect(alice.text).toBe('a\ufffdb')
    exchange(alice, bob)
    expectWhole(form, alice, bob)
    close(alice, bob)
  })

  it('have a mark whole', () => {
    const [alice, bob] = people(form, 'a😀b')
    alice.dispatch((tr) => tr.addMark(2, 3, testSchema.mark('strong')))
    exchange(alice, bob)
    expectWhole(form, alice, bob)
    expect(bob.text).toBe('a😀b')
    close(alice, bob)
  })

  it('stay whole in random editing by whole characters', () => {
    fc.assert(converging(form, ['', 'x', '😀', '😁😀', 'x😀'], true), { numRuns: RUNS })
  })

  it('converge in random editing also by halves', () => {
    const texts = ['', 'x', '😀', HIGH, LOW, OTHER_LOW, `${LOW}${HIGH}`]
    fc.assert(converging(form, texts, false), { numRuns: RUNS })
  })
})
