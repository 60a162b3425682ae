import { expect, test } from '@playwright/test'
import type * as Y from 'yjs'
import { CodraftServer } from '../support/codraft-server.ts'
import { GatedClient } from '../support/gated-client.ts'
import { CountingClient, StockClient } from '../support/stock-client.ts'
import { readTrace, type ConcurrentTrace, type Patch } from '../support/traces.ts'

const missing = 'the keyboard traces are not on this machine (CODRAFT_TRACES names their folder)'

let server: CodraftServer

test.beforeEach(async () => {
  server = await CodraftServer.start()
})
test.afterEach(() => server.remove())

function apply(text: Y.Text, patches: readonly Patch[]): void {
  text.doc?.transact(() => {
    for (const [position, deleted, inserted] of patches) {
      if (deleted > 0) text.delete(position, deleted)
      if (inserted !== '') text.insert(position, inserted)
    }
  })
}

/** The document as a fresh client gets it after the server was killed and started again. */
async function textAfterCrash(documentName: string): Promise<string> {
  // Stock clients are not told what is saved, and hear of each other before that.
  await expect
    .poll(async () => (await fetch(`${server.url}metrics`)).text())
    .toMatch(/^codraft_unsaved_updates 0$/m)
  await server.signal('SIGKILL')
  await server.start()
  const fresh = await new StockClient(server.webSocketUrl, documentName).synced()
  const text = fresh.text.toJSON()
  fresh.close()
  return text
}

/** For each transaction, how many of each agent's it builds on. */
function ancestry({ txns }: ConcurrentTrace): [number, number][] {
  const counts: [number, number][] = []
  const including: [number, number][] = []
  for (const { parents, agent } of txns) {
    const before: [number, number] = [0, 0]
    for (const parent of parents) {
      const [first, second] = including[parent] ?? [0, 0]
      before[0] = Math.max(before[0], first)
      before[1] = Math.max(before[1], second)
    }
    counts.push([...before])
    before[agent === 0 ? 0 : 1]++
    including.push(before)
  }
  return counts
}

/** One of the two who write. */
interface Agent {
  readonly client: GatedClient
  /** The counts of own transactions after which the other one takes them. */
  readonly marks: Set<number>
  written: number
  /** How many of the other's transactions it has taken. */
  taken: number
}

/** Replays a trace of two agents: each transaction is made on exactly what its author had then. */
async function replay(trace: ConcurrentTrace, clients: readonly [GatedClient, GatedClient]): Promise<void> {
  const builtOn = ancestry(trace)
  const [first, second] = clients.map((client): Agent => ({ client, marks: new Set(), written: 0, taken: 0 }))
  if (first === undefined || second === undefined) throw new RangeError('two clients are needed')
  const roles = (agent: number): { self: Agent; other: Agent; needed: (i: number) => number } =>
    agent === 0
      ? { self: first, other: second, needed: (i) => builtOn[i]?.[1] ?? 0 }
      : { self: second, other: first, needed: (i) => builtOn[i]?.[0] ?? 0 }

  for (const [i, { agent }] of trace.txns.entries()) roles(agent).other.marks.add(roles(agent).needed(i))
  for (const [i, { agent, patches }] of trace.txns.entries()) {
    const { self, other, needed } = roles(agent)
    if (needed(i) > self.taken) {
      self.taken = needed(i)
      self.client.takeUpTo(self.taken)
    }
    apply(self.client.text, patches)
    self.written++
    // Where the other one takes what this one has written, this one goes on only when it has arrived there.
    if (self.marks.has(self.written)) {
      self.client.mark(self.written)
      await other.client.arrived(self.written)
    }
  }
  const end = trace.txns.length + 1
  first.client.mark(end)
  second.client.mark(end)
  await Promise.all([first.client.arrived(end), second.client.arrived(end)])
}

const sorted = (text: string): string => Array.from(text).toSorted().join('')

test.describe('two people’s real writing, by stock clients', () => {
  const trace = readTrace('friendsforever')

  for (const [title, ids, share] of [
    ['ends as it did when agent 0 has the lower client id', [1, 2], 1],
    ['converges when agent 1 has', [2, 1], Number(process.env['CODRAFT_TRACE_SHARE'] ?? 0.2)],
  ] as const) {
    test(title, async () => {
      test.skip(trace === null, missing)
      if (trace === null) return
      test.setTimeout(300_000)
      const clients = [
        await new GatedClient(server.webSocketUrl, 'friends', ids[0]).synced(),
        await new GatedClient(server.webSocketUrl, 'friends', ids[1]).synced(),
      ] as const
      await replay({ ...trace, txns: trace.txns.slice(0, trace.txns.length * share) }, clients)
      for (const client of clients) client.takeAll()
      const [first, second] = clients.map((client) => client.text.toJSON())
      expect(first).toBe(second)
      if (share === 1) expect(sorted(first ?? '')).toBe(sorted(trace.endContent))
      if (ids[0] < ids[1]) expect(first).toBe(trace.endContent)
      for (const client of clients) client.close()
      expect(await textAfterCrash('friends')).toBe(first)
    })
  }
})

test.describe('one person’s real writing of a paper', () => {
  const trace = readTrace('automerge-paper')

  test('is all there after a crash, once it was acked', async () => {
    test.skip(trace === null, missing)
    if (trace === null) return
    test.setTimeout(300_000)
    const client = new CountingClient(server.webSocketUrl, 'paper')
    await client.synced()
    const start = performance.now()
    for (const [i, { patches }] of trace.txns.entries()) {
      apply(client.text, patches)
      // Lets what was written leave, and acks come in.
      if (i % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await client.saved()
    const seconds = (performance.now() - start) / 1000
    expect(client.text.toJSON()).toBe(trace.endContent)
    client.close()
    expect(await textAfterCrash('paper')).toBe(trace.endContent)
    const { length } = trace.txns
    console.log(
      `${length} updates written and acked in ${seconds.toFixed(1)} s: ${Math.round(length / seconds)}/s`,
    )
  })
})
