import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { closeCodes, isRetryable, type CloseReason } from '../../protocol/index.ts'
import { MemoryDocumentLog } from '../../persistence/index.ts'
import { AttackedRoom } from './support/attacked-room.ts'
import { Mutator } from './support/mutate-message.ts'
import { Random } from './support/random.ts'
import { realMessages } from './support/real-messages.ts'
import { TestClient } from './support/test-client.ts'
import { startServer } from './support/test-server.ts'

const SEED = Number(process.env['CODRAFT_SEED'] ?? 1)
const FRAMES = Number(process.env['CODRAFT_FRAMES'] ?? 500)
/** Without sockets there is time for more of them. */
const FRAMES_IN_ROOMS = 5 * FRAMES
/** A server and its document last for so many frames. */
const FRAMES_OF_ROUND = 2_000
/** How many sockets are hostile at the same time. */
const ATTACKERS = 8
/** A socket that is not closed sends so many and goes by itself. */
const FRAMES_OF_SOCKET = 10

/** Closed by the server for what it sent; never for a failure of the server's own, which is what 4500 says. */
const DOCUMENTED = new Set<number>(
  Object.values(closeCodes).filter((code) => !isRetryable(code) || code === closeCodes.tooMuchWaiting),
)

/** A socket of somebody who means harm; says what it was closed with. */
class Attacker {
  readonly #socket: WebSocket
  closeCode: number | null = null
  #wake: () => void = () => {}

  constructor(url: string, subprotocols: string[]) {
    this.#socket = new WebSocket(url, subprotocols)
    for (const event of ['open', 'pong', 'error'] as const) this.#socket.on(event, () => this.#wake())
    this.#socket.on('close', (code) => {
      this.closeCode = code
      this.#wake()
    })
  }

  async #next(): Promise<void> {
    if (this.closeCode === null) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  async opened(): Promise<void> {
    while (this.#socket.readyState === WebSocket.CONNECTING) await this.#next()
  }

  /** Resolves when the server has read the frame: it answers the ping that follows it, or closes. */
  async send(frame: Uint8Array | string): Promise<void> {
    if (this.closeCode !== null) return
    this.#socket.send(frame)
    this.#socket.ping()
    await this.#next()
  }

  leave(): void {
    this.#socket.terminate()
  }
}

/** All ids that a document has, and those of them that are deleted. */
function idsOf(doc: Y.Doc): unknown {
  return {
    stateVector: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc))),
    deleted: Object.fromEntries(Y.decodeUpdate(Y.encodeStateAsUpdate(doc)).ds.clients),
  }
}

async function joined(url: string, documentName: string): Promise<TestClient> {
  const client = await TestClient.connect(url, documentName)
  await client.untilReceived('sync-step-2')
  return client
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}

/** Whoever is hostile to a document, with a number of frames that they have left to send. */
class Mob {
  readonly codes = new Map<number, number>()
  readonly #url: string
  readonly #random: Random
  readonly #mutator: Mutator
  #left: number

  constructor(url: string, seed: number, frames: number) {
    this.#url = url
    this.#random = new Random(seed)
    this.#mutator = new Mutator(realMessages(seed), this.#random)
    this.#left = frames
  }

  async attack(): Promise<void> {
    while (this.#left > 0) await this.#attackOnce()
  }

  async #attackOnce(): Promise<void> {
    const attacker = new Attacker(this.#url, this.#random.below(3) === 0 ? [] : ['codraft.1'])
    await attacker.opened()
    for (let i = 0; i < FRAMES_OF_SOCKET && this.#left > 0 && attacker.closeCode === null; i++) {
      this.#left--
      await attacker.send(this.#mutator.mutant())
    }
    const { closeCode } = attacker
    if (closeCode !== null) this.codes.set(closeCode, (this.codes.get(closeCode) ?? 0) + 1)
    attacker.leave()
  }
}

/** Writes one number after the other, each when the one before is saved, until it is told to stop. */
class Writer {
  readonly person: TestClient
  readonly #list: Y.Array<number>
  #isOver = false

  constructor(person: TestClient, name: string) {
    this.person = person
    this.#list = person.doc.getArray(name)
  }

  async write(): Promise<void> {
    while (!this.#isOver) {
      this.#list.push([this.#list.length])
      await this.person.untilSaved()
    }
  }

  stop(): number {
    this.#isOver = true
    return this.#list.length
  }
}

/** Sends mutants from several sockets while Alice writes beside them, and tells how often each close code came. */
async function attack(seed: number, frames: number): Promise<Map<number, number>> {
  const log = new MemoryDocumentLog()
  const { url } = await startServer({ log, flags: { maxSessionsPerAddress: '0' } })
  const bob = await joined(url, 'attacked')
  const alice = new Writer(await joined(url, 'attacked'), 'by alice')
  const carol = new Writer(await joined(url, 'other'), 'by carol')
  const work = [alice.write(), carol.write()]
  const mob = new Mob(`${url.replace('http', 'ws')}collab/attacked`, seed, frames)
  await Promise.all(Array.from({ length: ATTACKERS }, () => mob.attack()))
  const [written] = [alice.stop(), carol.stop()]
  await Promise.all(work)

  const people = [alice.person, bob, carol.person]
  for (const person of people) await person.roundTrip()
  expect(people.map(({ closeCode }) => closeCode)).toEqual([null, null, null])
  expect([...carol.person.doc.share.keys()]).toEqual(['by carol'])
  expect(idsOf(bob.doc)).toEqual(idsOf(alice.person.doc))

  const { url: restarted } = await startServer({ log })
  const dora = await joined(restarted, 'attacked')
  expect(dora.doc.getArray('by alice').toJSON()).toEqual(Array.from({ length: written }, (_, i) => i))
  const returned = await TestClient.connect(restarted, 'attacked', { doc: alice.person.doc })
  await returned.untilSaved()
  await dora.roundTrip()
  expect(idsOf(dora.doc)).toEqual(idsOf(returned.doc))
  for (const person of [...people, dora, returned]) person.socket.terminate()
  return mob.codes
}

test(
  `what is made of real messages costs nobody but its sender anything (CODRAFT_SEED=${SEED})`,
  { timeout: 60_000 + FRAMES * 20 },
  async () => {
    const before = heapUsed()
    const codes = new Map<number, number>()
    for (let done = 0; done < FRAMES; done += FRAMES_OF_ROUND) {
      addTo(codes, await attack(SEED + done / FRAMES_OF_ROUND, Math.min(FRAMES_OF_ROUND, FRAMES - done)))
    }
    report(codes)
    expect([...codes.keys()].filter((code) => !DOCUMENTED.has(code))).toEqual([])
    expect(codes.get(closeCodes.malformed)).toBeGreaterThan(0)
    expect(heapUsed() - before).toBeLessThan(200 * 2 ** 20)
  },
)

/** Hands mutants to a room beside two peers who write, and tells how often a session was closed for which reason. */
async function attackRoom(mutator: Mutator, frames: number): Promise<Map<CloseReason | null, number>> {
  const room = new AttackedRoom(2)
  await room.settle()
  const reasons = new Map<CloseReason | null, number>()
  let attacker = await room.join()
  for (let i = 0; i < frames; i++) {
    attacker.receive(mutator.mutant())
    attacker.toPeer.length = 0
    if (i % FRAMES_OF_SOCKET === 0) for (const { doc } of room.peers) doc.getArray('by a peer').push([i])
    if (i % 3 === 0) await room.exchange(20)
    const { endedFor } = attacker
    if (endedFor === null && i % FRAMES_OF_SOCKET > 0) continue
    reasons.set(endedFor, (reasons.get(endedFor) ?? 0) + 1)
    attacker.end('goingAway')
    attacker.leave()
    attacker = await room.join()
  }
  attacker.end('goingAway')
  attacker.leave()

  await room.settle()
  expectSameAndSaved(room, 2 * Math.ceil(frames / FRAMES_OF_SOCKET))
  room.crash()
  await room.settle()
  expectSameAndSaved(room, 2 * Math.ceil(frames / FRAMES_OF_SOCKET))
  return reasons
}

function expectSameAndSaved({ peers }: AttackedRoom, written: number): void {
  for (const { doc, link, savedClock, ownClock } of peers) {
    expect(link?.endedFor).toBe(null)
    expect(savedClock).toBe(ownClock)
    expect(doc.getArray('by a peer').length).toBe(written)
  }
  const [one, other] = peers.map(({ doc }) => idsOf(doc))
  expect(one).toEqual(other)
}

/** A long run is made for its figures. */
function report(counts: ReadonlyMap<unknown, number>): void {
  if (process.env['CODRAFT_FRAMES'] !== undefined) console.log(counts)
}

function addTo<Key>(counts: Map<Key, number>, more: ReadonlyMap<Key, number>): void {
  for (const [key, count] of more) counts.set(key, (counts.get(key) ?? 0) + count)
}

test(
  `what is made of real messages costs a room nothing (CODRAFT_SEED=${SEED})`,
  { timeout: 60_000 + FRAMES_IN_ROOMS * 20 },
  async () => {
    const reasons = new Map<CloseReason | null, number>()
    for (let done = 0; done < FRAMES_IN_ROOMS; done += FRAMES_OF_ROUND) {
      const seed = SEED + done / FRAMES_OF_ROUND
      const mutator = new Mutator(realMessages(seed), new Random(seed))
      addTo(reasons, await attackRoom(mutator, Math.min(FRAMES_OF_ROUND, FRAMES_IN_ROOMS - done)))
    }
    report(reasons)
    expect(reasons.get('internalError')).toBe(undefined)
    expect(reasons.get('malformed')).toBeGreaterThan(0)
  },
)
