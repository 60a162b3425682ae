import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { orderBetween, readTableGrid, type TableGrid } from '../../text-form/index.ts'

function gridOf(entries: Readonly<Record<string, unknown>>): TableGrid {
  const map = new Y.Doc().getMap<unknown>('table')
  for (const [key, value] of Object.entries(entries)) map.set(key, value === 'text' ? new Y.Text('x') : value)
  return readTableGrid(map)
}

const id = fc.constantFrom('a', 'b', 'c', '')
const key = fc.oneof(
  fc.tuple(fc.constantFrom('row', 'column', 'place', 'header', 'width'), id).map((parts) => parts.join(':')),
  fc.tuple(fc.constant('merge'), id, id).map((parts) => parts.join(':')),
  fc.tuple(fc.constant('cell'), id, id, id).map((parts) => parts.join(':')),
  fc.string(),
)
const value = fc.oneof(
  fc.constantFrom<unknown>('i', 'j', 'text', 'text', true, 40, Number.NaN),
  fc.record({ rows: fc.array(id), columns: fc.array(id) }, { noNullPrototype: true }),
  fc.jsonValue(),
)

it('a table is a rectangle, whatever is in its map', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 30 }), (entries) => {
      const { rows, columns, cells } = gridOf(entries)
      const covered = cells.flatMap(({ row, column, rowspan, colspan }) =>
        Array.from(
          { length: rowspan * colspan },
          (_, i) => `${row + Math.floor(i / colspan)}:${column + (i % colspan)}`,
        ),
      )
      expect(covered.toSorted()).toEqual(
        rows.flatMap((_, row) => columns.map((__, column) => `${row}:${column}`)).toSorted(),
      )
    }),
    { numRuns: 500 },
  )
})

it('a merge spans what is left of it, and what has come in between', () => {
  const entries = { 'row:a': '1', 'row:b': '2', 'row:c': '3', 'column:x': '1', 'column:y': '2' }
  const merged = { ...entries, 'merge:a:x': { rows: ['a', 'gone', 'c'], columns: ['x'] } }
  expect(gridOf(merged).cells).toMatchObject([
    { row: 0, column: 0, rowspan: 3, colspan: 1 },
    { row: 0, column: 1 },
    { row: 1, column: 1 },
    { row: 2, column: 1 },
  ])
  expect(gridOf({ ...merged, 'merge:b:x': { rows: ['b'], columns: ['x', 'y'] } }).cells).toHaveLength(4)
})

it('there is always an order in between', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 200 }), (places) => {
      const orders: string[] = []
      for (const place of places) {
        const at = place % (orders.length + 1)
        orders.splice(at, 0, orderBetween(orders[at - 1] ?? null, orders[at] ?? null))
      }
      expect(orders).toEqual([...new Set(orders)].toSorted())
    }),
  )
})

it('what other programs use as orders does not stop it', () => {
  for (const [before, after] of [
    ['i', 'i'],
    ['z', 'a'],
    ['', ''],
    ['Ä', 'ß'],
    [null, '0'],
    [null, ''],
  ] as const) {
    expect(orderBetween(before, after)).toBeTypeOf('string')
  }
})
