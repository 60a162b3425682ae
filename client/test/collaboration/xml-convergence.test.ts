// @vitest-environment jsdom
import * as fc from 'fast-check'
import { joinBackward, setBlockType, splitBlock, toggleMark, wrapIn, lift } from 'prosemirror-commands'
import type { MarkType, NodeType, ResolvedPos } from 'prosemirror-model'
import { TextSelection, type Command } from 'prosemirror-state'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Peer, exchange } from './peers.ts'
import { testSchema } from './test-schema.ts'
import { xmlForm } from './xml-form.ts'

function node(name: string): NodeType {
  const type = testSchema.nodes[name]
  if (type === undefined) throw new RangeError(`There is no node ${name}`)
  return type
}

function mark(name: string): MarkType {
  const type = testSchema.marks[name]
  if (type === undefined) throw new RangeError(`There is no mark ${name}`)
  return type
}

/** prosemirror-commands' own throws where a deletion across blocks leaves no textblock. */
const splitWithinBlock: Command = (state, dispatch) =>
  state.selection.$from.sameParent(state.selection.$to) && splitBlock(state, dispatch)

const commands: readonly Command[] = [
  splitWithinBlock,
  joinBackward,
  lift,
  wrapIn(node('quote')),
  setBlockType(node('heading'), { level: 2 }),
  setBlockType(node('paragraph'), { align: 'right' }),
  toggleMark(mark('strong')),
  toggleMark(mark('code')),
  toggleMark(mark('link'), { href: 'a' }),
  toggleMark(mark('link'), { href: 'b' }),
  toggleMark(mark('comment'), { id: 1 }),
  toggleMark(mark('comment'), { id: 2 }),
]

/** What happens: somebody acts at a place that is a part of the document, or gets what somebody else has. */
type Event =
  | {
      readonly kind: 'type'
      readonly peer: number
      readonly from: number
      readonly to: number
      readonly text: string
    }
  | {
      readonly kind: 'command'
      readonly peer: number
      readonly from: number
      readonly to: number
      readonly command: number
    }
  | { readonly kind: 'insert'; readonly peer: number; readonly from: number; readonly name: string }
  | { readonly kind: 'undo' | 'redo'; readonly peer: number }
  | { readonly kind: 'deliver'; readonly peer: number; readonly source: number }

const PEERS = 4
const peer = fc.nat(PEERS - 1)
const part = fc.nat(1000)
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('type' as const),
      peer,
      from: part,
      to: part,
      text: fc.constantFrom('a', 'b ', '😀', 'word', ''),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('command' as const),
      peer,
      from: part,
      to: part,
      command: fc.nat(commands.length - 1),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('insert' as const),
      peer,
      from: part,
      name: fc.constantFrom('rule', 'image'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const), peer }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('deliver' as const), peer, source: peer }) },
)

function select(actor: Peer, from: number, to: number): void {
  const { doc } = actor.state
  const at = (share: number): ResolvedPos => {
    const place = Math.round((doc.content.size * share) / 1000)
    const around = doc.textBetween(Math.max(0, place - 1), Math.min(doc.content.size, place + 1), '|', '|')
    // No caret stands between the two halves of a character.
    return doc.resolve(/^[\ud800-\udbff][\udc00-\udfff]$/.test(around) ? place + 1 : place)
  }
  actor.dispatch((tr) => tr.setSelection(TextSelection.between(at(from), at(to))))
}

function run(peers: readonly Peer[], happening: Event): void {
  const actor = peers[happening.peer]
  if (actor === undefined) throw new RangeError(`There is no peer ${happening.peer}`)
  switch (happening.kind) {
    case 'type':
      select(actor, happening.from, happening.to)
      actor.typeAnew(happening.text)
      break
    case 'command': {
      const command = commands[happening.command]
      select(actor, happening.from, happening.to)
      actor.binding.stopCapturing()
      if (command !== undefined) actor.run(command)
      break
    }
    case 'insert':
      select(actor, happening.from, happening.from)
      actor.dispatch((tr) => tr.replaceSelectionWith(node(happening.name).create()))
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

function expectShown({ state, doc }: Peer): void {
  const read = xmlForm.read(doc)
  // To compare what nodes say takes much longer.
  const isEqual = state.doc.eq(read)
  expect(isEqual || state.doc.toJSON()).toEqual(isEqual || read.toJSON())
  state.doc.check()
}

describe('random editing by several people', () => {
  it('converges, and shows what a fresh reading shows', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 5, maxLength: 60 }), (events) => {
        const peers = Array.from({ length: PEERS }, () => new Peer(xmlForm))
        try {
          for (const happening of events) {
            run(peers, happening)
            for (const someone of peers) expectShown(someone)
          }
          exchange(...peers)
          for (const someone of peers) {
            expect(someone.problems).toEqual([])
            expect(someone.state.doc.toJSON()).toEqual(peers[0]?.state.doc.toJSON())
            expectShown(someone)
          }
        } finally {
          for (const someone of peers) someone.close()
        }
      }),
      { numRuns: 150 },
    )
  })

  it("undoes one's own characters only", () => {
    const typing = fc.array(fc.record({ who: fc.constantFrom(0, 1), at: part, deliver: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(typing, (events) => {
        const carol = new Peer(xmlForm).select(1).type('---')
        const content = Y.encodeStateAsUpdate(carol.doc)
        const [alice, bob] = [new Peer(xmlForm, content), new Peer(xmlForm, content)]
        try {
          for (const { who, at, deliver } of events) {
            const actor = who === 0 ? alice : bob
            select(actor, at, at)
            actor.typeAnew(who === 0 ? 'a' : 'b')
            if (deliver) exchange(alice, bob)
          }
          while (alice.binding.undo());
          exchange(alice, bob)
          const written = events.filter(({ who }) => who === 1).length
          expect(alice.text.replaceAll('-', '')).toBe('b'.repeat(written))
          expect(bob.text).toBe(alice.text)
        } finally {
          for (const someone of [alice, bob, carol]) someone.close()
        }
      }),
      { numRuns: 100 },
    )
  })
})
