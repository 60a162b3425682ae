import { pino } from 'pino'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { MemoryDocumentLog, PersistenceError, type DocumentLog } from '../../persistence/index.ts'
import type { IncomingUpdate } from '../sync/live-document.ts'
import { DocumentLostError } from '../sync/document-host.ts'
import { DocumentThreads } from '../sync/document-threads.ts'
import { MemoryBudget } from '../sync/memory-budget.ts'
import { RoomDocument } from '../sync/room-document.ts'
import { readUpdateContents } from '../sync/update-contents.ts'
import { contentOf } from './support/document-content.ts'
import { delayedPoison, poisonousUpdate } from './support/poison.ts'
import { randomUpdates } from './support/random-updates.ts'

const DOCUMENT = 'doc'
const NOTHING = Uint8Array.of(0)

const incoming = (update: Uint8Array, source: object = {}): IncomingUpdate => ({
  update,
  contents: readUpdateContents(update),
  source,
})

/** The updates of typing a text, one character each. */
function typed(text: string, clientID = 1): Uint8Array[] {
  const doc = new Y.Doc()
  doc.clientID = clientID
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const [i, character] of Array.from(text).entries()) doc.getText('text').insert(i, character)
  return updates
}

function textOf(...updates: readonly Uint8Array[]): string {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc.getText('text').toJSON()
}

interface Surroundings {
  readonly memory?: MemoryBudget
  readonly threads?: DocumentThreads | undefined
}

/** A document's log that can fail to be read, and a room's document that stands on it. */
class Desk {
  readonly memory: MemoryBudget
  readonly threads: DocumentThreads | undefined
  readonly #log = new MemoryDocumentLog()
  loads = 0
  failing = 0

  constructor({ memory = new MemoryBudget(Infinity), threads }: Surroundings = {}) {
    this.memory = memory
    this.threads = threads
  }

  async write(...updates: readonly Uint8Array[]): Promise<void> {
    await this.#log.append(
      DOCUMENT,
      updates.map((update) => ({ author: 'alice', update })),
    )
  }

  async fold(snapshot: Uint8Array): Promise<void> {
    const { lastSequence: through } = await this.#log.load(DOCUMENT)
    await this.#log.compact(DOCUMENT, { snapshot, through, keep: [] })
  }

  open(): Promise<RoomDocument> {
    const log: DocumentLog = Object.assign(Object.create(this.#log) as DocumentLog, {
      load: async (name: string) => {
        this.loads++
        if (this.failing-- > 0) throw new PersistenceError('io', 'the disk does not answer')
        return this.#log.load(name)
      },
    })
    return RoomDocument.open({
      log,
      documentName: DOCUMENT,
      logger: pino({ level: 'silent' }),
      memory: this.memory,
      threads: this.threads,
    })
  }

  /** Has the document take an update, and logs it, as a room does. */
  async take(document: RoomDocument, ...updates: readonly Uint8Array[]): Promise<readonly string[]> {
    const { outcomes } = await document.apply(
      updates.map((update) => incoming(update)),
      { takesNews: true },
    )
    await this.write(...updates.filter((_, i) => outcomes[i] === 'news'))
    return outcomes
  }
}

/** A document that holds a text, as it is stored after so many of its keystrokes were folded. */
async function stored(text: string, folded = 0, surroundings: Surroundings = {}): Promise<Desk> {
  const desk = new Desk(surroundings)
  const updates = typed(text)
  await desk.write(...updates.slice(0, folded))
  if (folded > 0) await desk.fold(Y.mergeUpdates(updates.slice(0, folded)))
  await desk.write(...updates.slice(folded))
  return desk
}

/** A document of so many bytes and a few. */
async function storedBytes(bytes: number, memory: MemoryBudget): Promise<Desk> {
  const doc = new Y.Doc()
  doc.getText('text').insert(0, 'x'.repeat(bytes))
  const desk = new Desk({ memory })
  await desk.write(Y.encodeStateAsUpdate(doc))
  return desk
}

const RUNS = Number(process.env['CODRAFT_RUNS'] ?? 100)

const ownThreads = new DocumentThreads({ logger: pino({ level: 'silent' }), fromBytes: 0 })
afterAll(() => ownThreads.close())

describe.each([
  ['in this thread', undefined],
  ['in a thread for documents', ownThreads],
])('%s', (_where, threads) => {
  describe('a document that was opened', () => {
    test('is at rest, and answers', async () => {
      const document = await (await stored('abcd', 2, { threads })).open()
      expect(textOf(await document.diff(NOTHING))).toBe('abcd')
      const [first] = typed('a') as [Uint8Array]
      const rest = await document.diff(Y.encodeStateVectorFromUpdate(first))
      expect(textOf(rest)).toBe('')
      expect(textOf(first, rest)).toBe('abcd')
      expect(Y.decodeStateVector(await document.stateVector())).toEqual(new Map([[1, 4]]))
      expect(document.isLive).toBe(false)
      expect(document.stored).toMatchObject({ tailLength: 2, lastSequence: 4, lacking: null })
    })

    test('gives all who ask the same the same bytes until it changes', async () => {
      const desk = await stored('abcd', 4, { threads })
      const document = await desk.open()
      const before = await document.diff(NOTHING)
      expect(await document.diff(NOTHING)).toBe(before)
      const vector = Y.encodeStateVector(new Map([[1, 2]]))
      expect(await document.diff(vector)).toBe(await document.diff(vector.slice()))
      await desk.take(document, ...typed('x', 2))
      const after = await document.diff(NOTHING)
      expect(textOf(after)).toHaveLength(5)
      expect(await document.diff(NOTHING)).toBe(after)
    })

    test('is made live by a change, and by nothing else that comes', async () => {
      const desk = await stored('abcd', 2, { threads })
      const document = await desk.open()
      const doc = new Y.Doc()
      Y.applyUpdate(doc, await document.diff(NOTHING))
      doc.getText('text').delete(0, 1)
      const deletion = Y.encodeStateAsUpdate(doc, await document.stateVector())
      await desk.write(deletion)
      document.rest()
      // What the client of a document that has deletions sends is not empty, though it knows nothing new.
      expect(await desk.take(document, deletion)).toEqual(['known'])
      expect(await desk.take(document, Y.encodeStateAsUpdate(doc))).toEqual(['known'])
      expect(document.isLive).toBe(false)
      doc.getText('text').delete(0, 1)
      expect(await desk.take(document, Y.encodeStateAsUpdate(doc, await document.stateVector()))).toEqual([
        'news',
      ])
      expect(document.isLive).toBe(true)
      expect(textOf(await document.diff(NOTHING))).toBe('cd')
    })

    test('says its form in every form', async () => {
      const desk = await stored('abcd', 2, { threads })
      const document = await desk.open()
      expect(document.form()).toEqual({ form: 'text', version: 1 })
      document.rest()
      expect(document.form()).toEqual({ form: 'text', version: 1 })
      await desk.take(document, ...typed('x', 2))
      expect(document.form()).toEqual({ form: 'text', version: 1 })
      expect((await new Desk({ threads }).open()).form()).toBe(null)
    })

    test('is live at once if something in it waits, and tells what', async () => {
      const desk = new Desk({ threads })
      const [a, b, c] = typed('abc') as [Uint8Array, Uint8Array, Uint8Array]
      await desk.write(a, c)
      const document = await desk.open()
      expect(document.isLive).toBe(true)
      expect(document.stored.waiting.map(({ sequence }) => sequence)).toEqual([2])
      expect(textOf(await document.diff(NOTHING))).toBe('a')
      expect(await desk.take(document, b)).toEqual(['news'])
      expect(textOf(await document.diff(NOTHING))).toBe('abc')
      document.rest()
      expect(textOf(await document.diff(NOTHING))).toBe('abc')
    })

    test('names what it lets go of by the very thing that it was handed', async () => {
      const { poison, dependency } = delayedPoison()
      const document = await (await stored('a', 0, { threads })).open()
      const handed = incoming(poison)
      expect((await document.apply([handed], { takesNews: true })).lacking).not.toBeNull()
      const { spoiled } = await document.apply([incoming(dependency, {})], { takesNews: true })
      expect(spoiled).toHaveLength(1)
      expect(spoiled[0]?.contents).toBe(handed.contents)
      document.close()
    })

    test('leaves out poison, and keeps the rest', async () => {
      const desk = new Desk({ threads })
      await desk.write(...typed('ab'), poisonousUpdate(), Uint8Array.of(9, 9), ...typed('x', 2))
      const document = await desk.open()
      expect(textOf(await document.diff(NOTHING))).toHaveLength(3)
      expect(await desk.take(document, ...typed('y', 3))).toEqual(['news'])
      expect(textOf(await document.diff(NOTHING))).toHaveLength(4)
    })

    test('turns away what is new, and nothing else, where nothing is taken', async () => {
      const document = await (await stored('ab', 0, { threads })).open()
      const [a, b, c, d] = typed('abcd').map((update) => incoming(update, DOCUMENT as never))
      const batch = [a, c, b, d].filter((each) => each !== undefined)
      const { outcomes, changed } = await document.apply(batch, { takesNews: false })
      expect(outcomes).toEqual(['known', 'turned-away', 'skipped', 'skipped'])
      expect(changed).toBe(null)
    })

    test('folds at rest and live into the same document', async () => {
      for (const isLive of [false, true]) {
        const desk = await stored('abcd', 1, { threads })
        const document = await desk.open()
        if (isLive) await desk.take(document, ...typed('x', 2))
        const { snapshot, lacking } = await document.fold()
        expect(lacking).toBe(null)
        expect(contentOf(snapshot)).toEqual(contentOf(await document.diff(NOTHING)))
        await desk.fold(snapshot)
        document.rest()
        expect(contentOf(await document.diff(NOTHING))).toEqual(contentOf(snapshot))
      }
    })
  })

  describe('a document that has been laid to rest', () => {
    test('is read again, once for all who ask at once, and each sees what those before it did', async () => {
      const desk = await stored('ab', 0, { threads })
      const document = await desk.open()
      document.rest()
      expect(desk.loads).toBe(1)
      const [, , c] = typed('abc')
      const answers = await Promise.all([
        document.diff(NOTHING),
        document.apply([incoming(c ?? NOTHING)], { takesNews: true }),
        document.diff(NOTHING),
      ])
      expect(desk.loads).toBe(2)
      expect(textOf(answers[0])).toBe('ab')
      expect(textOf(answers[2])).toBe('abc')
    })

    test('rests after the calls that were made before', async () => {
      const desk = await stored('ab', 0, { threads })
      const document = await desk.open()
      document.rest()
      const before = document.stateVector()
      document.rest()
      await before
      await document.stateVector()
      expect(desk.loads).toBe(3)
    })

    test('refuses a call if it cannot be read, and tries again at the next', async () => {
      const desk = await stored('ab', 0, { threads })
      const document = await desk.open()
      document.rest()
      desk.failing = 2
      await expect(document.diff(NOTHING)).rejects.toThrow(PersistenceError)
      await expect(
        document.apply(
          typed('x', 2).map((update) => incoming(update)),
          { takesNews: true },
        ),
      ).rejects.toThrow(PersistenceError)
      expect(textOf(await document.diff(NOTHING))).toBe('ab')
      expect(document.isLive).toBe(false)
    })
  })

  test(
    'whatever is stored, a document at rest says what a live one would',
    { timeout: 120_000 + RUNS * 200 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          randomUpdates({ writers: 3, steps: 30 }),
          fc.nat(),
          fc.nat(),
          fc.infiniteStream(fc.nat(5)),
          async (updates, foldAt, peerAt, choices) => {
            const folded = updates.slice(0, foldAt % (updates.length + 1))
            const desk = new Desk({ threads })
            if (folded.length > 0) {
              await desk.write(...folded)
              await desk.fold(await (await desk.open()).fold().then(({ snapshot }) => snapshot))
            }
            // Some arrive together, and some again.
            for (const [i, update] of updates.entries()) {
              if (i < folded.length) continue
              const { value: choice } = choices.next()
              if (choice === 0)
                await desk.write(Y.mergeUpdates([updates[foldAt % (i + 1)] ?? update, update]))
              else await desk.write(update)
            }
            const document = await desk.open()
            expect(document.isLive).toBe(false)

            const all = contentOf(...updates)
            expect(contentOf(await document.diff(NOTHING))).toEqual(all)
            const known = updates.slice(0, peerAt % (updates.length + 1))
            const peer = new Y.Doc()
            for (const update of known) Y.applyUpdate(peer, update)
            peer.clientID = 77
            expect(
              contentOf(Y.encodeStateAsUpdate(peer), await document.diff(Y.encodeStateVector(peer))),
            ).toEqual(all)

            const loaded = new Y.Doc()
            for (const update of updates) Y.applyUpdate(loaded, update)
            expect(await document.stateVector()).toEqual(Y.encodeStateVector(loaded))
            // Nobody who has no more than the document makes it change; and what it says to be known is.
            expect(await desk.take(document, Y.encodeStateAsUpdate(peer), ...updates)).not.toContain('news')
            peer.getText('text').insert(0, 'news')
            expect(await desk.take(document, Y.encodeStateAsUpdate(peer))).toEqual(['news'])
            expect(document.isLive).toBe(true)
            document.rest()
            expect(contentOf(await document.diff(NOTHING))).toEqual(
              contentOf(...updates, Y.encodeStateAsUpdate(peer)),
            )
          },
        ),
        { numRuns: threads === undefined ? RUNS : Math.ceil(RUNS / 5) },
      )
    },
  )
})

describe('the memory budget', () => {
  test('has those let go that were not used for longest, and counts', async () => {
    const memory = new MemoryBudget(7_000)
    const desks = await Promise.all([2_000, 2_000, 2_000].map((bytes) => storedBytes(bytes, memory)))
    const [a, b, c] = await Promise.all(desks.map((desk) => desk.open()))
    if (a === undefined || b === undefined || c === undefined) throw new Error('three were opened')
    expect(memory.counts).toEqual({ atRest: 2, live: 0, letGo: 1 })
    expect(memory.bytes).toBeLessThan(7_000)
    expect(textOf(await a.diff(NOTHING))).toHaveLength(2_000)
    await c.diff(NOTHING)
    await b.diff(NOTHING)
    expect(desks.map(({ loads }) => loads)).toEqual([2, 2, 1])
    await desks[1]?.take(b, ...typed('x', 2))
    expect(memory.counts).toEqual({ atRest: 1, live: 1, letGo: 1 })
    for (const document of [a, b, c]) document.close()
    expect(memory.counts).toEqual({ atRest: 0, live: 0, letGo: 0 })
    expect(memory.bytes).toBe(0)
  })

  test('lets go of a document that is larger than it, as soon as it has answered', async () => {
    const memory = new MemoryBudget(100)
    const desk = await storedBytes(200, memory)
    const document = await desk.open()
    expect(textOf(await document.diff(NOTHING))).toHaveLength(200)
    expect(memory.counts).toEqual({ atRest: 0, live: 0, letGo: 1 })
    expect(await desk.take(document, ...typed('x', 2))).toEqual(['news'])
    expect(textOf(await document.diff(NOTHING))).toHaveLength(201)
    expect(memory.counts).toEqual({ atRest: 0, live: 1, letGo: 0 })
  })
})

describe('a thread that dies', () => {
  test(
    'rejects what it was asked; what is in the log is there when the document is opened again',
    { timeout: 60_000 },
    async () => {
      const threads = new DocumentThreads({
        logger: pino({ level: 'silent' }),
        fromBytes: 0,
        heapMegabytes: 24,
      })
      const desk = await stored('ab', 0, { threads })
      const other = await stored('other', 0, { threads })
      const [document, bystander] = [await desk.open(), await other.open()]
      await desk.take(document, ...typed('x', 2))
      await other.take(bystander, ...typed('y', 2))
      const huge = new Y.Doc()
      for (let i = 0; i < 300; i++)
        huge.getArray('list').insert(
          0,
          Array.from({ length: 2_000 }, () => ['a']),
        )
      const tooMuch = incoming(Y.encodeStateAsUpdate(huge))
      await expect(document.apply([tooMuch], { takesNews: true })).rejects.toThrow(DocumentLostError)
      await expect(bystander.diff(NOTHING)).rejects.toThrow(DocumentLostError)
      for (const each of [document, bystander]) each.close()

      expect(textOf(await (await desk.open()).diff(NOTHING))).toHaveLength(3)
      expect(textOf(await (await other.open()).diff(NOTHING))).toHaveLength(6)
      await threads.close()
    },
  )
})
