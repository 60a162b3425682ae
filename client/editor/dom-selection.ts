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
  const { anchor, head } = view.state.selection
  if (view.posAtDOM(anchorNode, anchorOffset) === anchor && view.posAtDOM(focusNode, focusOffset) === head)
    return
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
