import type { Node } from 'prosemirror-model'
import type { NodeView, ViewMutationRecord } from 'prosemirror-view'
import { columnWidths } from '../../../document/index.ts'

/** The least width of a column that has none of its own, in CSS pixels: where there is less room, the table scrolls. */
const MIN_COLUMN_WIDTH = 80

/** Draws a table with the widths of its columns, in an element in which it scrolls if it is too wide. */
export class TableView implements NodeView {
  readonly dom: HTMLElement
  readonly contentDOM: HTMLElement
  readonly #table: HTMLTableElement
  readonly #columns: HTMLElement
  #node: Node

  constructor(node: Node) {
    this.#node = node
    this.dom = document.createElement('div')
    this.dom.className = 'codraft-table'
    this.#table = document.createElement('table')
    this.#columns = document.createElement('colgroup')
    this.contentDOM = document.createElement('tbody')
    // The columns stand behind the rows: the view takes a place in the DOM as behind the table if it is behind the content
    // among its siblings.
    this.#table.append(this.contentDOM, this.#columns)
    this.dom.append(this.#table)
    this.#layOut()
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false
    const isSame = node === this.#node
    this.#node = node
    if (!isSame) this.#layOut()
    return true
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    // What is around the rows is only ever written here.
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target)
  }

  #layOut(): void {
    const widths = columnWidths(this.#node)
    while (this.#columns.childElementCount > widths.length) this.#columns.lastElementChild?.remove()
    while (this.#columns.childElementCount < widths.length) {
      this.#columns.append(document.createElement('col'))
    }
    for (const [i, column] of [...this.#columns.children].entries()) {
      const width = widths[i] ?? 0
      if (column instanceof HTMLElement) column.style.width = width > 0 ? `${width}px` : ''
    }
    const least = widths.reduce((sum, width) => sum + (width > 0 ? width : MIN_COLUMN_WIDTH), 0)
    const isFixed = widths.length > 0 && widths.every((width) => width > 0)
    this.#table.style.width = isFixed ? `${least}px` : ''
    this.#table.style.minWidth = isFixed ? '' : `${least}px`
  }
}
