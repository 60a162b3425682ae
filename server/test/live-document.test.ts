import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { LiveDocument, type IncomingUpdate, type StoredUpdate } from '../sync/live-document.ts'
import { isCovered } from '../sync/clocks.ts'
import { readUpdateContents } from '../sync/update-contents.ts'
import { poisonousUpdate } from './support/poison.ts'

const alice = { name: 'Alice' }
const mallory = { name: 'Mallory' }

const incoming = (update: Uint8Array, source: object = alice): IncomingUpdate => ({
  update,
  contents: readUpdateContents(update),
  source,
})

/** Updates as the log gives them. */
const stored = (updates: readonly Uint8Array[]): StoredUpdate[] =>
  updates.map((update) => ({ update, contents: readUpdateContents(update) }))

/** The updates of typing a text one character at a time. */
function typed(text: string): Uint8Array[] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const [i, character] of Array.from(text).entries()) doc.getText('text').insert(i, character)
  return updates
}

function textOf(update: Uint8Array): string {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, update)
  return doc.getText('text').toJSON()
}

/** What a client with an id writes into a text of a document that some updates make. */
const writtenBy = (
  clientID: number,
  text: string,
  name: string,
  known: readonly Uint8Array[] = [],
): Uint8Array => {
  const doc = new Y.Doc()
  for (const update of known) Y.applyUpdate(doc, update)
  doc.clientID = clientID
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  doc.getText(name).insert(doc.getText(name).length, text)
  return Y.mergeUpdates(updates)
}

const textsOf = (update: Uint8Array): unknown => {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, update)
  return ['one', 'two'].map((name) => doc.getText(name).toJSON())
}

const nothing = Uint8Array.of(0)

describe('a live document', () => {
  test('says of a batch what it changed, as one update', () => {
    const document = new LiveDocument([])
    const { changed, outcomes } = document.apply(typed('abc').map((update) => incoming(update)))
    expect(outcomes).toEqual(['news', 'news', 'news'])
    expect(textOf(changed ?? nothing)).toBe('abc')
  })

  test('changes nothing by itself, where a client’s Yjs would clean up formatting', () => {
    const bold = (clientID: number): Uint8Array => {
      const doc = new Y.Doc()
      Y.applyUpdate(doc, written)
      doc.clientID = clientID
      const updates: Uint8Array[] = []
      doc.on('update', (update: Uint8Array) => updates.push(update))
      const text = doc.getXmlFragment('prosemirror').get(0)
      if (text instanceof Y.XmlText) text.format(0, text.length, { bold: true })
      return Y.mergeUpdates(updates)
    }
    const author = new Y.Doc()
    author.getXmlFragment('prosemirror').insert(0, [new Y.XmlText('all of it')])
    const written = Y.encodeStateAsUpdate(author)
    const [byAlice, byBob] = [bold(1), bold(2)]
    const document = new LiveDocument(stored([written]))
    for (const update of [byAlice, byBob]) {
      const { changed } = document.apply([incoming(update)])
      expect(changed).toEqual(update)
    }
  })

  test('recognises what it knows, deletions included', () => {
    const doc = new Y.Doc()
    doc.getText('text').insert(0, 'abc')
    const before = Y.encodeStateAsUpdate(doc)
    doc.getText('text').delete(1, 1)
    const after = Y.encodeStateAsUpdate(doc)
    const document = new LiveDocument(stored([before]))
    expect(document.apply([incoming(before)]).outcomes).toEqual(['known'])
    expect(document.apply([incoming(after)]).outcomes).toEqual(['news'])
    expect(document.apply([incoming(after)])).toMatchObject({ changed: null, outcomes: ['known'] })
  })

  test('keeps what misses its dependencies, and has it when they come', () => {
    const [a, b, c] = typed('abc').map((update) => incoming(update)) as [
      IncomingUpdate,
      IncomingUpdate,
      IncomingUpdate,
    ]
    const document = new LiveDocument([])
    expect(document.apply([c])).toMatchObject({ changed: null, outcomes: ['news'] })
    expect(document.apply([c])).toMatchObject({ changed: null, outcomes: ['known'] })
    expect(isCovered(c.contents, document.lacking())).toBe(false)
    expect(textOf(document.diff(nothing))).toBe('')
    document.apply([a, b])
    expect(document.lacking()).toBe(null)
    expect(textOf(document.diff(nothing))).toBe('abc')
  })

  test('survives poison anywhere in a batch and keeps the rest', () => {
    const [a, b] = typed('ab').map((update) => incoming(update)) as [IncomingUpdate, IncomingUpdate]
    for (const batch of [
      [incoming(poisonousUpdate(), mallory), a, b],
      [a, incoming(poisonousUpdate(), mallory), b],
      [a, b, incoming(poisonousUpdate(), mallory)],
    ]) {
      const document = new LiveDocument([])
      const { changed, outcomes } = document.apply(batch)
      expect(outcomes.map((outcome, i) => (outcome === 'poison' ? i : -1)).filter((i) => i >= 0)).toEqual([
        batch.findIndex((update) => update !== a && update !== b),
      ])
      expect(textOf(changed ?? nothing)).toBe('ab')
      expect(Y.decodeStateVector(document.stateVector()).has(1)).toBe(false)
    }
  })

  test('blames poison that waits for its dependency, not who brings that', () => {
    const doc = new Y.Doc()
    doc.clientID = 1
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    const map = new Y.Map()
    doc.getArray('root').insert(0, [map])
    map.set('key', 'value')
    const [dependency, dependent] = updates as [Uint8Array, Uint8Array]
    // The clock of the parent's id: now the item says that it is its own parent.
    const poison = Uint8Array.from(dependent, (byte, i) => (i === 7 ? 1 : byte))
    const document = new LiveDocument([])
    expect(document.apply([incoming(poison, mallory)]).outcomes).toEqual(['news'])
    expect(document.lacking()).not.toBe(null)

    const { changed, outcomes, spoiled } = document.apply([incoming(dependency)])
    expect(outcomes).toEqual(['news'])
    expect(changed).toEqual(dependency)
    expect(spoiled.map(({ update }) => update)).toEqual([poison])
    expect(document.lacking()).toBe(null)
    expect(document.apply([incoming(dependent)]).outcomes).toEqual(['news'])

    // And again when it is loaded from a log that holds it.
    const loaded = new LiveDocument(stored([poison, dependency, dependent]))
    expect(loaded.stateVector()).toEqual(document.stateVector())
    expect(Y.decodeStateVector(loaded.stateVector()).get(1)).toBe(2)
  })

  test('takes no types that nest so deeply that deleting them throws, also not little by little', () => {
    const document = new LiveDocument([])
    const doc = new Y.Doc()
    let map = doc.getMap('map')
    const outcomes: unknown[] = []
    doc.on('update', (update: Uint8Array) => {
      outcomes.push(...document.apply([incoming(update, mallory)]).outcomes)
    })
    while (!outcomes.includes('poison') && outcomes.length < 1_000) {
      const inner = new Y.Map()
      map.set('key', inner)
      map = inner
    }
    expect(outcomes.length).toBe(257)
    const other = new Y.Doc()
    Y.applyUpdate(other, document.diff(nothing))
    other.getMap('map').delete('key')
    expect(document.apply([incoming(Y.encodeStateAsUpdate(other))]).outcomes).toEqual(['news'])
    expect(textOf(document.diff(nothing))).toBe('')
  })

  test('survives poison after it has been folded', () => {
    const document = new LiveDocument(stored(typed('abc')))
    document.fold()
    expect(document.apply([incoming(poisonousUpdate(), mallory)])).toMatchObject({
      changed: null,
      outcomes: ['poison'],
    })
    expect(textOf(document.diff(nothing))).toBe('abc')
  })
})

describe('when a client has written two things under one id', () => {
  test('it is the first that counts, and the rest of the other stands here where others see it', () => {
    const doc = new Y.Doc()
    doc.clientID = 7
    doc.getMap('map').set('key', 'value')
    const document = new LiveDocument([])
    const client = new Y.Doc()
    for (const update of [Y.encodeStateAsUpdate(doc), writtenBy(7, 'xyz', 'one')]) {
      Y.applyUpdate(client, document.apply([incoming(update)]).changed ?? nothing)
    }
    const seen = Y.decodeUpdate(Y.encodeStateAsUpdate(client))
    expect(Y.decodeUpdate(document.diff(nothing)).ds).toEqual(seen.ds)
  })

  test('it is the first that could be integrated that counts when it is loaded again', () => {
    const dependency = writtenBy(8, 'd', 'one')
    const updates = [writtenBy(7, 'w', 'one', [dependency]), dependency, writtenBy(7, 'yz', 'two')]
    const document = new LiveDocument([])
    for (const update of updates) document.apply([incoming(update)])
    expect(textsOf(document.diff(nothing))).toEqual(['dwz', ''])
    const loaded = new LiveDocument(stored(updates))
    expect(textsOf(loaded.diff(nothing))).toEqual(['dwz', ''])
  })

  test('what waits goes on when the other needs less', () => {
    const dependency = writtenBy(8, 'd', 'one')
    const document = new LiveDocument([])
    document.apply([incoming(writtenBy(7, 'wv', 'one', [dependency]))])
    document.apply([incoming(Y.mergeUpdates([writtenBy(7, 'y', 'one'), writtenBy(9, 'z', 'two')]))])
    expect(textsOf(document.diff(nothing))).toEqual(['yv', 'z'])
    expect(document.lacking()).toBe(null)
  })
})
