import type { ResolvedPos } from 'prosemirror-model'
import { Selection, TextSelection, type EditorState } from 'prosemirror-state'
import { cellAround, CellSelection, inSameTable } from 'prosemirror-tables'

/** What a selection covers that begins or ends in a table, but does so outside of it: the table wholly. */
export interface AcrossTable {
  readonly from: number
  readonly to: number
}

/** Null for a selection that crosses no table's border. */
export function acrossTable({ $from, $to }: Selection): AcrossTable | null {
  const [first, last] = [tableDepth($from), tableDepth($to)]
  const from = first > 0 && $from.after(first) <= $to.pos ? $from.before(first) : $from.pos
  const to = last > 0 && $to.before(last) >= $from.pos ? $to.after(last) : $to.pos
  return from === $from.pos && to === $to.pos ? null : { from, to }
}

function tableDepth($pos: ResolvedPos): number {
  for (let depth = $pos.depth; depth > 0; depth--) {
    if ($pos.node(depth).type.spec['tableRole'] === 'table') return depth
  }
  return 0
}

/**
 * A selection of text that goes from cell to cell selects cells, and one that goes over a table's border has all of the
 * table: whatever is then done to it leaves a rectangle. Null if nothing is to be changed. When an end that had all of a
 * table moves back into it, it leaves the table.
 */
export function wholeTablesSelected({ selection, doc }: EditorState, before: EditorState): Selection | null {
  if (!(selection instanceof TextSelection)) return null
  const { $anchor, $head } = selection
  const [anchorCell, headCell] = [cellAround($anchor), cellAround($head)]
  if (anchorCell && headCell && inSameTable(anchorCell, headCell)) {
    return anchorCell.pos === headCell.pos ? null : new CellSelection(anchorCell, headCell)
  }
  if (acrossTable(selection) === null) return null
  const isForward = $anchor.pos < $head.pos
  const anchor = edgeOfTable($anchor, isForward ? -1 : 1)
  let head = edgeOfTable($head, isForward ? 1 : -1)
  if (before.doc === doc && before.selection.head === head && $head.pos !== head) {
    const depth = tableDepth($head)
    const $out = doc.resolve(isForward ? $head.before(depth) : $head.after(depth))
    head = Selection.findFrom($out, isForward ? -1 : 1, true)?.head ?? anchor
  }
  const whole = TextSelection.between(doc.resolve(anchor), doc.resolve(head))
  return whole.eq(selection) ? null : whole
}

/** The first (-1) or last (1) place for a caret in the table that a position is in; else the position. */
function edgeOfTable($pos: ResolvedPos, side: -1 | 1): number {
  const depth = tableDepth($pos)
  if (depth === 0) return $pos.pos
  const $edge = $pos.doc.resolve(side === -1 ? $pos.start(depth) : $pos.end(depth))
  return Selection.findFrom($edge, side === -1 ? 1 : -1, true)?.head ?? $pos.pos
}
