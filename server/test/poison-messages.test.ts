import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { closeCodes, encodeMessage } from '../../protocol/index.ts'
import { poisonousUpdate } from './support/poison.ts'
import { TestClient } from './support/test-client.ts'
import { startServer } from './support/test-server.ts'

const frame = (...parts: (number | Iterable<number>)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])))

const varUint = (number: number): number[] =>
  number < 0x80 ? [number] : [(number % 0x80) | 0x80, ...varUint(Math.floor(number / 0x80))]

const withLength = (bytes: Uint8Array): Uint8Array => frame(varUint(bytes.length), bytes)

const string = (text: string): Uint8Array => withLength(new TextEncoder().encode(text))

const updateFrame = (...parts: (number | Iterable<number>)[]): Uint8Array =>
  encodeMessage({ type: 'update', update: frame(...parts) })

/** An update with one item of a kind in the root `text`, whose content follows. */
const itemFrame = (kind: number, ...content: (number | Iterable<number>)[]): Uint8Array =>
  updateFrame(1, 1, 7, 0, kind, 1, string('text'), ...content, 0)

const stateVectorFrame = (...bytes: (number | Iterable<number>)[]): Uint8Array =>
  encodeMessage({ type: 'sync-step-1', stateVector: frame(...bytes) })

const awarenessFrame = (clientID: number, clock: number, state: string): Uint8Array =>
  frame(1, withLength(frame(1, varUint(clientID), varUint(clock), string(state))))

/** The client id of Alice's document. */
const ALICE = 2
const LAST = Number.MAX_SAFE_INTEGER
const DEPTH = 60_000

/** What Yjs itself writes of a text with half a character in it. */
function halfCharacter(): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('half').insert(0, 'a\ud800b')
  doc.getText('half').delete(0, 1)
  return encodeMessage({ type: 'update', update: Y.encodeStateAsUpdate(doc) })
}

test.each<[string, (Uint8Array | string)[], number | null]>([
  ['a text frame', ['hello'], closeCodes.malformed],
  ['a message of no length', [frame()], closeCodes.malformed],
  ['an update that says a length beyond all memory', [frame(0, 2, varUint(LAST))], closeCodes.malformed],
  ['an update of no length', [frame(0, 2, 0)], closeCodes.malformed],
  ['an update with more clients than bytes', [updateFrame(varUint(LAST), 0)], closeCodes.malformed],
  ['an update with more structs than bytes', [updateFrame(1, varUint(2 ** 32), 7, 0)], closeCodes.malformed],
  ['a text that is longer than the message', [itemFrame(4, varUint(LAST), 0x61)], closeCodes.malformed],
  ['a text that is not UTF-8', [itemFrame(4, 2, 0xc3, 0x28)], closeCodes.malformed],
  ['half a character in UTF-8', [itemFrame(4, 3, 0xed, 0xa0, 0x80)], closeCodes.malformed],
  ['half a character as Yjs writes it', [halfCharacter()], null],
  [
    'values that nest deeply',
    [
      itemFrame(
        8,
        1,
        Array.from({ length: 2 * DEPTH }, (_, i) => (i % 2 === 0 ? 117 : 1)),
        126,
      ),
    ],
    closeCodes.malformed,
  ],
  [
    'JSON that nests deeply',
    [itemFrame(5, string('['.repeat(DEPTH) + ']'.repeat(DEPTH)))],
    closeCodes.malformed,
  ],
  ['an embed that is no JSON', [itemFrame(5, string('undefined'))], closeCodes.malformed],
  ['a sub-document without options', [itemFrame(9, string('id'), 126)], closeCodes.malformed],
  [
    'a sub-document whose name is a number',
    [itemFrame(9, string('id'), 118, 1, string('guid'), 125, 7)],
    closeCodes.malformed,
  ],
  ['a shared type that is unknown', [itemFrame(7, 99)], closeCodes.malformed],
  [
    'a map where a text is',
    [updateFrame(1, 1, 7, 0, 0x28, 1, string('text'), string('key'), 1, 126, 0)],
    null,
  ],
  [
    'a text of clocks that end all clocks',
    [updateFrame(1, 1, 7, varUint(LAST), 4, 1, string('text'), string('ab'), 0)],
    closeCodes.malformed,
  ],
  ['what is collected up to the last clock', [updateFrame(1, 1, 7, 0, 0, varUint(LAST), 0)], null],
  ['the same deleted twice', [updateFrame(0, 1, 7, 2, 0, 9, 0, 9)], closeCodes.malformed],
  ['what is not there deleted', [updateFrame(0, 1, 7, 1, 0, varUint(LAST))], null],
  [
    'an item that is its own parent',
    [encodeMessage({ type: 'update', update: poisonousUpdate() })],
    closeCodes.unappliable,
  ],
  [
    'what somebody else is to have written',
    [updateFrame(1, 1, ALICE, 0, 4, 1, string('text'), string('forged'), 0)],
    closeCodes.foreignClientId,
  ],
  ['a state vector of garbage', [stateVectorFrame(0xff, 0xff)], closeCodes.malformed],
  [
    'a state vector with a number without end',
    [stateVectorFrame(1, Array(40).fill(0x80))],
    closeCodes.malformed,
  ],
  ['a state vector of more clients than bytes', [stateVectorFrame(varUint(LAST))], closeCodes.malformed],
  ['a state vector of clocks that nobody has', [stateVectorFrame(1, 7, varUint(LAST))], null],
  [
    'a caret under the id of somebody else, with a huge clock',
    [awarenessFrame(ALICE, LAST, '{"forged":1}')],
    null,
  ],
  ['a caret with the last clock', [awarenessFrame(9, LAST, '{}')], null],
  ['a caret without a client id', [frame(1, 1, 1)], closeCodes.malformed],
  ['a caret that is a list', [awarenessFrame(9, 1, '[]')], closeCodes.malformed],
  ['more carets than bytes', [frame(1, withLength(frame(varUint(LAST))))], closeCodes.malformed],
  ['a secret that is not UTF-8', [frame(107, 2, 0xc3, 0x28)], closeCodes.malformed],
])('%s costs nobody but its sender anything', async (_what, frames, closeCode) => {
  const { url } = await startServer()
  const [alice, bob] = [await joined(url, 'doc'), await joined(url, 'doc')]
  alice.announce(ALICE, 1, { name: 'Alice' })
  await bob.until(() => bob.awareness.has(ALICE))
  const mallory = await TestClient.connect(url, 'doc', { isSyncing: false })
  await mallory.untilReceived('sync-step-1')
  for (const each of frames) mallory.sendBytes(each)
  if (closeCode === null) await mallory.roundTrip()
  else await mallory.untilClosed()
  expect(mallory.closeCode).toBe(closeCode)

  alice.doc.getArray('by alice').push(['still here'])
  await alice.untilSaved()
  await bob.until(() => bob.doc.getArray('by alice').length === 1)
  expect(bob.awareness.get(ALICE)?.state).toContain('Alice')
  expect([alice.closeCode, bob.closeCode]).toEqual([null, null])
})

async function joined(url: string, documentName: string): Promise<TestClient> {
  const client = await TestClient.connect(url, documentName)
  await client.untilReceived('sync-step-2')
  return client
}

test('a caret that nests deeply is refused or passed on, and fails nobody', async () => {
  const { url } = await startServer()
  const alice = await joined(url, 'doc')
  const mallory = await TestClient.connect(url, 'doc', { isSyncing: false })
  await mallory.untilReceived('sync-step-1')
  mallory.sendBytes(awarenessFrame(9, 1, `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`))
  await mallory.roundTrip()
  expect([null, closeCodes.malformed, closeCodes.tooLarge]).toContain(mallory.closeCode)
  alice.text.insert(0, 'a')
  await alice.untilSaved()
})

test('a message in pieces that never ends takes no more than a message may', async () => {
  const { url } = await startServer({ flags: { maxMessageBytes: '64k' } })
  const alice = await joined(url, 'doc')
  const mallory = await TestClient.connect(url, 'doc', { isSyncing: false })
  const piece = new Uint8Array(1_000)
  while (mallory.socket.readyState === WebSocket.OPEN) {
    await new Promise<void>((sent) => mallory.socket.send(piece, { fin: false }, () => sent()))
  }
  expect(await mallory.untilClosed()).toBe(closeCodes.tooLarge)
  alice.text.insert(0, 'a')
  await alice.untilSaved()
})

test('a message in pieces is one message, also where some of them are empty', async () => {
  const { url } = await startServer()
  const [alice, bob] = [await joined(url, 'doc'), await TestClient.connect(url, 'doc', { isSyncing: false })]
  const doc = new Y.Doc()
  doc.getText('text').insert(0, 'piecemeal')
  for (const byte of encodeMessage({ type: 'update', update: Y.encodeStateAsUpdate(doc) })) {
    bob.socket.send(Uint8Array.of(byte), { fin: false })
    bob.socket.send(new Uint8Array(), { fin: false })
  }
  bob.socket.send(new Uint8Array(), { fin: true })
  await alice.until(() => alice.text.toJSON() === 'piecemeal')
  expect(bob.closeCode).toBe(null)
})
