import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DocumentLog } from '../document-log.ts'
import { bytes, failureOf, listedNames, loaded, words } from './log-language.ts'
import { randomSteps, runBesideModel, type LogPlace } from './random-steps.ts'

/** What an implementation tells of itself to be tested. */
export interface LogImplementation {
  /** A new, empty place. */
  readonly place: () => Promise<LogPlace>
  /** Whether a log opened anew on the same place has what an earlier one stored. */
  readonly durable: boolean
}

const noon = (): number => 1_700_000_000_000

/** What every `DocumentLog` must do. */
export function documentLogSuite(where: string, { place, durable }: LogImplementation): void {
  const open = async (): Promise<DocumentLog> => (await place()).open({ clock: noon })

  describe(`the log in ${where}`, () => {
    describe('append and load', () => {
      test('a document that was never written to is empty and is not listed', async () => {
        const log = await open()
        expect(await log.load('plan')).toEqual({ snapshot: null, entries: [], lastSequence: 0 })
        expect(await listedNames(log)).toEqual([])
        await log.close()
      })

      test('gives back what was appended, with sequence number, time and author', async () => {
        const log = await open()
        expect(await log.append('plan', [{ author: 'älice', update: bytes('a') }])).toBe(1)
        expect(await log.append('plan', [{ author: '', update: new Uint8Array() }])).toBe(2)
        expect(await log.load('plan')).toEqual({
          snapshot: null,
          entries: [
            { sequence: 1, time: noon(), author: 'älice', update: bytes('a') },
            { sequence: 2, time: noon(), author: '', update: new Uint8Array() },
          ],
          lastSequence: 2,
        })
        await log.close()
      })

      test('appends several updates in their order and answers with the last number', async () => {
        const log = await open()
        expect(await log.append('plan', words('a b c'))).toBe(3)
        expect(await loaded(log, 'plan')).toBe('|1:a 2:b 3:c|3')
        await log.close()
      })

      test('appends of one document are stored in the order of the calls', async () => {
        const log = await open()
        const numbers = await Promise.all(
          Array.from({ length: 50 }, (_, i) => log.append('plan', words(`w${i}`))),
        )
        expect(numbers).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
        const { entries } = await log.load('plan')
        expect(entries.map(({ update }) => update)).toEqual(
          Array.from({ length: 50 }, (_, i) => bytes(`w${i}`)),
        )
        await log.close()
      })

      test('appending nothing answers with the last number and makes no document', async () => {
        const log = await open()
        expect(await log.append('plan', [])).toBe(0)
        expect(await listedNames(log)).toEqual([])
        const appended = log.append('plan', words('a b'))
        expect(await log.append('plan', [])).toBe(2)
        expect(await appended).toBe(2)
        await log.close()
      })

      test('keeps what it was given, whatever the caller does with the buffer afterwards', async () => {
        const log = await open()
        const update = bytes('a')
        await log.append('plan', [{ author: 'alice', update }])
        update.fill(0)
        expect(await loaded(log, 'plan')).toBe('|1:a|1')
        await log.close()
      })

      test('takes views into larger buffers', async () => {
        const log = await open()
        const update = bytes('xxaxx').subarray(2, 3)
        await log.append('plan', [{ author: 'alice', update }])
        await log.compact('plan', { snapshot: update, through: 1, keep: [] })
        expect(await loaded(log, 'plan')).toBe('a@1||1')
        await log.close()
      })

      test('keeps an update of several megabytes beside small ones', async () => {
        const log = await open()
        const large = new Uint8Array(6_000_000).map((_, i) => i % 251)
        await Promise.all([
          log.append('small', words('a')),
          log.append('large', [{ author: 'alice', update: large }]),
          log.append('small', words('b')),
        ])
        // Not toEqual: it takes half a minute for these.
        expect(Buffer.compare((await log.load('large')).entries[0]?.update ?? bytes(''), large)).toBe(0)
        expect(await loaded(log, 'small')).toBe('|1:a 2:b|2')
        await log.close()
      })
    })

    describe('names', () => {
      test('documents whose names begin alike, or hold slashes, zeros or no letter, do not touch each other', async () => {
        const log = await open()
        const names = [
          '',
          'a',
          'a\u0000',
          'a\u0000\u0002',
          'ab',
          'a/b',
          'ä',
          '😀',
          'x'.repeat(200),
          '__proto__',
        ]
        for (const documentName of names) await log.append(documentName, words(`is:${documentName.length}`))
        for (const documentName of names) {
          expect(await loaded(log, documentName)).toBe(`|1:is:${documentName.length}|1`)
        }
        expect(await listedNames(log)).toEqual(names.toSorted())
        await log.close()
      })

      test('a name of more than 200 bytes or with half a surrogate pair is refused', async () => {
        const log = await open()
        await expect(log.append('ä'.repeat(101), words('a'))).rejects.toThrow(RangeError)
        await expect(log.load('x'.repeat(201))).rejects.toThrow('has 201 bytes, more than 200')
        await expect(log.load('\ud800')).rejects.toThrow(TypeError)
        await log.close()
      })
    })

    describe('compact', () => {
      test('replaces entries by the snapshot and keeps those it is told to', async () => {
        const log = await open()
        await log.append('plan', words('a b c d e'))
        await log.compact('plan', { snapshot: bytes('ACD'), through: 4, keep: [2] })
        expect(await loaded(log, 'plan')).toBe('ACD@4|2:b 5:e|5')
        await log.close()
      })

      test('folds kept entries later, also through the same entry', async () => {
        const log = await open()
        await log.append('plan', words('a b c'))
        await log.compact('plan', { snapshot: bytes('A'), through: 3, keep: [3, 2] })
        expect(await loaded(log, 'plan')).toBe('A@3|2:b 3:c|3')
        await log.compact('plan', { snapshot: bytes('AB'), through: 3, keep: [3] })
        expect(await loaded(log, 'plan')).toBe('AB@3|3:c|3')
        await log.append('plan', words('d'))
        await log.compact('plan', { snapshot: bytes('ABCD'), through: 4, keep: [] })
        expect(await loaded(log, 'plan')).toBe('ABCD@4||4')
        expect(await log.append('plan', words('e'))).toBe(5)
        await log.close()
      })

      test('runs beside appends to the same document', async () => {
        const log = await open()
        await log.append('plan', words('a b'))
        const numbers = await Promise.all([
          log.append('plan', words('c')),
          log.compact('plan', { snapshot: bytes('AB'), through: 2, keep: [] }),
          log.append('plan', words('d')),
        ])
        expect(numbers).toEqual([3, undefined, 4])
        expect(await loaded(log, 'plan')).toBe('AB@2|3:c 4:d|4')
        await log.close()
      })

      test.each([
        ['what was never appended', { through: 4, keep: [] }],
        ['nothing', { through: 0, keep: [] }],
        ['less than the last one', { through: 1, keep: [] }],
        ['half an entry', { through: 2.5, keep: [] }],
        ['and keep what is folded', { through: 3, keep: [1] }],
        ['and keep what comes after it', { through: 2, keep: [3] }],
      ])('refuses to fold %s, and changes nothing', async (_, compaction) => {
        const log = await open()
        await log.append('plan', words('a b c'))
        await log.compact('plan', { snapshot: bytes('AB'), through: 2, keep: [] })
        await expect(log.compact('plan', { snapshot: bytes('X'), ...compaction })).rejects.toThrow(RangeError)
        expect(await loaded(log, 'plan')).toBe('AB@2|3:c|3')
        await expect(log.compact('empty', { snapshot: bytes('X'), ...compaction })).rejects.toThrow(
          RangeError,
        )
        expect(await listedNames(log)).toEqual(['plan'])
        await log.close()
      })
    })

    describe('close', () => {
      test('waits for what was appended, may be called twice, and ends all use', async () => {
        const log = await open()
        const settled: string[] = []
        const appended = log.append('plan', words('a')).then(() => settled.push('append'))
        await log.close().then(() => settled.push('close'))
        await log.close()
        await appended
        expect(settled).toEqual(['append', 'close'])
        expect(await failureOf(log.load('plan'))).toBe('closed')
        expect(await failureOf(log.append('plan', words('b')))).toBe('closed')
        expect(await failureOf(log.compact('plan', { snapshot: bytes('A'), through: 1, keep: [] }))).toBe(
          'closed',
        )
        expect(await failureOf(listedNames(log))).toBe('closed')
      })

      test('ends a listing that is under way', async () => {
        const log = await open()
        await log.append('a', words('a'))
        await log.append('b', words('b'))
        const names = log.documentNames()[Symbol.asyncIterator]()
        expect((await names.next()).done).toBe(false)
        await log.close()
        expect(
          await failureOf(
            (async () => {
              await names.next()
              await names.next()
            })(),
          ),
        ).toBe('closed')
      })
    })

    test('behaves as the model through random appends, compactions, loads and reopenings', async () => {
      const run = fc.asyncProperty(randomSteps, async (steps) =>
        runBesideModel(steps, await place(), durable),
      )
      await expect(fc.assert(run, { numRuns: durable ? 60 : 200 })).resolves.toBeUndefined()
    })
  })
}
