import { TextSelection, type Transaction } from 'prosemirror-state'
import type { Anchor } from './binding.ts'

/** Where a selection was, whatever happens to the text. */
export interface AnchoredSelection {
  readonly isNode: boolean
  readonly anchor: Anchor
  readonly head: Anchor
}

/** What a binding has put into a stack item's meta; null if nothing. */
export function anchoredSelection(value: unknown): AnchoredSelection | null {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stack item's meta is untyped; under a binding it has nothing else
  return (value as AnchoredSelection | null | undefined) ?? null
}

/** Selects text only if that is not selected already: an input method may be at work there. */
export function selectText(tr: Transaction, anchor: number, head: number): void {
  const selection = TextSelection.between(tr.doc.resolve(anchor), tr.doc.resolve(head))
  if (!selection.eq(tr.selection)) tr.setSelection(selection)
}
