import { Plugin } from 'prosemirror-state'
import { Decoration, DecorationSet } from 'prosemirror-view'
import { schema } from '../../document/index.ts'

/** Shows a text in a document that has none; the content's styles draw it, it is no part of the text. */
export function placeholder(text: () => string): Plugin {
  return new Plugin({
    props: {
      decorations({ doc }) {
        const only = doc.childCount === 1 ? doc.firstChild : null
        const isBlank =
          only?.type === schema.nodes.paragraph && only.content.size === 0 && only.attrs['list'] === null
        if (!isBlank || text() === '') return null
        return DecorationSet.create(doc, [
          Decoration.node(0, only.nodeSize, { class: 'codraft-placeholder', 'data-placeholder': text() }),
        ])
      },
    },
  })
}
