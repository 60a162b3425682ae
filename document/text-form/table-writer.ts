import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { gridOfTable, type GridCell } from '../schema/table-grid.ts'
import { alignLines } from './align-lines.ts'
import { orderBetween } from './order-between.ts'
import { compareLines, orderOf, readTableGrid, type TableCell, type TableGrid } from './table-grid.ts'
import type { TextReader } from './text-reader.ts'

type Kind = 'row' | 'column'

/** A row and a column, by their ids. */
interface Place {
  readonly row: string
  readonly column: string
}

/**
 * Makes a table's marker hold what an editor's table shows. Rows and columns are known again by their nodes, which an
 * editor keeps where it changes nothing. To be made for one Yjs transaction.
 */
export class TableWriter {
  readonly #reader: TextReader
  readonly #clientID: number
  /** Makes a text hold these blocks. */
  readonly #writeText: (text: Y.Text, nodes: readonly Node[]) => void
  readonly #onDelete: (text: Y.Text) => void

  /** What is deleted is told before it is. */
  constructor(
    reader: TextReader,
    clientID: number,
    writeText: (text: Y.Text, nodes: readonly Node[]) => void,
    onDelete: (text: Y.Text) => void = () => {},
  ) {
    this.#reader = reader
    this.#clientID = clientID
    this.#writeText = writeText
    this.#onDelete = onDelete
  }

  /** `before` is the table that the marker is drawn as; null for a new one. */
  write(map: Y.Map<unknown>, before: Node | null, after: Node): void {
    const grid = gridOfTable(after)
    const { cells } = grid
    // Without rows and columns of its own there is nothing that others could be added to.
    if (before !== null && cells.length > 1 && isWithoutGrid(map)) {
      for (const key of map.keys()) {
        if (!key.includes(':')) continue
        this.#clear(map.get(key))
        map.delete(key)
      }
      this.write(map, null, after)
      return
    }
    const old = before === null ? null : readTableGrid(map)
    const oldGrid = before === null ? { cells: [], width: 0 } : gridOfTable(before)
    const rowsFrom = alignLines('row', [before?.childCount ?? 0, oldGrid.cells], [after.childCount, cells])
    const columnsFrom = alignLines('column', [oldGrid.width, oldGrid.cells], [grid.width, cells])
    const rows = this.#writeIds(map, 'row', old?.rows ?? [], rowsFrom)
    const columns = this.#writeIds(map, 'column', old?.columns ?? [], columnsFrom)
    this.#writeMerges(map, old, cells, rows, columns)
    this.#writeLooks(map, cells, rows, columns)
    const wantedAt = new Map(cells.map(({ row, column, node }) => [`${row}:${column}`, node.children]))
    const wanted = ({ row, column }: TableCell): readonly Node[] => wantedAt.get(`${row}:${column}`) ?? []
    const drawn = readTableGrid(map).cells
    const left = new Set(
      (old?.cells ?? [])
        .filter(({ places }) => places.length > 1 && places.every((place) => isIn(place, rows, columns)))
        .filter((cell) => this.#isDivided(cell, oldGrid.cells, drawn, wanted))
        .flatMap(({ places }) => places.map(nameOf)),
    )
    for (const cell of drawn) {
      const isLeft = cell.places.length === 1 && cell.places.some((place) => left.has(nameOf(place)))
      if (!isLeft) this.#writeCell(map, cell, wanted(cell))
    }
  }

  /**
   * Whether a merged cell has been divided and nothing else: its content is in the first of the cells that there are now.
   * Each then has its own content back. If anything has been put into the others, that and the rest is to be written.
   */
  #isDivided(
    merged: TableCell,
    oldCells: readonly GridCell[],
    drawn: readonly TableCell[],
    wanted: (cell: TableCell) => readonly Node[],
  ): boolean {
    const names = new Set(merged.places.map(nameOf))
    const [first, ...others] = drawn.filter(({ places }) => places.some((place) => names.has(nameOf(place))))
    const old = oldCells.find(({ row, column }) => row === merged.row && column === merged.column)
    if (first === undefined || old === undefined) return false
    const content = wanted(first)
    return (
      content.length === old.node.childCount &&
      content.every((node, i) => node.eq(old.node.child(i))) &&
      others.every((cell) => isEmptyContent(wanted(cell), this.#reader))
    )
  }

  /** Returns the ids in their new order, given which old one each is. */
  #writeIds(
    map: Y.Map<unknown>,
    kind: Kind,
    old: readonly string[],
    from: readonly (number | null)[],
  ): string[] {
    const kept = new Set(from)
    for (const [i, id] of old.entries()) if (!kept.has(i)) this.#delete(map, kind, id)
    const stays = longestRise(from)
    const following = [...stays].toSorted((a, b) => a - b)
    const ids: string[] = []
    for (const index of from) {
      const id = (index === null ? undefined : old[index]) ?? randomId()
      const before = ids.at(-1)
      if (index === following[0]) following.shift()
      const isInPlace =
        index !== null &&
        stays.has(index) &&
        (before === undefined || compareLines(map, kind, before, id) < 0)
      if (!isInPlace || !map.has(`${kind}:${id}`)) {
        const [next] = following
        const after = next === undefined ? undefined : old[next]
        const order = orderBetween(
          before === undefined ? null : orderOf(map, kind, before),
          after === undefined ? null : orderOf(map, kind, after),
        )
        map.set(index === null || !map.has(`${kind}:${id}`) ? `${kind}:${id}` : `place:${id}`, order)
      }
      ids.push(id)
    }
    return ids
  }

  #delete(map: Y.Map<unknown>, kind: Kind, id: string): void {
    const own = new Set([`${kind}:${id}`, `place:${id}`, `header:${id}`, `width:${id}`])
    for (const key of map.keys()) {
      const [prefix, row, column] = key.split(':')
      const isCell = prefix === 'cell' && (kind === 'row' ? row : column) === id
      if (own.has(key)) map.delete(key)
      else if (isCell) this.#clear(map.get(key))
    }
  }

  #clear(text: unknown): void {
    if (!(text instanceof Y.Text) || text.length === 0) return
    this.#onDelete(text)
    text.delete(0, text.length)
  }

  #writeMerges(
    map: Y.Map<unknown>,
    old: TableGrid | null,
    cells: readonly GridCell[],
    rows: readonly string[],
    columns: readonly string[],
  ): void {
    const now = readTableGrid(map)
    const have = new Set(now.cells.map(extentOf))
    const wanted = cells.filter(({ rowspan, colspan }) => rowspan * colspan > 1)
    if (wanted.every((cell) => have.has(extentOf(cell))) && wanted.length === now.merges.size) return
    for (const key of [...(old?.merges ?? []), ...now.merges]) map.delete(key)
    for (const { row, column, rowspan, colspan } of wanted) {
      map.set(`merge:${rows[row]}:${columns[column]}`, {
        rows: rows.slice(row, row + rowspan),
        columns: columns.slice(column, column + colspan),
      })
    }
  }

  /** Headings and widths, which belong to whole rows and columns. */
  #writeLooks(
    map: Y.Map<unknown>,
    cells: readonly GridCell[],
    rows: readonly string[],
    columns: readonly string[],
  ): void {
    const isHeader = ({ node }: GridCell): boolean => node.type === this.#reader.kinds.tables?.header
    const plainRows = new Set(cells.filter((cell) => !isHeader(cell)).map(({ row }) => row))
    for (const [i, id] of rows.entries()) setFlag(map, `header:${id}`, !plainRows.has(i))
    const below = cells.filter(({ row }) => plainRows.has(row))
    const ownColumns = new Set(below.map(({ column }) => column))
    const plainColumns = new Set(below.filter((cell) => !isHeader(cell)).map(({ column }) => column))
    for (const [i, id] of columns.entries())
      setFlag(map, `header:${id}`, ownColumns.has(i) && !plainColumns.has(i))
    for (const { node, column, colspan } of cells) {
      const widths: unknown = node.attrs['colwidth']
      if (!Array.isArray(widths)) continue
      for (const [i, id] of columns.slice(column, column + colspan).entries()) {
        const width: unknown = widths[i]
        if (typeof width === 'number' && width > 0 && map.get(`width:${id}`) !== width)
          map.set(`width:${id}`, width)
      }
    }
  }

  /** What a row that lacks cells had there has gone, or has taken the place of another. */
  #writeCell(map: Y.Map<unknown>, cell: TableCell, want: readonly Node[]): void {
    const parts = this.#reader.readCell(cell)
    const have = parts.flatMap(({ nodes }) => nodes)
    if (have.length === want.length && have.every((node, i) => want[i]?.eq(node))) return
    let head = 0
    while (head < have.length && head < want.length && want[head]?.eq(nodeAt(have, head))) head++
    let tail = 0
    const most = Math.min(have.length, want.length) - head
    while (tail < most && want.at(-1 - tail)?.eq(nodeAt(have, have.length - 1 - tail))) tail++
    // What changed goes into the text in which it begins; from the others only what went is taken.
    const [middleEnd, wantedMiddle] = [have.length - tail, want.slice(head, want.length - tail)]
    let start = 0
    let isWritten = false
    for (const { text, nodes } of parts) {
      const end = start + nodes.length
      const isFirst: boolean = !isWritten && head < end
      const isLast: boolean = !isWritten && end === have.length
      if (isFirst || isLast || (start < middleEnd && end > head)) {
        const own = isFirst || isLast ? wantedMiddle : []
        this.#writeText(text, [
          ...nodes.slice(0, Math.max(head - start, 0)),
          ...own,
          ...nodes.slice(Math.max(middleEnd - start, 0)),
        ])
        isWritten ||= isFirst || isLast
      }
      start = end
    }
    if (parts.length === 0 && !isEmptyContent(want, this.#reader))
      this.#writeText(textOfCell(map, cell, this.#clientID), want)
  }
}

/** The first text of a cell, a new one of this client's if it has none. */
export function textOfCell(map: Y.Map<unknown>, { places }: TableCell, clientID: number): Y.Text {
  const [first] = places.flatMap(({ texts }) => texts)
  if (first !== undefined) return first
  const [place] = places
  const text = new Y.Text()
  map.set(`cell:${place?.row ?? ''}:${place?.column ?? ''}:${clientID}`, text)
  return text
}

/** Whether a table is drawn as one cell because its rows and columns make no rectangle. */
function isWithoutGrid(map: Y.Map<unknown>): boolean {
  return readTableGrid(map).rows.every((id) => id === '')
}

/**
 * Deletes what is in a cell's text. Not the text: undo would have to make it anew, and Yjs then does not always put what was
 * in it back in its order.
 */
function isIn(place: Place, rows: readonly string[], columns: readonly string[]): boolean {
  return rows.includes(place.row) && columns.includes(place.column)
}

function extentOf(cell: {
  readonly row: number
  readonly column: number
  readonly rowspan: number
  readonly colspan: number
}): string {
  return [cell.row, cell.column, cell.rowspan, cell.colspan].join(':')
}

function nameOf({ row, column }: Place): string {
  return `${row}:${column}`
}

function setFlag(map: Y.Map<unknown>, key: string, isOn: boolean): void {
  if (isOn && map.get(key) !== true) map.set(key, true)
  else if (!isOn && map.has(key)) map.delete(key)
}

function isEmptyContent(nodes: readonly Node[], { kinds }: TextReader): boolean {
  const [only, ...others] = nodes
  return others.length === 0 && (only === undefined || (only.content.size === 0 && kinds.isDefault(only)))
}

function nodeAt(nodes: readonly Node[], index: number): Node {
  const node = nodes[index]
  if (node === undefined) throw new RangeError(`There is no node ${index}`)
  return node
}

/** A sequence that rises, from its end. */
interface Rise {
  readonly index: number
  readonly before: Rise | null
}

/** The indices of a longest sequence of those given that rises. */
function longestRise(indices: readonly (number | null)[]): Set<number> {
  // Of those of each length, the one that ends lowest.
  const rises: Rise[] = []
  let longest: Rise | null = null
  for (const index of indices) {
    if (index === null) continue
    let [low, high] = [0, rises.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((rises[middle]?.index ?? index) < index) low = middle + 1
      else high = middle
    }
    const rise: Rise = { index, before: rises[low - 1] ?? null }
    if (low === rises.length) longest = rise
    rises[low] = rise
  }
  const found = new Set<number>()
  for (let rise = longest; rise !== null; rise = rise.before) found.add(rise.index)
  return found
}

function randomId(): string {
  return Math.random().toString(36).slice(2, 10)
}
