import type { Mark, Node, ResolvedPos } from 'prosemirror-model'
import { Selection, type Command, type EditorState } from 'prosemirror-state'
import { schema } from '../../../document/index.ts'
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

/** A stretch of text that a link is on, or, its address empty, shall be on. */
export type LinkTarget = Pick<LinkRange, 'from' | 'to' | 'href'>

/** What an address is for: the selection, and at a caret the link there, or else the word that it is in. */
export function linkTarget(state: EditorState): LinkTarget {
  const { from, to, empty } = state.selection
  const link = linkAt(state)
  if (!empty) return { from, to, href: link?.href ?? '' }
  return link ?? { ...wordAround(state.selection.$from), href: '' }
}

/** Whether the selection, or the link that it is in, can get an address. */
export const canLink: Command = (state) => {
  const { from, to, ranges } = state.selection
  // The one text of several cells is not to be shown for its address.
  return ranges.length === 1 && canHoldLink(state, { from, to })
}

function canHoldLink({ doc }: EditorState, { from, to }: Pick<LinkTarget, 'from' | 'to'>): boolean {
  return from === to ? doc.resolve(from).parent.inlineContent : /[^\n]/.test(doc.textBetween(from, to))
}

/**
 * Makes a text a link to an address as people type it, by default `linkTarget`; where there is no text it writes the
 * address as a link. The caret comes to stand behind the link, and what is typed there is none. False for an address that
 * links must not have.
 */
export function setLink(address: string, target?: Pick<LinkTarget, 'from' | 'to'>): Command {
  return (state, dispatch) => {
    const href = addressFrom(address)
    const { from, to } = target ?? linkTarget(state)
    if (target === undefined && state.selection.ranges.length > 1) return false
    if (href === null || !canHoldLink(state, { from, to })) return false
    if (!dispatch) return true
    const { tr } = state
    const mark = schema.marks.link.create({ href })
    if (from < to) tr.addMark(from, to, mark)
    else {
      const marks = mark.addToSet(state.storedMarks ?? state.doc.resolve(from).marks())
      tr.insert(from, schema.text(address.trim(), marks))
    }
    const end = from < to ? to : from + address.trim().length
    tr.setSelection(Selection.near(tr.doc.resolve(end), -1))
    dispatch(tr.removeStoredMark(schema.marks.link).scrollIntoView())
    return true
  }
}

/** Makes plain text of every link that the selection touches, all of it. */
export const removeLink: Command = (state, dispatch) => {
  const { ranges, empty } = state.selection
  const linked = ranges
    .map(({ $from, $to }) => {
      const first = linkAround($from, empty)
      const last = empty ? first : linkAround($to, false, -1)
      return { from: first?.from ?? $from.pos, to: last?.to ?? $to.pos }
    })
    .filter(({ from, to }) => state.doc.rangeHasMark(from, to, schema.marks.link))
  if (linked.length === 0) return false
  if (!dispatch) return true
  const { tr } = state
  for (const { from, to } of linked) tr.removeMark(from, to, schema.marks.link)
  dispatch(tr)
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

/** The word that a position is in the middle of; else the position alone. */
function wordAround({ parent, parentOffset, pos }: ResolvedPos): {
  readonly from: number
  readonly to: number
} {
  const text = parent.textBetween(0, parent.content.size, null, '\ufffc')
  const before = /[\p{L}\p{M}\p{N}_]+$/u.exec(text.slice(0, parentOffset))?.[0].length ?? 0
  const after = /^[\p{L}\p{M}\p{N}_]+/u.exec(text.slice(parentOffset))?.[0].length ?? 0
  return before > 0 && after > 0 ? { from: pos - before, to: pos + after } : { from: pos, to: pos }
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
