import type { Mark, Node, ResolvedPos } from 'prosemirror-model'
import type { Command, EditorState } from 'prosemirror-state'
import { schema } from '../../document/index.ts'
import { addressFrom } from './link-address.ts'

/** A link in the document: its address, where it begins and ends, and what it is called. */
export interface LinkRange {
  readonly href: string
  readonly from: number
  readonly to: number
  readonly text: string
}

/** The link at the caret, also just before or after it, or at the start of the selection; null if there is none. */
export function linkAt(state: EditorState): LinkRange | null {
  const { $from, empty } = state.selection
  return linkAround($from, empty)
}

/** Whether the selection, or the link that it is in, can get an address. */
export const canLink: Command = (state) => {
  const { $from, from, to, empty } = state.selection
  return empty ? $from.parent.inlineContent : /[^\n]/.test(state.doc.textBetween(from, to))
}

/**
 * Makes the selection a link to an address as people type it; at a caret it changes the link there, and elsewhere
 * writes the address as a link. False for an address that links must not have.
 */
export function setLink(address: string): Command {
  return (state, dispatch) => {
    const href = addressFrom(address)
    if (href === null || !canLink(state)) return false
    if (!dispatch) return true
    const { tr, selection } = state
    const mark = schema.marks.link.create({ href })
    const existing = linkAt(state)
    if (!selection.empty) tr.addMark(selection.from, selection.to, mark)
    else if (existing) tr.addMark(existing.from, existing.to, mark)
    else {
      const marks = mark.addToSet(state.storedMarks ?? selection.$from.marks())
      tr.insert(selection.from, schema.text(address.trim(), marks))
    }
    dispatch(tr.removeStoredMark(schema.marks.link).scrollIntoView())
    return true
  }
}

/** Makes plain text of every link that the selection touches, all of it. */
export const removeLink: Command = (state, dispatch) => {
  const { $from, $to, empty } = state.selection
  const first = linkAround($from, empty)
  const last = empty ? first : linkAround($to, false, -1)
  const from = first?.from ?? $from.pos
  const to = last?.to ?? $to.pos
  if (!state.doc.rangeHasMark(from, to, schema.marks.link)) return false
  dispatch?.(state.tr.removeMark(from, to, schema.marks.link))
  return true
}

/** The link that the text on one side of a position belongs to (1 is after it), or else, at a caret, on the other. */
function linkAround($pos: ResolvedPos, eitherSide: boolean, side: 1 | -1 = 1): LinkRange | null {
  const sides = eitherSide ? [side, -side] : [side]
  for (const each of sides) {
    const mark = linkOf(each === 1 ? $pos.nodeAfter : $pos.nodeBefore)
    if (mark) return extentOfLink($pos, mark)
  }
  return null
}

function extentOfLink($pos: ResolvedPos, mark: Mark): LinkRange {
  const { parent } = $pos
  let from = $pos.index()
  while (from > 0 && mark.isInSet(parent.child(from - 1).marks)) from--
  let to = $pos.index()
  while (to < parent.childCount && mark.isInSet(parent.child(to).marks)) to++
  const [start, end] = [$pos.posAtIndex(from), $pos.posAtIndex(to)]
  const href: unknown = mark.attrs['href']
  return {
    href: typeof href === 'string' ? href : '',
    from: start,
    to: end,
    text: parent.textBetween(start - $pos.start(), end - $pos.start()),
  }
}

function linkOf(node: Node | null): Mark | undefined {
  return node ? schema.marks.link.isInSet(node.marks) : undefined
}
