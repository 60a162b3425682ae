import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { Simulation, type Peer } from './support/simulation.ts'

const PEERS = 5

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
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('edit' as const), peer, kind: fc.nat(5), at: fc.nat(50) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('up' as const), peer, most: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('down' as const), peer, most: fc.nat(9) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('exchange' as const), milliseconds: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const), peer }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('connect' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), survivors: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unload' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What was reported to be saved is in the log. */
async function expectSavedIsStored(simulation: Simulation): Promise<void> {
  const stored = await simulation.reload()
  for (const { doc, savedClock } of simulation.peers) {
    expect(Y.getState(stored.store, doc.clientID)).toBeGreaterThanOrEqual(savedClock)
  }
}

async function perform(simulation: Simulation, action: Step, index: number): Promise<void> {
  const at = (i: number): Peer => {
    const found = simulation.peers[i]
    if (found === undefined) throw new RangeError(`there is no peer ${i}`)
    return found
  }
  switch (action.do) {
    case 'edit':
      return edit(at(action.peer), action.kind, action.at, `<${index}>`)
    case 'up':
      return void simulation.deliver(at(action.peer), 'toServer', action.most)
    case 'down':
      return void simulation.deliver(at(action.peer), 'toPeer', action.most)
    case 'exchange':
      return void (await simulation.exchange(action.milliseconds))
    case 'disconnect':
      return simulation.disconnect(at(action.peer))
    case 'connect':
      return simulation.connectAll()
    case 'unload':
      return simulation.unload()
    case 'crash':
      simulation.crash(action.survivors)
      return expectSavedIsStored(simulation)
  }
}

function content(doc: Y.Doc): unknown {
  return {
    text: doc.getText('text').toDelta() as unknown,
    paragraphs: doc.getXmlFragment('prosemirror').toJSON(),
  }
}

test(
  'five peers converge, nothing saved is ever missing, and the log reloads to the same',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), async (steps) => {
        const simulation = new Simulation(PEERS)
        await simulation.connectAll()
        for (const [index, action] of steps.entries()) await perform(simulation, action, index)
        await simulation.settle()
        const stored = await simulation.reload()
        for (const { doc, savedClock, ownClock } of simulation.peers) {
          expect(content(doc)).toEqual(content(stored))
          expect(savedClock).toBe(ownClock)
        }
        await simulation.unload()
        expect(content(await simulation.reload())).toEqual(content(stored))
      }),
      { numRuns: Number(process.env['CODRAFT_RUNS'] ?? 300) },
    )
  },
)
