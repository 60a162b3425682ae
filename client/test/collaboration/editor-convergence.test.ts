// @vitest-environment jsdom
import * as fc from 'fast-check'
import { TextSelection, type Command } from 'prosemirror-state'
import { expect, it } from 'vitest'
import { schema } from '../../../document/index.ts'
import { createXmlBinding } from '../../collaboration/xml-binding.ts'
import { XmlReader } from '../../collaboration/xml-reader.ts'
import { createActions } from '../../editor/create-actions.ts'
import { backspace, deleteForward } from '../../editor/delete.ts'
import { breakLine, enter } from '../../editor/enter.ts'
import { setLink } from '../../editor/link-commands.ts'
import { insertSlice } from '../../editor/paste.ts'
import { Peer, exchange, type BindingForm } from './peers.ts'
import { fragmentOf } from './xml-form.ts'

/** The tree form, with the schema of Codraft's own documents. */
const form: BindingForm = {
  bind: (doc, onIncompatible) => createXmlBinding({ fragment: fragmentOf(doc), schema, onIncompatible }),
  read: (doc) => new XmlReader(fragmentOf(doc), schema).read(),
}

const history = { undo: () => false, redo: () => false, canUndo: () => false, canRedo: () => false }
const MAX_SIZE = 400

/** Pastes the whole document once more, while it is small. */
const pasteWhole: Command = (state, dispatch) => {
  const { content } = state.doc
  const tr = content.size < MAX_SIZE ? insertSlice(state, state.doc.slice(0, content.size)) : null
  if (tr !== null) dispatch?.(tr)
  return tr !== null
}

const commands: readonly Command[] = [
  ...createActions({ history, editLink: () => {}, editImage: () => {} }).map(({ run }) => run),
  // What people do most, more often.
  enter,
  enter,
  enter,
  breakLine,
  backspace,
  deleteForward,
  setLink('example.org'),
  pasteWhole,
]

const PEERS = 3
const peer = fc.nat(PEERS - 1)
const part = fc.nat(1_000)
const command = fc.nat(commands.length - 1)
const text = fc.constantFrom('a', 'b', ' ', '😀')
const event = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('type' as const), peer, from: part, text }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('command' as const), peer, from: part, to: part, command }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const), peer }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deliver' as const), peer, source: peer }) },
)
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never

function select(actor: Peer, from: number, to: number): void {
  const { doc } = actor.state
  const [$from, $to] = [from, to].map((share) => {
    const place = Math.round((doc.content.size * share) / 1_000)
    const around = doc.textBetween(Math.max(0, place - 1), Math.min(doc.content.size, place + 1), '|', '|')
    // No caret stands between the two halves of a character.
    return doc.resolve(/^[\ud800-\udbff][\udc00-\udfff]$/.test(around) ? place + 1 : place)
  })
  if ($from && $to) actor.dispatch((tr) => tr.setSelection(TextSelection.between($from, $to)))
}

function act(peers: readonly Peer[], happening: Event): void {
  const actor = peers[happening.peer]
  if (actor === undefined) throw new RangeError(`There is no peer ${happening.peer}`)
  switch (happening.kind) {
    case 'type':
      select(actor, happening.from, happening.from)
      actor.type(happening.text)
      break
    case 'command':
      select(actor, happening.from, happening.to)
      commands[happening.command]?.(actor.state, (tr) => actor.view.dispatch(tr), actor.view)
      break
    case 'undo':
      actor.binding.undo()
      break
    case 'redo':
      actor.binding.redo()
      break
    case 'deliver': {
      const source = peers[happening.source]
      if (source !== undefined && source !== actor) actor.receive(source)
      break
    }
  }
}

/** The peer shows what its document holds, which is legal, and anchors find their way back. */
function expectSound({ state, doc, binding, problems }: Peer): void {
  expect(problems).toEqual([])
  expect(state.doc.toJSON()).toEqual(form.read(doc).toJSON())
  state.doc.check()
  // Before anybody has written, the paragraph that is shown is nowhere else.
  if (fragmentOf(doc).length === 0) return
  state.doc.descendants((node, position) => {
    if (!node.isTextblock) return true
    for (const place of [position + 1, position + 1 + node.content.size]) {
      expect(binding.positionOf(binding.anchorAt(place, state), state)).toBe(place)
    }
    return false
  })
}

it("the editor's own commands converge, whoever runs them where and when", () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 5, maxLength: 40 }), (events) => {
      const peers = Array.from({ length: PEERS }, () => new Peer(form))
      try {
        for (const happening of events) {
          act(peers, happening)
          for (const someone of peers) expectSound(someone)
        }
        exchange(...peers)
        for (const someone of peers) {
          expectSound(someone)
          expect(someone.state.doc.toJSON()).toEqual(peers[0]?.state.doc.toJSON())
        }
      } finally {
        for (const someone of peers) someone.close()
      }
    }),
    { numRuns: 60 },
  )
})
