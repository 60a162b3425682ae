// @vitest-environment jsdom
import * as fc from 'fast-check'
import type { ResolvedPos } from 'prosemirror-model'
import { TextSelection, type Command } from 'prosemirror-state'
import { isInTable } from 'prosemirror-tables'
import { ReplaceStep } from 'prosemirror-transform'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { schema } from '../../../document/index.ts'
import { readTextDocument, textOf } from '../../../document/text-form/index.ts'
import { createActions } from '../../editor/create-actions.ts'
import { backspace, deleteForward } from '../../editor/delete.ts'
import { enter } from '../../editor/enter.ts'
import { setLink } from '../../editor/links/link-commands.ts'
import { moveBlocks } from '../../editor/move-blocks.ts'
import { replaceSelected } from '../../editor/clipboard/paste.ts'
import { exchangeQuietly, Peer, exchange } from './peers.ts'
import { textForm } from './text-form.ts'
import { Tokens } from './tokens.ts'

const form = textForm(schema)

/** Of the environment, so that a long run needs no change of this file. */
const RUNS = Number(process.env['CODRAFT_TEXT_RUNS'] ?? 40)

const history = { undo: () => false, redo: () => false, canUndo: () => false, canRedo: () => false }

const insertRule: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(schema.nodes.rule.create()))
  return true
}

const insertTwo: Command = ({ tr }, dispatch) => {
  const slice = schema.node('doc', null, [
    schema.node('paragraph', { style: 'heading1' }, schema.text('P')),
    schema.node('paragraph', { list: 'bullet' }, schema.text('Q', [schema.mark('bold')])),
  ])
  if (replaceSelected(tr, slice.slice(0, slice.content.size)) === null) return false
  dispatch?.(tr)
  return true
}

/** Whether the neighbour or the blocks themselves are written anew depends on where others are. */
const MOVES: readonly Command[] = [
  moveBlocks('up', () => null),
  moveBlocks('up', ({ selection: { from } }) => [{ from: from - 2, to: from - 2 }]),
  moveBlocks('down', ({ selection: { to } }) => [{ from: to + 2, to: to + 2 }]),
]

const commands: readonly Command[] = [
  ...createActions({ history, editLink: () => {}, editImage: () => {} }).map((action) => action.run),
  ...Array.from({ length: 4 }, () => enter),
  ...Array.from({ length: 3 }, () => backspace),
  deleteForward,
  setLink('example.org'),
  insertTwo,
  insertRule,
  ...MOVES,
]

/** What happens: somebody acts at a place that is a part of the document, or gets what somebody else has. */
type Event =
  | { readonly kind: 'type'; readonly peer: number; readonly from: number; readonly to: number }
  | {
      readonly kind: 'command'
      readonly peer: number
      readonly from: number
      readonly to: number
      readonly command: number
    }
  | { readonly kind: 'undo'; readonly peer: number }
  | { readonly kind: 'redo'; readonly peer: number }
  | { readonly kind: 'deliver'; readonly peer: number; readonly source: number }
  | { readonly kind: 'exchange' }

const PEERS = 4
const peer = fc.nat(PEERS - 1)
const part = fc.nat(1000)
/** Mostly carets and short ranges. */
const range = fc.oneof(
  { weight: 3, arbitrary: part.map((from) => ({ from, to: from })) },
  { weight: 2, arbitrary: fc.record({ from: part, to: part }) },
)
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(peer, range).map(([who, at]) => ({ kind: 'type' as const, peer: who, ...at })),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(peer, range, fc.nat(commands.length - 1))
      .map(([who, at, command]) => ({ kind: 'command' as const, peer: who, ...at, command })),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), peer }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('redo' as const), peer }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('deliver' as const), peer, source: peer }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('exchange' as const) }) },
)

function select(actor: Peer, from: number, to: number): void {
  const { doc } = actor.state
  const at = (share: number): ResolvedPos => doc.resolve(Math.round((doc.content.size * share) / 1000))
  actor.dispatch((tr) => tr.setSelection(TextSelection.between(at(from), at(to))))
}

interface Round {
  readonly peers: readonly Peer[]
  readonly tokens: Tokens
}

function newRound(): Round {
  return { peers: Array.from({ length: PEERS }, () => new Peer(form)), tokens: new Tokens() }
}

/** Returns whether it was a command. */
function run({ peers, tokens }: Round, happening: Event): boolean {
  if (happening.kind === 'exchange') {
    exchangeQuietly(peers)
    expectEqual(peers, tokens)
    return false
  }
  const actor = peers[happening.peer]
  if (actor === undefined) throw new RangeError(`There is no peer ${happening.peer}`)
  if (happening.kind === 'deliver') {
    const source = peers[happening.source]
    if (source !== undefined && source !== actor) actor.receive(source)
    return false
  }
  const before = actor.text
  switch (happening.kind) {
    case 'undo':
      actor.binding.undo()
      break
    case 'redo':
      actor.binding.redo()
      break
    case 'type':
      select(actor, happening.from, happening.to)
      type(actor, tokens)
      break
    case 'command':
      select(actor, happening.from, happening.to)
      runCommand(actor, commands[happening.command], tokens)
      break
  }
  tokens.acted(before, actor.text)
  return true
}

/**
 * What is typed in a table goes with it when somebody deletes that, or takes its making back, at the same time. So does
 * what is joined with it, since a selection may go out of the table here.
 */
function type(actor: Peer, tokens: Tokens): void {
  actor.typeAnew(tokens.type())
  if (isInTable(actor.state)) tokens.touch(actor.state.selection.$head.parent.textContent)
}

function runCommand(actor: Peer, command: Command | undefined, tokens: Tokens): void {
  actor.binding.stopCapturing()
  command?.(
    actor.state,
    (tr) => {
      for (const step of tr.steps) if (step instanceof ReplaceStep) tokens.touch(textOfSlice(step))
      actor.view.dispatch(tr)
    },
    actor.view,
  )
}

/** What a step writes, which is new even where it was there before. */
function textOfSlice({ slice: { content } }: ReplaceStep): string {
  return content.textBetween(0, content.size)
}

function expectShown(peers: readonly Peer[]): void {
  for (const { state, doc } of peers) {
    const read = readTextDocument(textOf(doc), schema)
    // To compare what nodes say takes much longer.
    const isEqual = state.doc.eq(read)
    expect(isEqual || state.doc.toJSON()).toEqual(isEqual || read.toJSON())
    state.doc.check()
  }
}

function expectEqual(peers: readonly Peer[], tokens: Tokens): void {
  for (const { state, text } of peers) {
    expect(state.doc.toJSON()).toEqual(peers[0]?.state.doc.toJSON())
    expect(tokens.wrongIn(text)).toEqual([])
  }
}

function close({ peers }: Round): void {
  for (const someone of peers) someone.close()
}

describe('random editing of a text by several people', { timeout: 600_000 }, () => {
  it('converges, and shows what a fresh reading shows', () => {
    let count = 0
    fc.assert(
      fc.property(fc.array(event, { minLength: 5, maxLength: 60, size: 'max' }), (events) => {
        const round = newRound()
        try {
          for (const happening of events) {
            if (run(round, happening)) count++
            expectShown(round.peers)
          }
          run(round, { kind: 'exchange' })
          expectShown(round.peers)
        } finally {
          close(round)
        }
      }),
      { numRuns: RUNS },
    )
    if (process.env['CODRAFT_TEXT_RUNS'] !== undefined) process.stdout.write(`${count} commands\n`)
  })

  it('a command and its undo leave the document as it was', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 5, maxLength: 40, size: 'max' }), (events) => {
        const round = newRound()
        try {
          for (const happening of events) {
            const isAct = happening.kind === 'type' || happening.kind === 'command'
            const actor = isAct ? round.peers[happening.peer] : undefined
            const before = actor?.state.doc.toJSON()
            run(round, happening)
            if (actor === undefined || JSON.stringify(actor.state.doc.toJSON()) === JSON.stringify(before))
              continue
            const after = actor.state.doc.toJSON()
            expect(actor.binding.undo()).toBe(true)
            expect(actor.state.doc.toJSON()).toEqual(before)
            expect(actor.binding.redo()).toBe(true)
            expect(actor.state.doc.toJSON()).toEqual(after)
          }
        } finally {
          close(round)
        }
      }),
      { numRuns: RUNS },
    )
  })

  it("undoes one's own characters only", () => {
    const typing = fc.array(fc.record({ who: fc.constantFrom(0, 1), at: part, deliver: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(typing, (events) => {
        const carol = new Peer(form).select(1).type('---')
        const content = Y.encodeStateAsUpdate(carol.doc)
        const [alice, bob] = [new Peer(form, content), new Peer(form, content)]
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
      { numRuns: RUNS },
    )
  })
})
