import { keymap } from 'prosemirror-keymap'
import { Selection, TextSelection, type Command, type Plugin } from 'prosemirror-state'
import { isTable } from './sound-table.ts'

/**
 * The keys that put the caret into a table: left and right from the text beside it, and those to the document's start and
 * end where a table is there. By themselves, browsers put it beside the table's element, where it is no place in the text.
 */
export function goIntoTable(): Plugin {
  return keymap({
    ArrowLeft: sideways('left'),
    ArrowRight: sideways('right'),
    'Mod-Home': toEdge(-1, false),
    'Mod-End': toEdge(1, false),
    'Shift-Mod-Home': toEdge(-1, true),
    'Shift-Mod-End': toEdge(1, true),
    // The same on a Mac; elsewhere nobody has these.
    'Meta-ArrowUp': toEdge(-1, false),
    'Meta-ArrowDown': toEdge(1, false),
    'Shift-Meta-ArrowUp': toEdge(-1, true),
    'Shift-Meta-ArrowDown': toEdge(1, true),
  })
}

/** From the edge of a text into the table beside it. */
function sideways(key: 'left' | 'right'): Command {
  return ({ selection, doc, tr }, dispatch, view) => {
    const $caret = selection instanceof TextSelection ? selection.$cursor : null
    if (!$caret || !view) return false
    const direction = (key === 'right') === isLeftToRight(view.domAtPos($caret.pos).node) ? 1 : -1
    if ($caret.parentOffset !== (direction < 0 ? 0 : $caret.parent.content.size)) return false
    const $beside = doc.resolve(direction < 0 ? $caret.before() : $caret.after())
    if (!isTable(direction < 0 ? $beside.nodeBefore : $beside.nodeAfter)) return false
    dispatch?.(tr.setSelection(Selection.near($beside, direction)).scrollIntoView())
    return true
  }
}

/** To the start (-1) or end of a document that has a table there. */
function toEdge(direction: -1 | 1, isExtending: boolean): Command {
  return ({ selection, doc, tr }, dispatch) => {
    if (!isTable(direction < 0 ? doc.firstChild : doc.lastChild)) return false
    const edge = direction < 0 ? Selection.atStart(doc) : Selection.atEnd(doc)
    tr.setSelection(isExtending ? TextSelection.between(selection.$anchor, edge.$head, direction) : edge)
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

function isLeftToRight(node: Node): boolean {
  const element = node instanceof Element ? node : node.parentElement
  return element === null || getComputedStyle(element).direction === 'ltr'
}
