import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { ClockRanges, type ClockRange } from '../sync/clock-ranges.ts'
import { isDeletesOnly, lackingDeletes } from '../sync/lacking-deletes.ts'

/** What a client sends that has everything: all that it has deleted. */
function deletesOf(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc))
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  return copy
}

const deletions = fc.array(fc.record({ at: fc.nat(99), length: fc.integer({ min: 1, max: 9 }) }), {
  maxLength: 20,
})

function deleteAll(doc: Y.Doc, each: readonly { readonly at: number; readonly length: number }[]): void {
  const text = doc.getText('text')
  for (const { at, length } of each) {
    const from = Math.min(at, text.length)
    text.delete(from, Math.min(length, text.length - from))
  }
}

test('who has sent what they deleted is told what else was, and no more', () => {
  fc.assert(
    fc.property(deletions, deletions, deletions, (before, byServer, byClient) => {
      const server = new Y.Doc()
      server.getText('text').insert(0, 'x'.repeat(100))
      deleteAll(server, before)
      const client = copyOf(server)
      deleteAll(server, byServer)
      deleteAll(client, byClient)
      const answer = lackingDeletes(deletesOf(server), deletesOf(client))
      expect(isDeletesOnly(answer)).toBe(true)
      const told = copyOf(client)
      Y.applyUpdate(told, answer)
      Y.applyUpdate(client, deletesOf(server))
      expect(deletesOf(told)).toEqual(deletesOf(client))
    }),
  )
})

test('who has missed nothing is told nothing', () => {
  const doc = new Y.Doc()
  doc.getText('text').insert(0, 'x'.repeat(100))
  deleteAll(doc, [{ at: 3, length: 4 }])
  expect(lackingDeletes(deletesOf(doc), deletesOf(copyOf(doc)))).toEqual(Uint8Array.of(0, 0))
})

/** The clocks of a set, one by one. */
function clocks(set: Iterable<ClockRange>): number[] {
  return [...set].flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i))
}

function setOf(ranges: readonly { readonly start: number; readonly length: number }[]): ClockRanges {
  return ClockRanges.of(ranges.map(({ start, length }) => ({ start, end: start + length })))
}

test('what is missing of one set of clocks in another is what a list of them says', () => {
  const ranges = fc.array(fc.record({ start: fc.nat(30), length: fc.integer({ min: 1, max: 6 }) }), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(ranges, ranges, (a, b) => {
      const has = new Set(clocks(setOf(a)))
      expect(clocks(setOf(a).missingOf(setOf(b)))).toEqual(
        clocks(setOf(b)).filter((clock) => !has.has(clock)),
      )
    }),
  )
})
