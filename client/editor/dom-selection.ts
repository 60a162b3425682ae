import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'

/**
 * Browsers tell of a new selection a moment after they have made it, so a key, or a click on a control, that follows a
 * click in the text at once would still act on the old one. This makes the view read the new one first.
 */
export function readSelection(view: EditorView): void {
  if (view.composing || !view.hasFocus()) return
  const selection = view.dom.ownerDocument.getSelection()
  if (!selection) return
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection
  if (!anchorNode || !focusNode || !view.dom.contains(anchorNode) || !view.dom.contains(focusNode)) return
  const { anchor, head, visible } = view.state.selection
  // What is selected in place of cells, which browsers cannot select, is rounded to the text in one of them.
  const tolerance = visible || selection.isCollapsed ? 0 : 1
  const isAt = (node: Node, offset: number, pos: number) =>
    Math.abs(view.posAtDOM(node, offset) - pos) <= tolerance
  if (isAt(anchorNode, anchorOffset, anchor) && isAt(focusNode, focusOffset, head)) return
  view.dom.ownerDocument.dispatchEvent(new Event('selectionchange'))
}

/** Reads the selection before any key acts on it. To be the first plugin. */
export function selectionBeforeKeys(): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        keydown(view) {
          readSelection(view)
          return false
        },
      },
    },
  })
}
