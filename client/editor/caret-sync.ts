import { Plugin } from 'prosemirror-state'

/**
 * Browsers tell of a moved caret some time after it has moved. Without this, a key pressed quickly after Home or an arrow
 * acts where the caret was.
 */
export function caretSync(): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        keydown(view) {
          // The view then reads the selection at once; where it has not moved, that does nothing.
          if (!view.composing) view.dom.ownerDocument.dispatchEvent(new Event('selectionchange'))
          return false
        },
      },
    },
  })
}
