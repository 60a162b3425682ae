import type { Fragment, Node } from 'prosemirror-model'
import type { HtmlElement } from './html-element.ts'
import { columnWidths } from '../schema/table-grid.ts'
import { spanAttributes } from '../schema/table-nodes.ts'

/** A table as an HTML element, given how blocks are written. The rows of headings at its top are its head. */
export function tableElement(table: Node, htmlOfBlocks: (blocks: Fragment) => HtmlElement[]): HtmlElement {
  const rowElement = (row: Node): HtmlElement => ({
    tag: 'tr',
    attributes: {},
    children: row.children.map((cell) => ({
      tag: isHeading(cell) ? 'th' : 'td',
      attributes: spanAttributes(cell.attrs),
      children: htmlOfBlocks(cell.content),
    })),
  })
  const head = headLength(table)
  const widths = columnWidths(table)
  const parts: [string, readonly HtmlElement[]][] = [
    ['colgroup', widths.some((width) => width > 0) ? widths.map(columnElement) : []],
    ['thead', table.children.slice(0, head).map(rowElement)],
    ['tbody', table.children.slice(head).map(rowElement)],
  ]
  const children = parts.flatMap(([tag, inside]) =>
    inside.length === 0 ? [] : [{ tag, attributes: {}, children: [...inside] }],
  )
  return { tag: 'table', attributes: {}, children }
}

function columnElement(width: number): HtmlElement {
  return { tag: 'col', attributes: width > 0 ? { style: `width: ${width}px` } : {}, children: [] }
}

/** The rows at the top that are all headings, if none of their cells reaches into those below: HTML cuts it there. */
function headLength({ children }: Node): number {
  let length = 0
  while (children[length]?.children.every(isHeading) === true) length++
  const isWhole = children
    .slice(0, length)
    .every((row, i) => row.children.every((cell) => i + Number(cell.attrs['rowspan']) <= length))
  return isWhole ? length : 0
}

function isHeading(cell: Node): boolean {
  return cell.type.name === 'table_header'
}
