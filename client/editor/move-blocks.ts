import type { Node, NodeRange } from 'prosemirror-model'
import { TextSelection, type Command, type EditorState, type Selection } from 'prosemirror-state'
import { StepMap } from 'prosemirror-transform'
import { schema } from '../../document/index.ts'
import type { OtherSelection } from '../collaboration/other-selections.ts'

/** Where other people are in a document; null while nobody knows. */
export type WhereOthersAre = (state: EditorState) => readonly OtherSelection[] | null

/**
 * Lets the selected blocks change places with the block before or after them, among those of the document or of a table's
 * cell. The selection stays in them.
 *
 * No form of a document can move a block: one of the two sides is deleted and written anew, which loses what others do in
 * it meanwhile. That is the neighbour, unless more people are there than in the selected blocks. If there are equally
 * many, and some, it is the shorter side; and where nobody is, or nobody knows, a table stays as it is.
 */
export function moveBlocks(direction: 'up' | 'down', whereOthersAre: WhereOthersAre): Command {
  return (state, dispatch) => {
    const range = rangeToMove(state.selection)
    if (range === null) return false
    const isUp = direction === 'up'
    const neighbour = range.parent.maybeChild(isUp ? range.startIndex - 1 : range.endIndex)
    if (neighbour === null) return false
    if (!dispatch) return true

    const moved: Stretch = { from: range.start, to: range.end, nodes: nodesOf(range) }
    const size = neighbour.nodeSize
    const beside: Stretch = isUp
      ? { from: moved.from - size, to: moved.from, nodes: [neighbour] }
      : { from: moved.to, to: moved.to + size, nodes: [neighbour] }
    const others = whereOthersAre(state)
    const [stays, goes] = isNeighbourWritten(moved, beside, others) ? [moved, beside] : [beside, moved]

    const { tr } = state
    tr.delete(goes.from, goes.to)
    tr.insert(tr.mapping.map(goes.from < stays.from ? stays.to : stays.from), goes.nodes)
    // Steps carry a selection along only in what stays.
    tr.setSelection(within(state.selection, range).map(tr.doc, StepMap.offset(isUp ? -size : size)))
    dispatch(tr.setStoredMarks(state.storedMarks).scrollIntoView())
    return true
  }
}

/** Blocks beside each other, between two positions. */
interface Stretch {
  readonly from: number
  readonly to: number
  readonly nodes: readonly Node[]
}

/**
 * Null if the selection is in no block. Where it ends at the very start of a text behind another, it has nothing of that
 * block.
 */
function rangeToMove({ $from, $to }: Selection): NodeRange | null {
  const { doc, parent, parentOffset } = $to
  const isAtStart = parent.isTextblock && parentOffset === 0 && parent.content.size > 0
  const $before = isAtStart && $from.pos < $to.before() ? doc.resolve($to.before()) : null
  const $end = $before?.nodeBefore?.isTextblock ? $before : $to
  return $from.blockRange($end, ({ type }) => type.contentMatch.matchType(schema.nodes.paragraph) !== null)
}

/** The part of a selection that is in these blocks. */
function within(selection: Selection, { start, end }: NodeRange): Selection {
  if (selection.from >= start && selection.to <= end) return selection
  const { doc } = selection.$from
  const [anchor, head] = [selection.anchor, selection.head].map((at) => Math.min(Math.max(at, start), end))
  return TextSelection.between(doc.resolve(anchor ?? start), doc.resolve(head ?? end))
}

function nodesOf({ parent, startIndex, endIndex }: NodeRange): Node[] {
  return parent.children.slice(startIndex, endIndex)
}

function isNeighbourWritten(
  moved: Stretch,
  neighbour: Stretch,
  others: readonly OtherSelection[] | null,
): boolean {
  const [here, there] = [countIn(moved, others ?? []), countIn(neighbour, others ?? [])]
  if (here !== there) return there < here
  if (here > 0) return sizeOf(neighbour) <= sizeOf(moved)
  return !hasTable(neighbour) || hasTable(moved)
}

/** Of somebody in a table, only the place before the table is known. */
function countIn({ from, to }: Stretch, others: readonly OtherSelection[]): number {
  return others.filter((other) => other.from < to && other.to >= from).length
}

function sizeOf({ from, to }: Stretch): number {
  return to - from
}

function hasTable({ nodes }: Stretch): boolean {
  return nodes.some((node) => !node.isTextblock && !node.isLeaf)
}
