import { GapCursor } from 'prosemirror-gapcursor'
import { keymap } from 'prosemirror-keymap'
import { Selection, type Command, type Plugin } from 'prosemirror-state'

/**
 * The arrow keys where the caret is between two blocks: to what comes next, and nowhere at the ends of the document. The
 * browsers' own carets are at no place of the text there, and would leave it or go back.
 */
export function gapKeys(): Plugin {
  return keymap({
    ArrowUp: leaveGap(-1),
    ArrowLeft: leaveGap(-1),
    ArrowDown: leaveGap(1),
    ArrowRight: leaveGap(1),
  })
}

function leaveGap(direction: -1 | 1): Command {
  return ({ selection, tr }, dispatch) => {
    if (!(selection instanceof GapCursor)) return false
    const next = Selection.findFrom(selection.$head, direction)
    if (next) dispatch?.(tr.setSelection(next).scrollIntoView())
    return true
  }
}
