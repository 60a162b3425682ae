import { Schema } from 'prosemirror-model'

/** A small schema with what bindings find hard: attributes, nesting, an atom, marks that exclude and that overlap. */
export const testSchema = new Schema({
  nodes: {
    doc: { content: 'block*' },
    paragraph: {
      group: 'block',
      content: 'inline*',
      attrs: { align: { default: null, validate: 'string|null' } },
      toDOM: () => ['p', 0],
    },
    heading: {
      group: 'block',
      content: 'inline*',
      attrs: { level: { default: 1, validate: 'number' } },
      toDOM: (node) => [`h${String(node.attrs['level'])}`, 0],
    },
    quote: { group: 'block', content: 'block+', toDOM: () => ['blockquote', 0] },
    rule: { group: 'block', toDOM: () => ['hr'] },
    image: { group: 'inline', inline: true, attrs: { src: { default: null } }, toDOM: () => ['img'] },
    text: { group: 'inline' },
  },
  marks: {
    link: { attrs: { href: {} }, toDOM: () => ['a', 0] },
    strong: { toDOM: () => ['strong', 0] },
    em: { toDOM: () => ['em', 0] },
    code: { excludes: '_', toDOM: () => ['code', 0] },
    comment: { attrs: { id: {} }, excludes: '', toDOM: () => ['span', 0] },
  },
})
