import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { DocumentLog } from '../document-log.ts'
import type { HistoryLog } from '../history.ts'
import { bytes, describeDocument, listedNames, loaded, remembered } from './log-language.ts'
import { ModelLog } from './model-log.ts'

/** A place that logs keep their documents in. */
export interface LogPlace {
  /** Opens a log on the place; the previous one was closed. */
  open(options: { clock: () => number }): Promise<DocumentLog & HistoryLog>
}

const documentName = fc.constantFrom('a', 'ab', 'a\u0000')

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ is: fc.constant('append'), documentName, count: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({ is: fc.constant('compact'), documentName, fold: fc.nat(9), keep: fc.nat(7) }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('load'), documentName }) },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('trim'),
      documentName,
      segment: fc.nat(5),
      toSnapshot: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('remember'), documentName }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('settle') }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('reopen') }) },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What is done to a log, one after the other and without waiting, unless a step says so. */
export const randomSteps = fc.array(step, { maxLength: 40 })

const clock = (): number => 0

/** Does the steps to a log and to the model, and throws if they ever differ. */
export async function runBesideModel(
  steps: readonly Step[],
  place: LogPlace,
  durable: boolean,
): Promise<void> {
  const model = new ModelLog()
  let log = await place.open({ clock })
  let underWay: Promise<void>[] = []
  const settle = async (): Promise<void> => {
    await Promise.all(underWay)
    underWay = []
  }
  let count = 0
  for (const one of steps) {
    switch (one.is) {
      case 'append': {
        const updates = Array.from({ length: one.count }, () => ({
          author: 'bob',
          update: bytes(`${count++}`),
        }))
        const last = model.append(one.documentName, updates)
        underWay.push(log.append(one.documentName, updates).then((answer) => assert.equal(answer, last)))
        break
      }
      case 'compact': {
        const compaction = model.compact(one.documentName, one.fold, one.keep)
        if (compaction !== null) underWay.push(log.compact(one.documentName, compaction))
        break
      }
      case 'load': {
        const load = log.load(one.documentName)
        if (underWay.length > 0) underWay.push(load.then((document) => model.expectPlausible(document)))
        else assert.equal(describeDocument(await load), model.describe(one.documentName))
        break
      }
      case 'trim': {
        await settle()
        const through = await trimmable(log, one.documentName, one.segment)
        if (through === null) break
        const { foldedThrough } = await log.history(one.documentName)
        const toSnapshot = one.toSnapshot && through === foldedThrough
        underWay.push(
          log.trimHistory(one.documentName, model.trim(one.documentName, through, { toSnapshot })),
        )
        break
      }
      case 'remember': {
        const history = remembered(log, one.documentName)
        if (underWay.length > 0) underWay.push(history.then(() => {}, expectTrimmed))
        else assert.equal(await history, model.describeHistory(one.documentName))
        break
      }
      case 'settle':
        await settle()
        break
      case 'reopen':
        await settle()
        if (!durable) break
        await log.close()
        log = await place.open({ clock })
        break
      default:
        throw new TypeError(`No step is ${String(one satisfies never)}`)
    }
  }
  await settle()
  for (const name of model.names()) {
    assert.equal(await loaded(log, name), model.describe(name))
    assert.equal(await remembered(log, name), model.describeHistory(name))
  }
  assert.deepEqual(await listedNames(log), model.names())
  await log.close()
}

/** Where a history can be trimmed behind its n-th segment, so that none is divided; null if it has none. */
async function trimmable(log: HistoryLog, name: string, n: number): Promise<number | null> {
  const segments = await log.historySegments(name)
  let through = segments[n % Math.max(1, segments.length)]?.last ?? null
  for (const { first, last } of segments) {
    if (through !== null && first <= through) through = Math.max(through, last)
  }
  return through
}

/** The one way in which reading a history may fail: it is trimmed meanwhile. */
function expectTrimmed(error: unknown): void {
  assert.match(String(error), /was changed while it was read/)
}
