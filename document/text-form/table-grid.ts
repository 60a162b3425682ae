import * as Y from 'yjs'
import { MAX_TABLE_CELLS } from '../schema/table-nodes.ts'
import { isRecord } from './plain-value.ts'

/** Where a row meets a column, and the texts that its content is made of, in order. */
interface TablePlace {
  readonly row: string
  readonly column: string
  readonly texts: readonly Y.Text[]
}

/** A cell as it is drawn, which can be several merged ones. Rows and columns by index. */
export interface TableCell {
  readonly row: number
  readonly column: number
  readonly rowspan: number
  readonly colspan: number
  /** What it is made of, by rows: one place unless it is merged. */
  readonly places: readonly TablePlace[]
}

/** What a table's marker holds, as a rectangle: whatever came together in it. */
export interface TableGrid {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** By rows. */
  readonly cells: readonly TableCell[]
  /** The keys of the merges that hold. */
  readonly merges: ReadonlySet<string>
  /** The rows and columns of headings. */
  readonly headers: ReadonlySet<string>
  /** In CSS pixels, by column. */
  readonly widths: ReadonlyMap<string, number>
}

/** A table that has no rows, no columns, or too many, is one cell with all the texts that are in it. */
export function readTableGrid(map: Y.Map<unknown>): TableGrid {
  const rows = orderedIds(map, 'row')
  const columns = orderedIds(map, 'column')
  const count = rows.length * columns.length
  if (count === 0 || count > MAX_TABLE_CELLS) return singleCell(map)
  const texts = textsByPlace(map)
  const covers = mergesOf(map, rows, columns)
  const cells: TableCell[] = []
  const taken = new Set<string>()
  for (const [row, rowId] of rows.entries()) {
    for (const [column, columnId] of columns.entries()) {
      if (taken.has(`${row}:${column}`)) continue
      const { rowspan, colspan } = covers.get(`${row}:${column}`) ?? { rowspan: 1, colspan: 1 }
      const places: TablePlace[] = []
      for (let r = row; r < row + rowspan; r++) {
        for (let c = column; c < column + colspan; c++) {
          taken.add(`${r}:${c}`)
          const [placeRow, placeColumn] = [rows[r] ?? rowId, columns[c] ?? columnId]
          places.push({
            row: placeRow,
            column: placeColumn,
            texts: texts.get(`${placeRow}:${placeColumn}`) ?? [],
          })
        }
      }
      cells.push({ row, column, rowspan, colspan, places })
    }
  }
  const headers = new Set([...rows, ...columns].filter((id) => map.get(`header:${id}`) === true))
  const widths = new Map<string, number>()
  for (const id of columns) {
    const width = map.get(`width:${id}`)
    if (typeof width === 'number' && Number.isFinite(width) && width > 0) widths.set(id, width)
  }
  return {
    rows,
    columns,
    cells,
    merges: new Set([...covers.values()].map(({ key }) => key)),
    headers,
    widths,
  }
}

function singleCell(map: Y.Map<unknown>): TableGrid {
  const texts = [...textsByPlace(map).values()].flat()
  const cell = { row: 0, column: 0, rowspan: 1, colspan: 1, places: [{ row: '', column: '', texts }] }
  return {
    rows: [''],
    columns: [''],
    cells: [cell],
    merges: new Set(),
    headers: new Set(),
    widths: new Map(),
  }
}

/** The order of a row or column: its own, or that to which it was moved. */
export function orderOf(map: Y.Map<unknown>, kind: 'row' | 'column', id: string): string {
  const [moved, own] = [map.get(`place:${id}`), map.get(`${kind}:${id}`)]
  if (typeof moved === 'string') return moved
  return typeof own === 'string' ? own : ''
}

/** Which of two rows or columns comes first: negative for the one, positive for the other. */
export function compareLines(map: Y.Map<unknown>, kind: 'row' | 'column', a: string, b: string): number {
  return compare(orderOf(map, kind, a), orderOf(map, kind, b)) || compare(a, b)
}

function orderedIds(map: Y.Map<unknown>, kind: 'row' | 'column'): string[] {
  const ids: string[] = []
  for (const [key, value] of map.entries()) {
    const [prefix, id, ...rest] = key.split(':')
    if (prefix === kind && id !== undefined && id !== '' && rest.length === 0 && typeof value === 'string') {
      ids.push(id)
    }
  }
  return ids.toSorted((a, b) => compareLines(map, kind, a, b))
}

function textsByPlace(map: Y.Map<unknown>): Map<string, Y.Text[]> {
  const texts = new Map<string, Y.Text[]>()
  for (const key of [...map.keys()].toSorted(compare)) {
    const [prefix, row, column, creator, ...rest] = key.split(':')
    const value = map.get(key)
    if (prefix !== 'cell' || creator === undefined || rest.length > 0 || !isText(value)) continue
    const place = `${row}:${column}`
    const others = texts.get(place)
    if (others === undefined) texts.set(place, [value])
    else others.push(value)
  }
  return texts
}

/** Not an XML text, which is one of Yjs's texts as well. */
function isText(value: unknown): value is Y.Text {
  return value instanceof Y.Text && !(value instanceof Y.XmlText)
}

/** The places that a merge covers, by index. */
interface Cover {
  readonly key: string
  readonly row: number
  readonly column: number
  readonly rowspan: number
  readonly colspan: number
}

/** The merges that hold, by the indices of their corner. */
function mergesOf(
  map: Y.Map<unknown>,
  rows: readonly string[],
  columns: readonly string[],
): Map<string, Cover> {
  const covers = new Map<string, Cover>()
  const [rowIndices, columnIndices] = [indicesOf(rows), indicesOf(columns)]
  for (const key of [...map.keys()].filter((name) => name.startsWith('merge:')).toSorted(compare)) {
    const value = map.get(key)
    if (!isRecord(value)) continue
    const [down, across] = [extent(rowIndices, value['rows']), extent(columnIndices, value['columns'])]
    if (down === null || across === null || (down.length === 1 && across.length === 1)) continue
    const cover = { key, row: down.start, column: across.start, rowspan: down.length, colspan: across.length }
    if (![...covers.values()].some((other) => isOverlapping(cover, other)))
      covers.set(`${cover.row}:${cover.column}`, cover)
  }
  return covers
}

function isOverlapping(a: Cover, b: Cover): boolean {
  return (
    a.row < b.row + b.rowspan &&
    b.row < a.row + a.rowspan &&
    a.column < b.column + b.colspan &&
    b.column < a.column + a.colspan
  )
}

function indicesOf(ids: readonly string[]): ReadonlyMap<unknown, number> {
  return new Map(ids.map((id, index) => [id, index]))
}

/** From the least to the greatest index of those ids that still exist. */
function extent(
  indices: ReadonlyMap<unknown, number>,
  wanted: unknown,
): { readonly start: number; readonly length: number } | null {
  if (!Array.isArray(wanted)) return null
  let [start, last] = [Infinity, -1]
  for (const id of wanted) {
    const index = indices.get(id)
    if (index === undefined) continue
    start = Math.min(start, index)
    last = Math.max(last, index)
  }
  return last < 0 ? null : { start, length: last - start + 1 }
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
