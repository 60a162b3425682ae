import type { Node } from 'prosemirror-model'
import { NodeSelection, TextSelection, type Command, type Transaction } from 'prosemirror-state'
import { schema } from '../../document/index.ts'
import { deleteSelected } from './delete-selected.ts'

/**
 * Puts a block where the caret is, and the caret behind it: between the two halves of a paragraph, behind code and
 * captions, which stay whole, and behind a selected image or rule. Behind it is always a text to write on in.
 */
export function insertBlock(create: () => Node): Command {
  return (state, dispatch) => {
    const { tr } = state
    if (!(tr.selection instanceof NodeSelection)) deleteSelected(tr)
    const block = create()
    const place = placeFor(tr)
    const $place = tr.doc.resolve(place)
    const index = $place.index()
    if (!$place.parent.canReplaceWith(index, index, block.type)) return false
    if (!dispatch) return true
    tr.insert(place, block)
    const end = place + block.nodeSize
    if (tr.doc.resolve(end).nodeAfter?.type !== schema.nodes.paragraph) {
      tr.insert(end, schema.nodes.paragraph.create())
    }
    dispatch(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView())
    return true
  }
}

/** Between which blocks it goes; a paragraph is split there. */
function placeFor(tr: Transaction): number {
  const { $from, to } = tr.selection
  const { parent, parentOffset } = $from
  if (!parent.isTextblock) return to
  if (parent.type !== schema.nodes.paragraph) return $from.after()
  if (parentOffset === 0) return $from.before()
  if (parentOffset === parent.content.size) return $from.after()
  tr.split($from.pos, 1, [{ type: parent.type, attrs: { ...parent.attrs, checked: false } }])
  return $from.pos + 1
}
