import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { ProtocolError } from '../../protocol/index.ts'
import { readUpdateContents } from '../sync/update-contents.ts'
import { keyboardTrace } from './support/keyboard-trace.ts'
import { writtenUpdates } from './support/written-updates.ts'

type Ranges = Record<string, [number, number][]>

function addTo(ranges: Ranges, client: number, start: number, end: number): void {
  const known = (ranges[client] ??= [])
  const last = known.at(-1)
  if (last?.[1] === start) last[1] = end
  else known.push([start, end])
}

function raise(clocks: Record<string, number>, id: Y.ID | null, end: number): void {
  if (id !== null) clocks[id.client] = Math.max(clocks[id.client] ?? 0, end)
}

/** What Yjs itself says of an update, ranges that touch taken together. */
function readByYjs(update: Uint8Array) {
  const { structs, ds } = Y.decodeUpdate(update)
  const brought: Ranges = {}
  const deleted: Ranges = {}
  const needs: Record<string, number> = {}
  const dependencies: Record<string, number> = {}
  for (const struct of structs) {
    const { client, clock } = struct.id
    if (struct instanceof Y.Skip) continue
    addTo(brought, client, clock, clock + struct.length)
    raise(needs, struct.id, clock + struct.length)
    if (!(struct instanceof Y.Item)) continue
    for (const id of [struct.origin, struct.rightOrigin, struct.parent]) {
      if (id instanceof Y.ID && id.client !== client) raise(dependencies, id, id.clock + 1)
    }
  }
  for (const [client, ranges] of ds.clients) {
    for (const { clock, len } of ranges) {
      addTo(deleted, client, clock, clock + len)
      raise(needs, new Y.ID(client, 0), clock + len)
    }
  }
  return { structs: brought, deletes: deleted, needs, dependencies }
}

function readByUs(update: Uint8Array) {
  const { structs, deletes, needs, dependencies } = readUpdateContents(update)
  const plain = (parts: typeof structs): Ranges => {
    const ranges: Ranges = {}
    for (const [client, each] of parts) for (const { start, end } of each) addTo(ranges, client, start, end)
    return ranges
  }
  return {
    structs: plain(structs),
    deletes: plain(deletes),
    needs: Object.fromEntries(needs),
    dependencies: Object.fromEntries(dependencies),
  }
}

describe('what Yjs writes is read as Yjs reads it', () => {
  test('of several peers, single, whole, merged and cut', () => {
    fc.assert(
      fc.property(writtenUpdates, (updates) => {
        for (const update of updates) expect(readByUs(update)).toEqual(readByYjs(update))
      }),
      { numRuns: 100 },
    )
  })

  const trace = keyboardTrace(50_000)
  test.skipIf(trace === null)('of a whole text, key by key', () => {
    const { updates, whole } = trace ?? { updates: [], whole: new Uint8Array() }
    expect(readByUs(whole)).toEqual(readByYjs(whole))
    for (const [i, update] of updates.entries()) {
      if (i % 5 > 0) continue
      expect(readByUs(update)).toEqual(readByYjs(update))
    }
  })

  test('within a larger buffer', () => {
    const doc = new Y.Doc()
    doc.getText('text').insert(0, 'a')
    const update = Y.encodeStateAsUpdate(doc)
    const pool = new Uint8Array(100).fill(1)
    pool.set(update, 10)
    expect(readByUs(pool.subarray(10, 10 + update.length))).toEqual(readByYjs(update))
    expect(() => readUpdateContents(pool.subarray(10, 9 + update.length))).toThrow(ProtocolError)
  })

  test('in the list form that older versions wrote', () => {
    expect(
      readByUs(updateOf({ structs: [`02 01 01 6c 02 ${string('undefined')} ${string('[{"a":"é"}]')}`] })),
    ).toMatchObject({ structs: { 7: [[0, 2]] } })
  })
})

test('whatever is made of an update is refused, or read as Yjs reads it', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(12), fc.nat(255))), {
    minLength: 1,
    maxLength: 3,
  })
  fc.assert(
    fc.property(writtenUpdates, damage, fc.nat(), (updates, changes, cut) => {
      for (const whole of updates) {
        const damaged = Uint8Array.from(whole)
        for (const [at, byte] of changes) damaged[at % damaged.length] = byte
        for (const each of [damaged, whole.subarray(0, cut % whole.length)]) {
          const read = readIfLegal(each)
          if (read === null) continue
          expect(read).toEqual(readByYjs(each))
        }
      }
    }),
    { numRuns: 100 },
  )
})

function readIfLegal(bytes: Uint8Array): ReturnType<typeof readByUs> | null {
  try {
    return readByUs(bytes)
  } catch (error) {
    if (error instanceof ProtocolError) return null
    throw error
  }
}

const hex = (digits: string): number[] =>
  digits.split(' ').flatMap((pair) => (pair === '' ? [] : [Number.parseInt(pair, 16)]))

const digits = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')

const varUint = (number: number): string => {
  const bytes: number[] = []
  let rest = number
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return digits([...bytes, rest])
}

const string = (text: string): string => {
  const bytes = new TextEncoder().encode(text)
  return `${varUint(bytes.length)} ${digits(bytes)}`
}

/** An update of the client 7 that brings these structs, written into nothing that is there, and deletes these ranges. */
function updateOf(parts: {
  structs?: readonly string[]
  deleted?: readonly string[]
  more?: string
}): Uint8Array {
  const { structs = [], deleted = [], more = '' } = parts
  const brought = structs.length === 0 ? '00' : `01 ${varUint(structs.length)} 07 00 ${structs.join(' ')}`
  const ranges = deleted.length === 0 ? '00' : `01 07 ${varUint(deleted.length)} ${deleted.join(' ')}`
  return Uint8Array.from(hex(`${brought} ${ranges} ${more}`))
}

/** The start of an item of a kind in the root `t`. */
const item = (kind: number): string => `${digits([kind])} 01 01 74`

const nested = (levels: number, open: string, close: string, inner: string): string =>
  `${`${open} `.repeat(levels)}${inner}${` ${close}`.repeat(levels)}`

/** One value of each type. */
const values = [
  '7f 7e 79 78',
  '7d c1 02',
  '7c 3f 80 00 00',
  `7b ${'40 '.repeat(8)}`,
  `7a ${'01 '.repeat(8)}`,
  `77 ${string('é')}`,
  `76 01 ${string('a')} 7e`,
  '75 02 7e 7f',
  '74 02 00 ff',
].join(' ')

const MOST = 'ff ff ff ff ff ff ff 0f'

describe('an update', () => {
  test.each<[string, Uint8Array]>([
    ['holds a text', updateOf({ structs: [`${item(4)} ${string('aé€😀')}`] })],
    ['holds a replacement for half a character', updateOf({ structs: [`${item(4)} 03 ef bf bd`] })],
    ['holds a byte order mark', updateOf({ structs: [`${item(4)} ${string('\ufeffa')}`] })],
    ['is in the root without a name', updateOf({ structs: [`04 01 00 ${string('a')}`] })],
    ['begins with a gap', updateOf({ structs: ['0a 05', '00 02'] })],
    ['ends at the last clock', updateOf({ structs: [`00 ${MOST}`] })],
    ['deletes in any order', updateOf({ deleted: ['05 02', '00 01', '07 01'] })],
    ['is full of values', updateOf({ structs: [`${item(8)} 0c ${values}`] })],
    ['nests values a little', updateOf({ structs: [`${item(8)} 01 ${nested(256, '75 01', '', '7e')}`] })],
    ['nests JSON a little', updateOf({ structs: [`${item(5)} ${string(nested(256, '[', ']', '1'))}`] })],
    [
      'has brackets in a text',
      updateOf({ structs: [`${item(5)} ${string(JSON.stringify('['.repeat(999)))}`] }),
    ],
    [
      'holds a sub-document',
      updateOf({ structs: [`${item(9)} ${string('id')} 76 01 ${string('meta')} 7e`] }),
    ],
  ])('is read when it %s', (_what, bytes) => {
    expect(readByUs(bytes)).toEqual(readByYjs(bytes))
  })

  test.each<[string, Uint8Array]>([
    ['is empty', Uint8Array.of()],
    ['is followed by something', updateOf({ more: '00' })],
    ['has no delete set', Uint8Array.of(0)],
    ['says more clients than fit', Uint8Array.from(hex(`${MOST} 00`))],
    ['says more structs than fit', Uint8Array.from(hex(`01 ${MOST} 07 00 00 01 00`))],
    ['says more deleted ranges than fit', Uint8Array.from(hex(`00 01 07 ${MOST} 00 01`))],
    ['has a number of 54 bits', updateOf({ structs: ['00 ff ff ff ff ff ff ff 1f'] })],
    ['has a number without end', updateOf({ structs: [`00 ${'80 '.repeat(40)}`] })],
    ['has a number that goes on in zeros', updateOf({ structs: [`00 81 ${'80 '.repeat(8)} 00`] })],
    ['goes beyond the last clock', updateOf({ structs: [`00 ${MOST}`, '00 01'] })],
    ['deletes beyond the last clock', updateOf({ deleted: [`${MOST} 01`] })],
    ['deletes a range of no length', updateOf({ deleted: ['05 00'] })],
    ['deletes the same twice', updateOf({ deleted: ['05 02', '00 01', '06 01'] })],
    ['brings a text of no length', updateOf({ structs: [`${item(4)} 00`] })],
    ['brings a list of no length', updateOf({ structs: [`${item(8)} 00`] })],
    ['brings a deletion of no length', updateOf({ structs: [`${item(1)} 00`] })],
    ['brings a gap of no length', updateOf({ structs: ['0a 00'] })],
    ['lists a client twice', Uint8Array.from(hex('02 01 07 00 00 01 01 07 01 00 01 00'))],
    ['lists clients in another order', Uint8Array.from(hex('02 01 07 00 00 01 01 08 00 00 01 00'))],
    ['holds content of an unknown kind', updateOf({ structs: [`${item(11)} 01`] })],
    ['holds a gap with fields', updateOf({ structs: ['2a 01'] })],
    ['holds what is collected with fields', updateOf({ structs: ['80 01'] })],
    ['holds an item in nothing', updateOf({ structs: ['04 02 01 74 01 61'] })],
    ['holds a shared type of an unknown kind', updateOf({ structs: [`${item(7)} 07`] })],
    ['holds a value of an unknown type', updateOf({ structs: [`${item(8)} 01 73`] })],
    ['holds an array that is longer than the update', updateOf({ structs: [`${item(8)} 01 75 ${MOST}`] })],
    ['holds bytes that are longer than the update', updateOf({ structs: [`${item(3)} ${MOST}`] })],
    ['holds a text that is longer than the update', updateOf({ structs: [`${item(4)} ${MOST} 61`] })],
    ['holds a format that is no JSON', updateOf({ structs: [`${item(6)} ${string('b')} ${string('tru')}`] })],
    [
      'holds a format that is undefined',
      updateOf({ structs: [`${item(6)} ${string('b')} ${string('undefined')}`] }),
    ],
    ['nests values deeply', updateOf({ structs: [`${item(8)} 01 ${nested(257, '75 01', '', '7e')}`] })],
    [
      'nests objects deeply',
      updateOf({ structs: [`${item(8)} 01 ${nested(100_000, '76 01 01 61', '', '7e')}`] }),
    ],
    ['nests JSON deeply', updateOf({ structs: [`${item(5)} ${string(nested(257, '[', ']', '1'))}`] })],
    [
      'nests JSON very deeply',
      updateOf({ structs: [`${item(5)} ${string(nested(100_000, '{"a":', '}', '1'))}`] }),
    ],
    ['holds a sub-document without options', updateOf({ structs: [`${item(9)} ${string('id')} 7e`] })],
    [
      'holds a sub-document with two names',
      updateOf({ structs: [`${item(9)} ${string('id')} 76 01 ${string('guid')} 7d 05`] }),
    ],
  ])('is refused when it %s', (_what, bytes) => {
    expect(() => readUpdateContents(bytes)).toThrow(ProtocolError)
  })

  test.each([
    ['a byte that follows nothing', '80'],
    ['a character cut short', 'c3'],
    ['a character cut short in the middle', 'e2 82'],
    ['a slash in two bytes', 'c0 af'],
    ['a slash in three bytes', 'e0 80 af'],
    ['a slash in four bytes', 'f0 80 80 af'],
    ['the first half of a character', 'ed a0 80'],
    ['the second half of a character', 'ed bf bf'],
    ['a character beyond Unicode', 'f4 90 80 80'],
    ['a byte that no character begins with', 'ff'],
    ['a character with a wrong second byte', 'c3 28'],
    ['a character with a wrong last byte', 'f0 9f 98 28'],
  ])('is refused when a text in it has %s', (_what, bytes) => {
    const length = varUint(hex(bytes).length)
    for (const struct of [
      `${item(4)} ${length} ${bytes}`,
      `04 01 ${length} ${bytes} ${string('a')}`,
      `24 01 01 74 ${length} ${bytes} ${string('a')}`,
      `${item(6)} ${length} ${bytes} ${string('true')}`,
      `${item(6)} 01 61 ${varUint(hex(bytes).length + 2)} 22 ${bytes} 22`,
      `${item(7)} 03 ${length} ${bytes}`,
      `${item(8)} 01 77 ${length} ${bytes}`,
      `${item(8)} 01 76 01 ${length} ${bytes} 7e`,
      `${item(9)} ${length} ${bytes} 76 00`,
    ]) {
      expect(() => readUpdateContents(updateOf({ structs: [struct] }))).toThrow(/is not UTF-8/)
    }
  })
})
