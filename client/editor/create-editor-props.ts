import type { EditorProps } from 'prosemirror-view'
import {
  clipboardParser,
  clipboardSerializer,
  clipboardText,
  sliceFromText,
  withoutStyles,
} from './clipboard/clipboard.ts'
import { ImageView, InlineImageView } from './image-view.ts'
import { ParagraphView } from './paragraph-view.ts'
import { TableView } from './tables/table-view.ts'

/** How the view draws, copies and reads the document, and what it says of itself to assistive technology. */
export function createEditorProps(options: {
  /** The accessible name of the text: "Document". */
  readonly label: () => string
  /** The id of an element that says how to leave the text by keyboard. Default: there is none. */
  readonly hintId?: string
  /** How much of the top of what scrolls is covered, in CSS pixels. Default: nothing. */
  readonly covered?: () => number
}): EditorProps {
  const { label, hintId, covered = () => 0 } = options
  return {
    attributes: () => ({
      class: 'codraft-content',
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-label': label(),
      ...(hintId !== undefined && { 'aria-describedby': hintId }),
      spellcheck: 'true',
    }),
    // How near the caret may come to an edge before the text scrolls, and how far it is then.
    scrollThreshold: belowCovered(0, covered),
    scrollMargin: belowCovered(5, covered),
    nodeViews: {
      paragraph: (node, view, getPos) => new ParagraphView(node, view, getPos),
      table: (node) => new TableView(node),
      image: (node) => new ImageView(node),
      inline_image: (node) => new InlineImageView(node),
    },
    transformPastedHTML: withoutStyles,
    clipboardParser,
    clipboardSerializer,
    clipboardTextSerializer: clipboardText,
    clipboardTextParser: sliceFromText,
  }
}

/** Asked anew for each scrolling: the toolbar wraps. */
function belowCovered(distance: number, covered: () => number) {
  return {
    get top() {
      return covered() + distance
    },
    right: distance,
    bottom: distance,
    left: distance,
  }
}
