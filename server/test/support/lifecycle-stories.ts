import fc from 'fast-check'
import { expect } from 'vitest'
import * as Y from 'yjs'
import { delayedPoison, poisonousUpdate } from './poison.ts'
import type { Peer } from './simulated-peer.ts'
import { PEERS, Simulation, type SimulationOptions } from './simulation.ts'

/** What one peer does to its document; numbers are taken modulo what there is. */
function edit({ doc }: Peer, kind: number, at: number, token: string): void {
  const text = doc.getText('text')
  const position = at % (text.length + 1)
  const length = Math.min(at % 4, text.length - position)
  const paragraphs = doc.getXmlFragment('prosemirror')
  switch (kind % 6) {
    case 0:
    case 1:
      text.insert(position, token)
      break
    case 2:
      text.delete(position, length)
      break
    case 3:
      text.format(position, length, { bold: at % 2 === 0 ? true : null })
      break
    case 4:
      paragraphs.insert(at % (paragraphs.length + 1), [new Y.XmlElement('paragraph')])
      break
    default:
      if (paragraphs.length > 0) paragraphs.delete(at % paragraphs.length, 1)
  }
}

const peer = fc.nat(PEERS - 1)
const anybody = fc.nat(PEERS + 1)
const document = fc.constantFrom('a' as const, 'b' as const)

function step<Name extends string, Model extends object>(
  weight: number,
  name: Name,
  model: { [K in keyof Model]: fc.Arbitrary<Model[K]> },
): { weight: number; arbitrary: fc.Arbitrary<{ do: Name } & Model> } {
  const arbitrary = fc.record(model).map((chosen) => ({ do: name, ...(chosen as Model) }))
  return { weight, arbitrary }
}

const anyStep = fc.oneof(
  step(20, 'edit', { peer, kind: fc.nat(5), at: fc.nat(50) }),
  step(6, 'up', { peer: anybody, most: fc.nat(9) }),
  step(6, 'down', { peer: anybody, most: fc.nat(9) }),
  step(14, 'exchange', { milliseconds: fc.nat(40) }),
  step(4, 'wait', { milliseconds: fc.constantFrom(150, 700, 6_000, 12_000) }),
  step(3, 'connect', { peer: anybody, isResuming: fc.boolean() }),
  step(4, 'connect all', {}),
  step(3, 'disconnect', { peer: anybody, isHalfOpen: fc.boolean() }),
  step(1, 'notice', {}),
  step(2, 'deliver late', { most: fc.nat(3) }),
  step(1, 'reopen', { peer }),
  step(2, 'ask', { peer: anybody }),
  step(2, 'query awareness', { peer: anybody }),
  step(3, 'appear', { peer }),
  step(3, 'stall', { peer: anybody }),
  step(3, 'read', { peer: anybody, most: fc.constantFrom(1, 3, Infinity) }),
  step(3, 'disturb', { peer, at: fc.nat(9), how: fc.constantFrom('swap' as const, 'repeat' as const) }),
  step(1, 'poison', { document, kind: fc.nat(2) }),
  step(2, 'pass', { document, at: fc.nat(99) }),
  step(5, 'appends', {
    document,
    are: fc.constantFrom('fine', 'fine', 'failing', 'stored-and-failing', 'hanging'),
  }),
  step(2, 'loads', { document, are: fc.constantFrom('fine', 'fine', 'failing', 'slow') }),
  step(1, 'compactions', { document, are: fc.constantFrom('fine', 'failing', 'stored-and-failing') }),
  step(2, 'latency', { document, milliseconds: fc.constantFrom(0, 0, 5, 40, 300) }),
  step(1, 'kill', { document }),
  step(1, 'crash', { survivors: fc.nat(3) }),
  step(1, 'shut down', {}),
  step(1, 'unload', {}),
)
/** One thing that happens. */
export type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

async function perform(simulation: Simulation, action: Step, index: number): Promise<void> {
  const at = (i: number): ReturnType<Simulation['at']> => simulation.at(i)
  const mallory = (name: 'a' | 'b'): ReturnType<Simulation['at']> => at(name === 'a' ? PEERS : PEERS + 1)
  switch (action.do) {
    case 'edit':
      return edit(at(action.peer).peer, action.kind, action.at, tokenOf(index))
    case 'up':
      return void simulation.deliver(at(action.peer), 'toServer', action.most)
    case 'down':
      return void simulation.deliver(at(action.peer), 'toPeer', action.most)
    case 'exchange':
      return void (await simulation.exchange(action.milliseconds))
    case 'wait':
      await simulation.clock.advance(action.milliseconds)
      return simulation.expectTold()
    case 'connect':
      return void simulation.connect(at(action.peer), action.isResuming)
    case 'connect all':
      simulation.connectAll()
      return simulation.clock.advance(5)
    case 'disconnect':
      return simulation.disconnect(at(action.peer), action.isHalfOpen)
    case 'notice':
      return simulation.notice()
    case 'deliver late':
      return simulation.deliverLate(action.most)
    case 'reopen':
      return simulation.reopen(at(action.peer))
    case 'ask':
      return at(action.peer).peer.ask()
    case 'query awareness':
      return at(action.peer).peer.queryAwareness()
    case 'appear':
      return at(action.peer).peer.appear(`state ${index}`)
    case 'stall': {
      const { link } = at(action.peer).peer
      if (link !== null) link.isStalled = true
      return
    }
    case 'read':
      return at(action.peer).peer.link?.read(action.most)
    case 'disturb':
      return simulation.disturb(at(action.peer), action.at, action.how)
    case 'poison': {
      const { poison, dependency } = delayedPoison()
      if (action.kind === 0) simulation.poison(mallory(action.document), poisonousUpdate())
      else if (action.kind === 1) simulation.poison(mallory(action.document), poison)
      else mallory(action.document).peer.pass(dependency)
      return
    }
    case 'pass': {
      const { document: itsDocument, peer: passer } = mallory(action.document)
      const updates = simulation.written.get(itsDocument) ?? []
      const update = updates[action.at % Math.max(1, updates.length)]
      if (update !== undefined) passer.pass(update)
      return
    }
    case 'appends':
      return simulation.disk(simulation.document(action.document), { appends: action.are })
    case 'loads':
      return simulation.disk(simulation.document(action.document), { loads: action.are })
    case 'compactions':
      return simulation.disk(simulation.document(action.document), { compactions: action.are })
    case 'latency':
      return simulation.setLatency(simulation.document(action.document), action.milliseconds)
    case 'kill':
      return simulation.kill(simulation.document(action.document))
    case 'crash':
      return simulation.crash(action.survivors)
    case 'shut down':
      return simulation.shutDown()
    case 'unload':
      return simulation.unload()
  }
}

/** All that a document is: two that have the same are the same to everybody who edits on. */
function stateOf(doc: Y.Doc): unknown {
  return {
    vector: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc))),
    deleted: Buffer.from(Y.encodeSnapshot(Y.snapshot(doc))).toString('hex'),
    text: doc.getText('text').toDelta() as unknown,
    paragraphs: doc.getXmlFragment('prosemirror').toJSON(),
  }
}

/** Of an awareness state, what its client said; the server adds who it is. */
function nameIn(state: string | null): unknown {
  return (JSON.parse(state ?? '{}') as { name?: unknown }).name
}

/** What nobody else inserts, also if something of it is deleted: one digit fewer would be no token. */
function tokenOf(index: number): string {
  return `<${String(index).padStart(6, '0')}>`
}

function expectNoTokenTwice(doc: Y.Doc): void {
  const tokens =
    doc
      .getText('text')
      .toJSON()
      .match(/<\d{6}>/g) ?? []
  expect(new Set(tokens).size).toBe(tokens.length)
}

/** What happens, in order, and to what server. */
export interface Story {
  readonly options: SimulationOptions
  readonly steps: readonly Step[]
}

/** Lives a story, and looks at every law along the way and at its end. */
export async function live({ options, steps }: Story): Promise<void> {
  const simulation = new Simulation(options)
  simulation.connectAll()
  await simulation.clock.advance(5)
  for (const [index, action] of steps.entries()) {
    await perform(simulation, action, index)
    expect(simulation.violations).toEqual([])
  }
  await simulation.settle()
  expect(simulation.violations).toEqual([])
  const settled = new Map(simulation.documents.map((each) => [each, stateOf(each.reload().doc)]))
  for (const participant of simulation.participants) {
    const { doc, others } = participant.peer
    expect(stateOf(doc)).toEqual(settled.get(participant.document))
    expectNoTokenTwice(doc)
    const seen = [...others.values()].filter(({ state }) => state !== null)
    expect(new Map(seen.map(({ clientID, state }) => [clientID, nameIn(state)]))).toEqual(
      simulation.presentTo(participant),
    )
  }
  await simulation.unload()
  simulation.expectNothingHeld()
  for (const each of simulation.documents) expect(stateOf(each.reload().doc)).toEqual(settled.get(each))
  expect(simulation.violations).toEqual([])
}

const anyOptions: fc.Arbitrary<SimulationOptions> = fc.record({
  unsavedBytes: fc.constantFrom(Infinity, Infinity, 500),
  memoryBytes: fc.constantFrom(Infinity, 0),
  compactAfter: fc.constantFrom(8, 40),
  stockPeer: fc.integer({ min: -1, max: PEERS - 1 }),
})

/** Any story of some length. */
export const anyStory: fc.Arbitrary<Story> = fc.record({
  options: anyOptions,
  steps: fc.array(anyStep, { maxLength: 120, size: 'max' }),
})
