import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { CodraftServer } from '../../../e2e/support/codraft-server.ts'
import { Random } from '../../../e2e/merging/random.ts'
import { compilePowerCut, powerOn, type Power } from '../../../persistence/test/power-cut/power-cut.ts'
import { isSame, Participant } from './participant.ts'
import { judge } from './stored-promises.ts'

/** How often the server is killed, and its power cut. */
const KILLS = Number(process.env['CODRAFT_KILLS'] ?? 5)
const FIRST_SEED = Number(process.env['CODRAFT_SEED'] ?? Date.now() % 1_000_000)
/** Kills of one server with its data folder and its people; then everything begins anew. */
const KILLS_OF_ONE = 10
/** How much people hear before a kill at most, in messages, and how long it takes at most, in milliseconds. */
const MOST_HEARD = 500
const LONGEST_WORK = 3_000
const DOCUMENTS = 3
const PEOPLE = 7

const tools = await mkdtemp(join(tmpdir(), 'codraft-killed-server-'))
afterAll(() => rm(tools, { recursive: true }))
const powerCut = await compilePowerCut(tools)
const noCompiler = powerCut === null ? ' (not tested here: they need Linux and a C compiler, cc)' : ''

/** What is done to the disk of a killed server. */
interface Fate {
  /** Called before each start; gives what the process is to have in its environment. */
  prepare(): Promise<Readonly<Record<string, string>>>
  /** Called when the process is dead. */
  befall(): Promise<void>
}

type MakeFate = (dataDir: string, random: Random) => Fate

const nothingMore: MakeFate = () => ({
  prepare: () => Promise.resolve({}),
  befall: () => Promise.resolve(),
})

/** Power cuts, on a disk that lies about syncing from one start of the server on. */
function powerCuts({ lyingFrom = Infinity }: { readonly lyingFrom?: number } = {}): MakeFate {
  return (dataDir, random) => {
    let power: Power | null = null
    let starts = 0
    return {
      prepare: async () => {
        power = await powerOn(powerCut ?? '', dataDir, { lying: ++starts >= lyingFrom })
        return power.env
      },
      befall: async () => power?.cut({ random: () => random.share(), torn: random.chance(0.5) }),
    }
  }
}

/** A server that is killed again and again, and the people who work on its documents. */
class DoomedServer {
  readonly people: readonly Participant[]
  /** How many document messages were acked. */
  acked = 0
  entries = 0
  folded = 0
  readonly #server: CodraftServer
  readonly #fate: Fate
  readonly #random: Random

  static async start(seed: number, makeFate: MakeFate): Promise<DoomedServer> {
    const random = new Random(seed)
    const compactAfter = String(random.pick([2, 10, 40, 150]))
    const args = ['--compact-after', compactAfter, '--log-level', 'error']
    const server = await CodraftServer.create({ args })
    onTestFinished(() => server.remove())
    const doomed = new DoomedServer(server, makeFate(server.dataDir, random), random)
    await doomed.#start()
    return doomed
  }

  private constructor(server: CodraftServer, fate: Fate, random: Random) {
    this.#server = server
    this.#fate = fate
    this.#random = random
    this.people = Array.from(
      { length: PEOPLE },
      (_, i) => new Participant(`document ${i % DOCUMENTS}`, { isStock: i === 0 || random.chance(0.2) }),
    )
  }

  async #start(): Promise<void> {
    await this.#server.start(await this.#fate.prepare())
  }

  /** Lets people work, kills the server, and returns what it had told them that is not so. */
  async workAndDie(): Promise<readonly string[]> {
    const mind = await this.#meet()
    await this.#workUntil(async () => {
      // Kills have to come at moments that nothing announces, not only at those at which something arrives.
      const enough = this.#heard() + this.#random.below(MOST_HEARD)
      const latest = performance.now() + LONGEST_WORK
      while (this.#heard() < enough && performance.now() < latest) await delay(1)
      await delay(this.#random.below(30))
      await this.#server.signal('SIGKILL')
    })
    const broken = await this.#judge()
    // Now and then it dies again before it is ready.
    while (this.#random.chance(0.15)) {
      const started = this.#start()
      await Promise.race([started, delay(this.#random.below(700))])
      await this.#server.signal('SIGKILL')
      await started.catch(() => {})
      broken.push(...(await this.#judge()))
    }
    return [...mind, ...broken, ...this.#server.log.split('\n').filter((line) => line !== '')]
  }

  /** Everybody comes, with what they wrote meanwhile, and goes on until all have the same; returns who has not. */
  async #meet(): Promise<readonly string[]> {
    const readers = Array.from(
      { length: DOCUMENTS },
      (_, i) => new Participant(`document ${i}`, { isStock: false }),
    )
    const all = [...this.people, ...readers]
    await Promise.all(all.map((person) => person.connect(this.#server.url)))
    let apart: readonly string[] = []
    for (let round = 0; round < 20; round++) {
      await Promise.all(all.map((person) => person.settle()))
      apart = this.people.flatMap((person) => {
        const reader = readers.find(({ documentName }) => documentName === person.documentName)
        if (reader !== undefined && isSame(person.doc, reader.doc)) return []
        return [`${person.doc.clientID} has another ${person.documentName} than who comes anew`]
      })
      if (apart.length === 0) break
    }
    await Promise.all(readers.map((reader) => reader.disconnect(this.#random)))
    return apart
  }

  /** How many messages the server has sent to anybody who is connected. */
  #heard(): number {
    let heard = 0
    for (const { client } of this.people) heard += client?.received.length ?? 0
    return heard
  }

  async #workUntil(dies: () => Promise<void>): Promise<void> {
    const random = this.#random.fork()
    const dead = new AbortController()
    const death = dies().then(() => dead.abort())
    while (!dead.signal.aborted) {
      for (const person of this.people) {
        for (let acts = random.below(4); acts > 0; acts--) person.act(random)
        if (random.chance(0.02)) await person.disconnect(random)
        else if (!person.isOnline && random.chance(0.2)) await person.connect(this.#server.url)
      }
      await delay(random.below(5))
    }
    await death
    // What the server had sent before it died still counts.
    await Promise.all(this.people.map(async ({ client }) => client?.untilClosed()))
  }

  async #judge(): Promise<string[]> {
    await this.#fate.befall()
    const image = `${this.#server.dataDir}.image`
    await cp(this.#server.dataDir, image, { recursive: true })
    const { broken, entries, folded } = await judge(image, this.people)
    await rm(image, { recursive: true })
    this.entries = entries
    this.folded = folded
    this.acked = 0
    for (const { connections } of this.people) for (const { acked } of connections) this.acked += acked
    return [...broken]
  }

  /** Starts it again; to be called between two deaths. */
  async revive(): Promise<void> {
    await this.#start()
  }
}

const lives = Array.from({ length: Math.ceil(KILLS / KILLS_OF_ONE) }, (_, life) => ({
  seed: FIRST_SEED + life,
  kills: Math.min(KILLS_OF_ONE, KILLS - life * KILLS_OF_ONE),
}))

/** Kills a server so many times, or until a promise is broken; returns those, each with the kill after which it was. */
async function dieAgainAndAgain(
  what: string,
  seed: number,
  kills: number,
  makeFate: MakeFate,
): Promise<string[]> {
  const server = await DoomedServer.start(seed, makeFate)
  for (let kill = 1; kill <= kills; kill++) {
    if (kill > 1) await server.revive()
    const broken = await server.workAndDie()
    if (broken.length > 0) return broken.map((fault) => `seed ${seed}, ${what} ${kill}: ${fault}`)
  }
  const { acked, entries, folded } = server
  console.log(`seed ${seed}: ${kills} ${what}; acked ${acked}, entries ${entries}, folded ${folded}`)
  return []
}

describe('a server that dies at random moments while several people work', () => {
  test.each(lives)(
    'by $kills kills has kept every promise (seed $seed)',
    async ({ seed, kills }) => {
      expect(await dieAgainAndAgain('kills', seed, kills, nothingMore)).toEqual([])
    },
    60_000 + KILLS_OF_ONE * 20_000,
  )

  test.skipIf(powerCut === null).each(lives)(
    `by $kills power cuts has kept every promise (seed $seed)${noCompiler}`,
    async ({ seed, kills }) => {
      expect(await dieAgainAndAgain('power cuts', seed, kills, powerCuts())).toEqual([])
    },
    60_000 + KILLS_OF_ONE * 20_000,
  )

  test.skipIf(powerCut === null)('on a disk that lies has not', async () => {
    const server = await DoomedServer.start(FIRST_SEED, powerCuts({ lyingFrom: 2 }))
    let broken = await server.workAndDie()
    while (broken.length === 0) {
      await server.revive()
      broken = await server.workAndDie()
    }
    expect(broken).not.toEqual([])
  })
})
