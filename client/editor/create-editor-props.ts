import type { EditorProps } from 'prosemirror-view'
import { clipboardParser, clipboardSerializer, clipboardText, sliceFromText } from './clipboard.ts'
import { ParagraphView } from './paragraph-view.ts'

/** How the view draws, copies and reads the document, and what it says of itself to assistive technology. */
export function createEditorProps(options: {
  /** The accessible name of the text: "Document". */
  readonly label: string
}): EditorProps {
  return {
    attributes: {
      class: 'codraft-content',
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-label': options.label,
      spellcheck: 'true',
    },
    nodeViews: { paragraph: (node, view, getPos) => new ParagraphView(node, view, getPos) },
    clipboardParser,
    clipboardSerializer,
    clipboardTextSerializer: clipboardText,
    clipboardTextParser: sliceFromText,
  }
}
