import { NodeSelection, Selection, TextSelection, type Transaction } from 'prosemirror-state'
import type { Anchor } from './binding.ts'
import { isRecord } from './record.ts'

/** What a selection is of: text, a node, or a rectangle of a table's cells (prosemirror-tables). */
type SelectionKind = 'text' | 'node' | 'cell'

/** Where a selection was, whatever happens to the text. */
export interface AnchoredSelection {
  readonly kind: SelectionKind
  readonly anchor: Anchor
  readonly head: Anchor
}

/** What a binding has put into a stack item's meta; null if nothing. */
export function anchoredSelection(value: unknown): AnchoredSelection | null {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stack item's meta is untyped; under a binding it has nothing else
  return (value as AnchoredSelection | null | undefined) ?? null
}

/** Anchors a selection. Null for other ones, such as of everything: they hold whatever they hold. */
export function anchorSelection(
  selection: Selection,
  anchorAt: (position: number, assoc: -1 | 0) => Anchor,
): AnchoredSelection | null {
  const ends = endsOf(selection)
  if (ends === null) return null
  const { kind, anchor, head } = ends
  // The first of two ends holds on to what is behind it, so that the selection does not grow.
  return {
    kind,
    anchor: anchorAt(anchor, kind === 'cell' || anchor < head ? 0 : -1),
    head: anchorAt(head, kind === 'cell' || head < anchor ? 0 : -1),
  }
}

/** Selects again what was selected; nothing if it is gone. */
export function selectAnchored(
  tr: Transaction,
  selection: AnchoredSelection,
  positionOf: (anchor: Anchor) => number | null,
): void {
  const [anchor, head] = [positionOf(selection.anchor), positionOf(selection.head)]
  const { size } = tr.doc.content
  if (anchor === null || head === null || anchor > size || head > size) return
  if (selection.kind === 'text') selectText(tr, anchor, head)
  else if (selection.kind === 'node') selectNode(tr, anchor)
  else selectCells(tr, anchor, head)
}

/** Selects text only if that is not selected already: an input method may be at work there. */
export function selectText(tr: Transaction, anchor: number, head: number): void {
  const selection = TextSelection.between(tr.doc.resolve(anchor), tr.doc.resolve(head))
  if (!selection.eq(tr.selection)) tr.setSelection(selection)
}

function endsOf(
  selection: Selection,
): { readonly kind: SelectionKind; readonly anchor: number; readonly head: number } | null {
  const { anchor, head } = selection
  if (selection instanceof TextSelection) return { kind: 'text', anchor, head }
  if (selection instanceof NodeSelection) return { kind: 'node', anchor, head }
  // Known by its JSON, which says in front of which cells it begins and ends: not every editor has prosemirror-tables.
  const json: unknown = selection.toJSON()
  const { type, anchor: first, head: last } = isRecord(json) ? json : {}
  const isCells = type === 'cell' && typeof first === 'number' && typeof last === 'number'
  return isCells ? { kind: 'cell', anchor: first, head: last } : null
}

function selectNode(tr: Transaction, position: number): void {
  const node = tr.doc.nodeAt(position)
  if (node !== null && NodeSelection.isSelectable(node))
    tr.setSelection(NodeSelection.create(tr.doc, position))
}

function selectCells(tr: Transaction, anchor: number, head: number): void {
  const [$anchor, $head] = [tr.doc.resolve(anchor), tr.doc.resolve(head)]
  const areCells = [$anchor, $head].every(({ parent, nodeAfter }) => {
    return parent.type.spec['tableRole'] === 'row' && nodeAfter !== null
  })
  if (!areCells || $anchor.node(-1) !== $head.node(-1)) return
  const selection = Selection.fromJSON(tr.doc, { type: 'cell', anchor, head })
  if (!selection.eq(tr.selection)) tr.setSelection(selection)
}
