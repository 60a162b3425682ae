import type { Node } from 'prosemirror-model'
import { NodeSelection, type Command, type EditorState } from 'prosemirror-state'
import { safeImageSrc, schema } from '../../document/index.ts'
import { insertBlock } from './insert-block.ts'
import { addressFrom } from './links/link-address.ts'

/** An image in the document. */
interface PlacedImage {
  /** The position before it. */
  readonly pos: number
  readonly node: Node
}

/** The image that is selected, or in whose caption the selection is; null if there is none. */
export function imageAt({ selection }: EditorState): PlacedImage | null {
  if (selection instanceof NodeSelection) {
    return isImage(selection.node) ? { pos: selection.from, node: selection.node } : null
  }
  const { $from, $to } = selection
  if (!$from.sameParent($to) || !isImage($from.parent)) return null
  return { pos: $from.before(), node: $from.parent }
}

/** The address that somebody means who types this as an image's; null if images cannot be loaded from there. */
export function imageAddressFrom(typed: string): string | null {
  return safeImageSrc(addressFrom(typed))
}

/**
 * Puts an image at the selection, or gives the one that is selected another address or alternative text. False for an
 * address that images must not have.
 */
export function setImage(address: string, alternative: string): Command {
  return (state, dispatch) => {
    const src = imageAddressFrom(address)
    if (src === null) return false
    const alt = alternative.trim() === '' ? null : alternative.trim()
    const image = imageAt(state)
    if (image === null) return insertBlock(() => schema.node('image', { src, alt }))(state, dispatch)
    if (!dispatch) return true
    const { tr } = state
    const { pos, node } = image
    if (node.isInline) {
      // Objects in a line never change: it is another one.
      tr.replaceWith(pos, pos + 1, node.type.create({ ...node.attrs, src, alt }, null, node.marks))
      tr.setSelection(NodeSelection.create(tr.doc, pos))
    } else {
      for (const [name, value] of Object.entries({ src, alt })) {
        if (node.attrs[name] !== value) tr.setNodeAttribute(pos, name, value)
      }
    }
    dispatch(tr.scrollIntoView())
    return true
  }
}

function isImage({ type }: Node): boolean {
  return type === schema.nodes.image || type === schema.nodes.inline_image
}
