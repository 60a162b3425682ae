import type { EditorState } from 'prosemirror-state'
import type { Binding } from './binding.ts'
import type { Presence } from './presence.ts'

/** What somebody else has selected, in positions of the editor's document; a caret where both are the same. */
export interface OtherSelection {
  readonly from: number
  readonly to: number
}

/**
 * Where all the others are, as far as their presence tells: those who have never been in the text are nowhere. The state
 * must be the view's current one.
 */
export function otherSelections(presence: Presence, binding: Binding, state: EditorState): OtherSelection[] {
  return presence.people.flatMap(({ isSelf, selection }) => {
    if (isSelf || selection === null) return []
    const anchor = binding.positionOf(selection.anchor, state)
    const head = binding.positionOf(selection.head, state)
    if (anchor === null || head === null) return []
    return [{ from: Math.min(anchor, head), to: Math.max(anchor, head) }]
  })
}
